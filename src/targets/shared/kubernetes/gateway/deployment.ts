import type { LabelSelector } from "../../../../ir/intent.ts";
import type { Manifest } from "../../../../ir/manifest.ts";
import type { Gateway, GatewayMember } from "../../../../ir/plan.ts";
import { hashContent } from "../../../../net/hash.ts";
import { SYNC_WAVES } from "../metadata.ts";
import { buildGatewayObject, buildGatewayParts, buildMemberLabels, buildPodLabels } from "./gateway-objects.ts";
import type { GatewayPodInterfaces } from "./gateway-pod-interfaces.ts";

/**
 * One Deployment per member: replicas of one would share their addresses, and a rolling update would run an address
 * twice. Members are in different waves, so that a change never takes both down.
 */
export function buildMemberDeployment(gateway: Gateway, member: GatewayMember, legs: GatewayPodInterfaces): Manifest {
  const labels = buildMemberLabels(gateway, member);
  const contents = [buildGatewayParts(gateway, legs), legs.annotations, ...legs.claims, ...legs.says];
  // What a script does not do is no part of it: pods are not rolled for a line that they do not have.
  const hash = hashContent(
    JSON.stringify(contents, (key, value) => (isUnused(key, value) ? undefined : value)),
    16,
  );
  return buildGatewayObject(
    gateway,
    { apiVersion: "apps/v1", kind: "Deployment", template: "kubernetes/deployment" },
    { name: member.name, wave: SYNC_WAVES.gateway + member.index - 1, labels },
    {
      labels,
      annotations: { ...legs.annotations, "plumbline.dev/config-hash": hash },
      pod: podOf(gateway, member, legs),
    },
  );
}

function isUnused(key: string, value: unknown): boolean {
  return key === "own" && Array.isArray(value) && value.length === 0;
}

function podOf(gateway: Gateway, member: GatewayMember, legs: GatewayPodInterfaces): Readonly<Record<string, unknown>> {
  const { pod } = gateway;
  const nodeSelector = { ...legs.nodeSelector, ...gateway.nodes?.matchLabels, ...pod.nodeSelector };
  return {
    serviceAccountName: gateway.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    affinity: affinityOf(gateway),
    ...(pod.tolerations.length > 0 && { tolerations: pod.tolerations }),
    ...(pod.imagePullSecrets.length > 0 && { imagePullSecrets: pod.imagePullSecrets.map((name) => ({ name })) }),
    ...(pod.priorityClassName !== undefined && { priorityClassName: pod.priorityClassName }),
    terminationGracePeriodSeconds: 10,
    ...(legs.claims.length > 0 && {
      resourceClaims: legs.claims.map(({ name, template }) => ({ name, resourceClaimTemplateName: template })),
    }),
    containers: [containerOf(gateway, member, legs)],
    volumes: volumesOf(gateway),
  };
}

function affinityOf(gateway: Gateway): Readonly<Record<string, unknown>> {
  const expressions = gateway.nodes?.matchExpressions ?? [];
  return {
    ...(expressions.length > 0 && { nodeAffinity: nodesMatching(expressions) }),
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: gateway.pod.topologyKey, labelSelector: { matchLabels: buildPodLabels(gateway) } },
      ],
    },
  };
}

function nodesMatching(expressions: NonNullable<LabelSelector["matchExpressions"]>) {
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: expressions }] } };
}

function containerOf(
  gateway: Gateway,
  member: GatewayMember,
  legs: GatewayPodInterfaces,
): Readonly<Record<string, unknown>> {
  const devices = Object.fromEntries(Object.entries(legs.devices).map(([name, count]) => [name, String(count)]));
  const given = (gateway.pod.resources ?? {}) as { requests?: object; limits?: object };
  const claims = legs.claims.filter((one) => one.inContainer).map(({ name }) => ({ name }));
  const requested = Object.keys(devices).length > 0;
  const resources = {
    ...given,
    ...(requested && { requests: { ...given.requests, ...devices }, limits: { ...given.limits, ...devices } }),
    ...(claims.length > 0 && { claims }),
  };
  return {
    name: "gateway",
    image: gateway.image,
    command: ["/bin/sh", "/etc/plumbline/gateway/start.sh"],
    env: [{ name: "MEMBER", value: member.name }],
    ...(Object.keys(resources).length > 0 && { resources }),
    securityContext: {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: capabilitiesOf(gateway) },
    },
    readinessProbe: { exec: { command: readiness(gateway) }, periodSeconds: 5 },
    volumeMounts: mountsOf(gateway),
  };
}

/** keepalived sends VRRP by a raw socket and sets the groups of the scripts that it runs; IKE has a port below 1024. */
function capabilitiesOf({ standby, tunnel }: Gateway): readonly string[] {
  return [
    "NET_ADMIN",
    ...(standby ? ["NET_RAW"] : []),
    ...(standby && tunnel ? ["SETGID"] : []),
    ...(tunnel?.type === "ipsec" ? ["NET_BIND_SERVICE"] : []),
  ];
}

/** Ready = the rules are loaded; for a tunnel also a handshake no older than WireGuard's own limit, or keys in force. */
function readiness(gateway: Gateway): readonly string[] {
  const { tunnel, standby } = gateway;
  const rules = "nft list chain inet plumbline forward >/dev/null";
  const daemon = 'kill -0 "$(cat /run/keepalived.pid)"';
  if (tunnel?.type === "ipsec" && !standby)
    return ["/bin/sh", "-c", `${rules} && sh /etc/plumbline/gateway/tunnel.sh ready`];
  if (tunnel?.type === "wireguard" && !standby) {
    const age = `$(( $(date +%s) - $(wg show ${tunnel.interface} latest-handshakes | cut -f2) ))`;
    return ["/bin/sh", "-c", `${rules} && [ "${age}" -lt 180 ]`];
  }
  return ["/bin/sh", "-c", standby ? `${rules} && ${daemon}` : rules];
}

function secretsOf(
  gateway: Gateway,
): readonly { readonly name: string; readonly secret: string; readonly path: string }[] {
  const { tunnel } = gateway;
  if (!tunnel) return [];
  if (tunnel.type === "ipsec")
    return [{ name: "key", secret: tunnel.credential.from.secret, path: "/run/secrets/plumbline" }];
  const psk = tunnel.presharedKeyFrom;
  return [
    { name: "key", secret: tunnel.privateKeyFrom.secret, path: "/run/secrets/plumbline" },
    ...(psk ? [{ name: "psk", secret: psk.secret, path: "/run/secrets/plumbline-psk" }] : []),
  ];
}

function mountsOf(gateway: Gateway): readonly unknown[] {
  return [
    { name: "rules", mountPath: "/etc/plumbline/rules", readOnly: true },
    { name: "gateway", mountPath: "/etc/plumbline/gateway", readOnly: true },
    { name: "run", mountPath: "/run" },
    ...secretsOf(gateway).map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
  ];
}

function volumesOf(gateway: Gateway): readonly unknown[] {
  return [
    { name: "rules", configMap: { name: `${gateway.name}-rules`, defaultMode: 0o400 } },
    { name: "gateway", configMap: { name: `${gateway.name}-gateway`, defaultMode: 0o400 } },
    // A pre-shared key is written there for the daemon: it must not reach a disk.
    { name: "run", emptyDir: gateway.tunnel?.type === "ipsec" ? { medium: "Memory" } : {} },
    ...secretsOf(gateway).map(({ name, secret }) => ({ name, secret: { secretName: secret, defaultMode: 0o400 } })),
  ];
}
