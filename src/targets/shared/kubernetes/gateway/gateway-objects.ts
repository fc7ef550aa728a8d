import type { Manifest, Part } from "../../../../ir/manifest.ts";
import type { Gateway, GatewayMember } from "../../../../ir/plan.ts";
import type { Platform } from "../../../../ir/project.ts";
import { formatCidr, formatInterfaceAddress, hostCidr } from "../../../../net/cidr.ts";
import { fileOf, type Head, manifest, waves } from "../metadata.ts";
import { keepalivedOf } from "./keepalived.ts";
import type { LegsOnPod } from "./legs-on-pod.ts";
import { rulesetOf } from "./nft.ts";
import { outerFlow } from "./outer-flow.ts";
import { tunnelFiles } from "./tunnel-files.ts";

/** An object in the gateway's file. */
export function gatewayObject(
  gateway: Gateway,
  what: { readonly apiVersion: string; readonly kind: string; readonly template: string },
  head: Omit<Head, "namespace">,
  data: Readonly<Record<string, unknown>>,
  parts?: Manifest["parts"],
): Manifest {
  const file = fileOf(gateway.role, gateway.intent);
  return manifest({ ...what, file }, { ...head, namespace: gateway.namespace }, gateway, data, parts);
}

/** Labels by which policies and budgets find the pods of a gateway. */
export function podLabels(gateway: Gateway): Readonly<Record<string, string>> {
  return { "plumbline.dev/gateway": gateway.name };
}

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap", template: "kubernetes/config-map" };

/** The ruleset, apart from the rest: a change of it is loaded in place, without a pod being rolled. */
export function rulesMap(gateway: Gateway): Manifest {
  const parts = { "rules.nft": { template: "gateway/rules.nft", data: rulesetOf(gateway) } };
  return gatewayObject(gateway, CONFIG_MAP, { name: `${gateway.name}-rules`, wave: waves.policy }, {}, parts);
}

/** Scripts and configurations; a change of them rolls the pods. */
export function gatewayMap(gateway: Gateway, legs: Pick<LegsOnPod, "bare" | "routes">): Manifest {
  return gatewayObject(
    gateway,
    CONFIG_MAP,
    { name: `${gateway.name}-gateway`, wave: waves.policy },
    {},
    gatewayParts(gateway, legs),
  );
}

export function gatewayParts(
  gateway: Gateway,
  { bare, routes = [] }: Pick<LegsOnPod, "bare" | "routes">,
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
      parts[`${member.name}.conf`] = { template: "gateway/keepalived.conf", data: keepalivedOf(gateway, member) };
  if (bare.length > 0)
    for (const member of gateway.members)
      parts[`${member.name}.${OWN_ADDRESSES}`] = {
        template: "gateway/addresses.sh",
        data: { addresses: ownAddresses(gateway, member, bare), routes },
      };
  return { ...parts, ...(tunnel && tunnelFiles(tunnel)) };
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
export function gatewayPolicy(gateway: Gateway, annotations: LegsOnPod["onPolicy"] = {}): Manifest {
  const outer = gateway.tunnel && outerFlow(gateway.tunnel);
  const spec = {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ...(outer && {
      egress: [
        {
          to: [{ ipBlock: { cidr: formatCidr(hostCidr(outer.address)) } }],
          ports: outer.ports.map((port) => ({ protocol: "UDP", port })),
        },
      ],
    }),
  };
  const what = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", template: "kubernetes/network-policy" };
  const head = { name: `${gateway.name}-eth0`, wave: waves.policy, annotations };
  return gatewayObject(gateway, what, head, { spec });
}

/** A drain may take one member at a time. */
export function disruptionBudget(gateway: Gateway): readonly Manifest[] {
  if (!gateway.standby) return [];
  const what = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", template: "kubernetes/object" };
  const body = { spec: { minAvailable: 1, selector: { matchLabels: podLabels(gateway) } } };
  return [gatewayObject(gateway, what, { name: gateway.name, wave: waves.policy }, { body })];
}

/** An identity without rights of its own; on OpenShift one that may use the constraints that the platform names. */
export function serviceAccount(gateway: Gateway, platform: Platform): readonly Manifest[] {
  const account = gatewayObject(
    gateway,
    { apiVersion: "v1", kind: "ServiceAccount", template: "kubernetes/object" },
    { name: gateway.name, wave: waves.policy },
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
  return [account, gatewayObject(gateway, what, { name: `${gateway.name}-scc`, wave: waves.policy }, { body })];
}

export function memberLabels(gateway: Gateway, member: GatewayMember): Readonly<Record<string, string>> {
  return { ...podLabels(gateway), "plumbline.dev/member": String(member.index) };
}
