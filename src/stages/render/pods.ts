import type { InterfaceManifests, PodInterface } from "../../ir/manifest.ts";
import type {
  Attachment,
  Gateway,
  GatewayInterface,
  GatewayMember,
  Ipam,
  Link,
  Network,
  Plan,
  Variant,
} from "../../ir/plan.ts";
import type { WorkloadRef } from "../../ir/workload.ts";
import { formatAddress } from "../../net/address.ts";
import { formatCidr, formatInterfaceAddress, type InterfaceAddress } from "../../net/cidr.ts";
import { formatRange } from "../../net/range.ts";

/** The pods of one workload, or of one member of a gateway, with their interfaces. As the inventory spells them. */
export interface PodInterfaces {
  readonly workload: WorkloadRef & { readonly apiVersion: string };
  readonly interfaces: readonly Interface[];
  /** Resolvers in place of the cluster's. */
  readonly resolvers?: readonly string[];
}

interface Interface extends Partial<Omit<InterfaceManifests, "main" | "attach">> {
  /** In place of the default network. */
  readonly main?: true;
  readonly name: string;
  readonly network: string;
  /** Whose the interface is: the zone, or the gateway. */
  readonly intent: string;
  readonly target: string;
  readonly link: object;
  readonly mtu: number;
  readonly mac?: string;
  readonly addressing: Addressing;
  readonly routes: readonly { readonly to: string; readonly via: string }[];
  readonly gateway?: readonly string[];
}

type Addressing =
  | { readonly mode: "fixed"; readonly addresses: readonly string[]; readonly virtual?: readonly string[] }
  | { readonly mode: "pool"; readonly ranges: readonly object[] }
  | { readonly mode: "dhcp" | "none" };

type ObjectsOf = (one: PodInterface) => InterfaceManifests | undefined;

/** Every interface that the intents give to pods, resolved: what a runtime needs to make it, with nobody to ask. */
export function listPodInterfaces(plan: Plan, objectsOf: ObjectsOf): readonly PodInterfaces[] {
  const networks = new Map(plan.networks.map((one) => [one.intent, one]));
  const pods = new Map<
    string,
    { workload: PodInterfaces["workload"]; interfaces: Interface[]; resolvers: Set<string> }
  >();
  const podsNamed = ({ apiVersion, kind, namespace, name }: PodInterfaces["workload"]) => {
    const key = `${namespace} ${kind} ${name}`;
    const known = pods.get(key) ?? {
      workload: { apiVersion, kind, namespace, name },
      interfaces: [],
      resolvers: new Set<string>(),
    };
    pods.set(key, known);
    return known;
  };
  for (const one of plan.attachments) {
    const network = networks.get(one.network);
    if (!network) continue;
    const { interfaces, resolvers } = podsNamed(one.workload);
    interfaces.push(ofAttachment(one, network, objectsOf));
    for (const resolver of one.resolvers) resolvers.add(formatAddress(resolver));
  }
  for (const gateway of plan.gateways)
    for (const member of gateway.members) {
      const { interfaces } = podsNamed(workloadOf(gateway, member, plan));
      for (const leg of gateway.legs) {
        const network = networks.get(leg.network);
        if (network) interfaces.push(ofLeg(gateway, member, leg, network, objectsOf));
      }
    }
  return [...pods]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { workload, interfaces, resolvers }]) => ({
      workload,
      interfaces,
      ...(resolvers.size > 0 && { resolvers: [...resolvers] }),
    }));
}

/** A member's own Deployment, or the network function that somebody else builds. */
function workloadOf(gateway: Gateway, member: GatewayMember, plan: Plan): PodInterfaces["workload"] {
  const ref = gateway.adopted[member.index - 1];
  if (!ref) return { apiVersion: "apps/v1", kind: "Deployment", namespace: gateway.namespace, name: member.name };
  return { ...ref, apiVersion: plan.workloads.find(ref)?.apiVersion ?? "apps/v1" };
}

function ofAttachment(one: Attachment, network: Network, objectsOf: ObjectsOf): Interface {
  const { workload, variant: name, variantNamespace: namespace, interface: inner, mac, addresses } = one;
  const variant = variantOf(network, name);
  const objects = objectsOf({ workload, network, variant: name, namespace, interface: inner });
  const gateway = one.defaultRoute.map(formatAddress);
  return {
    ...buildCommonFields(network, objects, inner),
    intent: one.intent,
    ...(mac !== undefined && { mac }),
    addressing: addresses.length > 0 ? buildFixedAddressing(addresses) : addressingOf(variant.ipam),
    routes: routesOf(variant),
    ...(gateway.length > 0 && { gateway }),
  };
}

function ofLeg(
  gateway: Gateway,
  member: GatewayMember,
  leg: GatewayInterface,
  network: Network,
  objectsOf: ObjectsOf,
): Interface {
  const { namespace } = gateway;
  const workload = gateway.adopted[member.index - 1] ?? { namespace, kind: "Deployment", name: member.name };
  const objects = objectsOf({ workload, network, variant: leg.variant, namespace, interface: leg.interface });
  return {
    ...buildCommonFields(network, objects, leg.interface),
    intent: gateway.intent,
    addressing: buildFixedAddressing(leg.addresses[member.index - 1] ?? [], leg.virtualAddresses),
    routes: routesOf(variantOf(network, leg.variant)),
  };
}

function buildCommonFields(network: Network, objects: InterfaceManifests | undefined, inner: string) {
  const { intent, target, link, mtu } = network;
  const { main, attach = link.attach, ...named } = objects ?? {};
  return {
    name: main?.interface ?? inner,
    network: intent,
    target,
    ...named,
    ...(main && { main: true as const }),
    link: linkOf(link, attach),
    mtu,
  };
}

/** What the interface sits on. The platform's own have no link of a VLAN on the nodes, an overlay has none at all. */
function linkOf(link: Link, attach: InterfaceManifests["attach"]): object {
  const { interface: inner, parent, vlan, physicalNetwork } = link;
  if (attach === "overlay") return { attach };
  if (attach === "vpc") return { attach, parent };
  const own = attach === "ovs" && link.attach !== "ovs" ? {} : { interface: inner };
  return { attach, parent, ...own, vlan, ...(attach === "ovs" && { physicalNetwork }) };
}

function buildFixedAddressing(
  addresses: readonly InterfaceAddress[],
  virtual: readonly InterfaceAddress[] = [],
): Addressing {
  return {
    mode: "fixed",
    addresses: addresses.map(formatInterfaceAddress),
    ...(virtual.length > 0 && { virtual: virtual.map(formatInterfaceAddress) }),
  };
}

function addressingOf(ipam: Ipam): Addressing {
  if (ipam.mode === "pool")
    return {
      mode: "pool",
      ranges: ipam.pools.map(({ subnet, start, end, exclude }) => ({
        subnet: formatCidr(subnet),
        first: formatAddress(start),
        last: formatAddress(end),
        ...(exclude.length > 0 && { without: exclude.map(formatRange) }),
      })),
    };
  // A network of fixed addresses whose member has none: layer 2 alone.
  return { mode: ipam.mode === "dhcp" ? "dhcp" : "none" };
}

function routesOf({ routes }: Variant): Interface["routes"] {
  return routes.map(({ to, via }) => ({ to: formatCidr(to), via: formatAddress(via) }));
}

function variantOf(network: Network, name: string): Variant {
  const variant = network.variants.find((one) => one.name === name);
  if (!variant) throw new Error(`${network.intent} has no variant ${name}`);
  return variant;
}
