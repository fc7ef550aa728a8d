import type { Manifest, Part } from "../../../../ir/manifest.ts";
import type { Gateway, GatewayMember } from "../../../../ir/plan.ts";
import type { Platform } from "../../../../ir/project.ts";
import { formatCidr, formatInterfaceAddress, toHostCidr } from "../../../../net/cidr.ts";
import { buildManifest, formatIntentPath, type ManifestHead, SYNC_WAVES } from "../metadata.ts";
import type { GatewayPodInterfaces } from "./gateway-pod-interfaces.ts";
import { buildKeepalived } from "./keepalived.ts";
import { buildRuleset } from "./nft.ts";
import { findOuterFlow } from "./outer-flow.ts";
import { buildTunnelFiles } from "./tunnel-files.ts";

/** An object in the gateway's file. */
export function buildGatewayObject(
  gateway: Gateway,
  what: { readonly apiVersion: string; readonly kind: string; readonly template: string },
  head: Omit<ManifestHead, "namespace">,
  data: Readonly<Record<string, unknown>>,
  parts?: Manifest["parts"],
): Manifest {
  const file = formatIntentPath(gateway.role, gateway.intent);
  return buildManifest({ ...what, file }, { ...head, namespace: gateway.namespace }, gateway, data, parts);
}

/** Labels by which policies and budgets find the pods of a gateway. */
export function buildPodLabels(gateway: Gateway): Readonly<Record<string, string>> {
  return { "plumbline.dev/gateway": gateway.name };
}

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap", template: "kubernetes/config-map" };

/** The ruleset, apart from the rest: a change of it is loaded in place, without a pod being rolled. */
export function buildRulesetConfigMap(gateway: Gateway): Manifest {
  const parts = { "rules.nft": { template: "gateway/rules.nft", data: buildRuleset(gateway) } };
  return buildGatewayObject(gateway, CONFIG_MAP, { name: `${gateway.name}-rules`, wave: SYNC_WAVES.policy }, {}, parts);
}

/** Scripts and configurations; a change of them rolls the pods. */
export function buildGatewayConfigMap(gateway: Gateway, legs: Pick<GatewayPodInterfaces, "bare" | "routes">): Manifest {
  return buildGatewayObject(
    gateway,
    CONFIG_MAP,
    { name: `${gateway.name}-gateway`, wave: SYNC_WAVES.policy },
    {},
    buildGatewayParts(gateway, legs),
  );
}

export function buildGatewayParts(
  gateway: Gateway,
  { bare, routes = [] }: Pick<GatewayPodInterfaces, "bare" | "routes">,
): Readonly<Record<string, Part>> {
  const { tunnel, standby } = gateway;
  const addresses = gateway.legs.flatMap((leg) =>
    leg.virtualAddresses.map((one) => ({ address: formatInterfaceAddress(one), interface: leg.interface })),
  );
  const data = { addresses, own: bare.length > 0 ? [OWN_ADDRESSES] : [] };
  const script = `gateway/${tunnel ? "vpn" : "firewall"}-${standby ? "pair" : "single"}.sh`;
  const parts: Record<string, Part> = { "start.sh": { template: script, data } };
  if (standby)
    for (const member of gateway.members)
      parts[`${member.name}.conf`] = { template: "gateway/keepalived.conf", data: buildKeepalived(gateway, member) };
  if (bare.length > 0)
    for (const member of gateway.members)
      parts[`${member.name}.${OWN_ADDRESSES}`] = {
        template: "gateway/addresses.sh",
        data: { addresses: ownAddresses(gateway, member, bare), routes },
      };
  return { ...parts, ...(tunnel && buildTunnelFiles(tunnel)) };
}

const OWN_ADDRESSES = "addresses.sh";

/** Addresses that nothing gives a member's interfaces from outside. */
function ownAddresses(gateway: Gateway, { index }: GatewayMember, bare: readonly string[]) {
  return gateway.legs
    .filter((leg) => bare.includes(leg.interface))
    .flatMap((leg) =>
      (leg.addresses[index - 1] ?? []).map((one) => ({
        address: formatInterfaceAddress(one),
        interface: leg.interface,
        // Else keepalived would find it missing for a second, and fail.
        flags: one.address.family === 6 ? ["nodad"] : [],
      })),
    );
}

/** eth0 of a firewall carries nothing; that of a VPN gateway only the encrypted flow. */
export function buildGatewayPolicy(gateway: Gateway, annotations: GatewayPodInterfaces["onPolicy"] = {}): Manifest {
  const outer = gateway.tunnel && findOuterFlow(gateway.tunnel);
  const spec = {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ...(outer && {
      egress: [
        {
          to: [{ ipBlock: { cidr: formatCidr(toHostCidr(outer.address)) } }],
          ports: outer.ports.map((port) => ({ protocol: "UDP", port })),
        },
      ],
    }),
  };
  const what = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", template: "kubernetes/network-policy" };
  const head = { name: `${gateway.name}-eth0`, wave: SYNC_WAVES.policy, annotations };
  return buildGatewayObject(gateway, what, head, { spec });
}

/** A drain may take one member at a time. */
export function buildDisruptionBudget(gateway: Gateway): readonly Manifest[] {
  if (!gateway.standby) return [];
  const what = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", template: "kubernetes/object" };
  const body = { spec: { minAvailable: 1, selector: { matchLabels: buildPodLabels(gateway) } } };
  return [buildGatewayObject(gateway, what, { name: gateway.name, wave: SYNC_WAVES.policy }, { body })];
}

/** An identity without rights of its own; on OpenShift one that may use the constraints that the platform names. */
export function buildServiceAccount(gateway: Gateway, platform: Platform): readonly Manifest[] {
  const account = buildGatewayObject(
    gateway,
    { apiVersion: "v1", kind: "ServiceAccount", template: "kubernetes/object" },
    { name: gateway.name, wave: SYNC_WAVES.policy },
    { body: { automountServiceAccountToken: false } },
  );
  const constraints = platform.securityContextConstraints;
  if (constraints === undefined) return [account];
  const body = {
    roleRef: {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: `system:openshift:scc:${constraints}`,
    },
    subjects: [{ kind: "ServiceAccount", name: gateway.name, namespace: gateway.namespace }],
  };
  const what = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", template: "kubernetes/object" };
  return [
    account,
    buildGatewayObject(gateway, what, { name: `${gateway.name}-scc`, wave: SYNC_WAVES.policy }, { body }),
  ];
}

export function buildMemberLabels(gateway: Gateway, member: GatewayMember): Readonly<Record<string, string>> {
  return { ...buildPodLabels(gateway), "plumbline.dev/member": String(member.index) };
}
