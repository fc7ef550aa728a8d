import { overlaps } from "../../net/cidr.ts";
import { oneAddress } from "../../net/range.ts";
import { noRuntime } from "../gateways/runtime.ts";
import type { ClusterInput, ExternalDevices } from "../input.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { noAddresses, setOf, setOfCidrs, unite, without } from "../packets/address-set.ts";
import type { Labels } from "../policy/selector.ts";
import { eth0Routes, mainInterface } from "./build-node.ts";
import type { Interface, Node, Route } from "./node.ts";

/** The namespace of a pod that nobody listed. No selector by name means it; one that means everybody does. */
export const ELSEWHERE = "(any other namespace)";

/** Who is there without a manifest: the cluster's resolver, anybody else, and the devices on external networks. */
export function impliedNodes(
  input: ClusterInput,
  nodes: readonly Node[],
  namespaces: Iterable<string>,
  mains: ReadonlyMap<string, AttachableNetwork>,
): readonly Node[] {
  const { dns } = input.platform;
  const resolver = bare("the cluster's resolver", "resolver", dns.namespace, dns.podLabels, input);
  const stranger = bare("any pod of any other namespace", "anybody", ELSEWHERE, {}, input);
  const others = [...new Set(namespaces)]
    .filter((name) => name !== dns.namespace)
    .sort()
    .map((name) => bare(`any other pod of ${name}`, "anybody", name, {}, input, mains.get(name)));
  return [resolver, stranger, ...others, ...input.externals.flatMap((one) => devices(one, nodes))];
}

function bare(
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
    interfaces: [mainInterface(input.platform, main)],
    routes: eth0Routes(input.platform, new Set()),
    forwards4: false,
    forwards6: false,
    runtime: noRuntime,
    local: noAddresses,
    place: undefined,
    hostNetwork: false,
  };
}

/** Devices on the domain on which pods have addresses of their subnets; on none if nobody is attached. */
function devices(external: ExternalDevices, nodes: readonly Node[]): readonly Node[] {
  const domain = domainOf(external, nodes);
  if (domain === undefined) return [];
  const taken = nodes.flatMap((node) => node.interfaces).filter((one) => one.domain === domain);
  const pods = taken.reduce((all, one) => unite(all, unite(one.addresses, one.virtual)), setOfCidrs(external.pods));
  const named = setOf([
    ...external.hosts.flatMap((host) => host.addresses).map(oneAddress),
    ...external.gateways.map(oneAddress),
  ]);
  const addresses = unite(without(setOfCidrs(external.subnets), pods), named);
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
  const beyond = without(setOfCidrs(external.beyond), setOfCidrs(external.subnets));
  return [
    {
      id: external.id,
      alike: [],
      type: "external",
      namespace: "",
      labels: {},
      pod: undefined,
      intent: undefined,
      interfaces: [{ ...link, addresses: unite(addresses, beyond) }],
      routes,
      // Its own routers lead back to the zones.
      forwards4: external.routesBack,
      forwards6: external.routesBack,
      runtime: noRuntime,
      local: unite(addresses, beyond),
      place: external.origin,
      hostNetwork: false,
    },
  ];
}

function domainOf(external: ExternalDevices, nodes: readonly Node[]): string | undefined {
  for (const node of nodes)
    for (const one of node.interfaces) {
      if (one.type !== "attachment") continue;
      const on = node.routes.filter((route) => route.interface === one.name && route.via === undefined);
      if (on.some((route) => external.subnets.some((subnet) => overlaps(subnet, route.to)))) return one.domain;
    }
  return undefined;
}
