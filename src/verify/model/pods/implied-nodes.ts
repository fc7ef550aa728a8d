import type { ExternalDevices } from "../../../ir/expects.ts";
import { countAddressBits } from "../../../net/address.ts";
import type { Cidr } from "../../../net/cidr.ts";
import { toSingleRange } from "../../../net/range.ts";
import type { ClusterInput } from "../../expected/expected.ts";
import {
  createAddressSet,
  noAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
  uniteAllAddresses,
} from "../../headerspace/address-set.ts";
import { noRuntime } from "../gateways/runtime.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import type { Labels } from "../policies/selector.ts";
import { buildEth0Routes, buildPrimaryInterface } from "./build-node.ts";
import type { Interface, Node, Route } from "./node.ts";
import type { UnknownPod } from "./unknown-pods.ts";

/** The namespace of a pod that nobody listed. No selector by name means it; one that means everybody does. */
export const ANY_OTHER_NAMESPACE = "(any other namespace)";

/** Who is there without a manifest: the cluster's resolver, anybody else, and the devices on external networks. */
export function buildImpliedNodes(
  input: ClusterInput,
  nodes: readonly Node[],
  namespaces: Iterable<string>,
  mains: ReadonlyMap<string, AttachableNetwork>,
  unknown: readonly UnknownPod[],
): readonly Node[] {
  const { dns } = input.platform;
  const resolver = createImpliedNode("the cluster's resolver", "resolver", dns.namespace, dns.podLabels, input);
  const stranger = createImpliedNode("any pod of any other namespace", "anybody", ANY_OTHER_NAMESPACE, {}, input);
  const others = [...new Set(namespaces)]
    .filter((name) => name !== dns.namespace)
    .sort()
    .map((name) => createImpliedNode(`any other pod of ${name}`, "anybody", name, {}, input, mains.get(name)));
  const selected = unknown.map(({ id, namespace, labels }) =>
    createImpliedNode(id, "anybody", namespace, labels, input, mains.get(namespace)),
  );
  const links = linksOf(nodes);
  return [resolver, stranger, ...others, ...selected, ...input.externals.flatMap((one) => devices(one, links))];
}

function createImpliedNode(
  id: string,
  type: "resolver" | "anybody",
  namespace: string,
  labels: Labels,
  input: ClusterInput,
  main?: AttachableNetwork,
): Node {
  return {
    id,
    alike: [],
    type,
    namespace,
    labels,
    pod: undefined,
    intent: undefined,
    interfaces: [buildPrimaryInterface(input.platform, main)],
    routes: buildEth0Routes(input.platform, new Set()),
    forwards4: false,
    forwards6: false,
    runtime: noRuntime,
    local: noAddresses,
    place: undefined,
    hostNetwork: false,
  };
}

/** Devices on the domain on which pods have addresses of their subnets; on none if nobody is attached. */
function devices(external: ExternalDevices, links: Links): readonly Node[] {
  const domain = domainOf(external, links);
  if (domain === undefined) return [];
  const taken = links.onDomain.get(domain) ?? [];
  const pods = uniteAllAddresses([
    toAddressSet(external.pods),
    ...taken.flatMap((one) => [one.addresses, one.virtual]),
  ]);
  const named = uniteAddresses(
    toAddressSet(external.hosts.flatMap((host) => host.cidrs)),
    createAddressSet(external.gateways.map(toSingleRange)),
  );
  const addresses = uniteAddresses(subtractAddresses(toAddressSet(external.subnets), pods), named);
  const link: Interface = {
    name: "link",
    type: "device",
    domain,
    network: undefined,
    addresses,
    virtual: noAddresses,
    mtu: 1500,
    reversePath: 0,
  };
  const routes: Route[] = external.subnets.map((to) => ({
    to,
    via: undefined,
    interface: "link",
    metric: 0,
    answersOnly: false,
  }));
  const beyond = subtractAddresses(
    toAddressSet([...external.beyond, ...external.internet]),
    toAddressSet(external.subnets),
  );
  return [
    {
      id: external.id,
      alike: [],
      type: "external",
      namespace: "",
      labels: {},
      pod: undefined,
      intent: undefined,
      interfaces: [{ ...link, addresses: uniteAddresses(addresses, beyond) }],
      routes,
      // Its own routers lead back to the zones.
      forwards4: external.routesBack,
      forwards6: external.routesBack,
      runtime: noRuntime,
      local: uniteAddresses(addresses, beyond),
      place: external.origin,
      hostNetwork: false,
    },
  ];
}

/** What pods are attached to: who is on a domain, and which subnets they reach there without a next hop. */
interface Links {
  readonly onDomain: ReadonlyMap<string, readonly Interface[]>;
  /** By first address; in the order of the nodes where that is the same. */
  readonly subnets: readonly { readonly order: number; readonly to: Cidr; readonly domain: string }[];
  /** Lengths of the prefixes of `subnets`, with their elements by first address. */
  readonly byPrefix: ReadonlyMap<string, ReadonlyMap<bigint, Links["subnets"][number]>>;
}

function linksOf(nodes: readonly Node[]): Links {
  const onDomain = new Map<string, Interface[]>();
  const subnets: Links["subnets"][number][] = [];
  for (const node of nodes) {
    const direct = new Map<string | undefined, Cidr[]>();
    for (const { interface: name, via, to } of node.routes) {
      if (via !== undefined) continue;
      const list = direct.get(name);
      if (list) list.push(to);
      else direct.set(name, [to]);
    }
    for (const one of node.interfaces) {
      const list = onDomain.get(one.domain);
      if (list) list.push(one);
      else onDomain.set(one.domain, [one]);
      if (one.type !== "attachment") continue;
      for (const to of direct.get(one.name) ?? []) subnets.push({ order: subnets.length, to, domain: one.domain });
    }
  }
  const byPrefix = new Map<string, Map<bigint, Links["subnets"][number]>>();
  for (const one of subnets) {
    const key = `${one.to.family}/${one.to.prefix}`;
    const known = byPrefix.get(key) ?? new Map();
    if (!known.has(one.to.base)) known.set(one.to.base, one);
    byPrefix.set(key, known);
  }
  subnets.sort((a, b) => (a.to.base < b.to.base ? -1 : a.to.base > b.to.base ? 1 : a.order - b.order));
  return { onDomain, subnets, byPrefix };
}

/** The domain of the first pod with a subnet that overlaps one of theirs. Of two networks one holds the other, or nothing is shared. */
function domainOf(external: ExternalDevices, { subnets, byPrefix }: Links): string | undefined {
  let first: Links["subnets"][number] | undefined;
  const consider = (one: Links["subnets"][number] | undefined) => {
    if (one && (!first || one.order < first.order)) first = one;
  };
  for (const { family, base, prefix } of external.subnets) {
    for (let length = 0; length <= prefix; length++) {
      const host = BigInt(countAddressBits(family) - length);
      consider(byPrefix.get(`${family}/${length}`)?.get((base >> host) << host));
    }
    const end = base + (1n << BigInt(countAddressBits(family) - prefix));
    let low = 0;
    for (let high = subnets.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((subnets[middle]?.to.base as bigint) < base) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < subnets.length && (subnets[at]?.to.base as bigint) < end; at++)
      if (subnets[at]?.to.family === family) consider(subnets[at]);
  }
  return first?.domain;
}
