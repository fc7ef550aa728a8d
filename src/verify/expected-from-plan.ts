import type { ExpectedEnd, Expects } from "../ir/expects.ts";
import type {
  AllowedFlowEnd,
  Gateway,
  Network,
  Plan,
  PlannedTunnel,
  ZoneOpening,
  ZoneOpeningPeer,
} from "../ir/plan.ts";
import { toSingleRange } from "../net/range.ts";
import type {
  ExpectedFlow,
  ExpectedGateway,
  ExpectedInterface,
  ExpectedLink,
  ExpectedMember,
  ExpectedSecret,
  ExpectedState,
  ExpectedTunnel,
  ExpectedZone,
} from "./expected/expected.ts";

/** What the intents of a cluster mean, in the words of the reader of manifests. */
export function buildExpectedState(
  plan: Plan,
  { adopted: externallyManaged }: Pick<Expects, "adopted">,
): ExpectedState {
  const subnets = new Map(plan.networks.map((network) => [network.intent, network.subnets]));
  const zones = plan.zones.map((boundary): ExpectedZone => {
    const { intent: id, namespaces, origin, audit } = boundary;
    const exceptions = boundary.exceptions.map(({ capability, workload, origin: at }) => {
      const pod = workload && `${workload.kind} ${workload.namespace}/${workload.name}`;
      return { capability, pod, origin: at };
    });
    return { id, namespaces, cidrs: subnets.get(id) ?? [], origin, audit, exceptions };
  });
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const namespaces = new Map(zones.map((zone) => [zone.id, zone.namespaces]));
  return {
    zones,
    gatewayNamespaces: plan.namespaces.filter((one) => one.role !== "zone"),
    gateways: plan.gateways.filter((one) => one.adopted.length === 0).map((one) => gatewayOf(one, networks)),
    flows: [...attached(plan, namespaces), ...plan.zones.filter((one) => !one.audit).flatMap(onDefault)],
    externallyManaged,
    members: membersOf(plan),
    guests: plan.attachments.flatMap(({ workload, interface: name, guest }) =>
      guest ? [{ node: `${workload.kind} ${workload.namespace}/${workload.name}`, interface: name, ...guest }] : [],
    ),
    interfaces: plan.gateways.flatMap((gateway) => legsOf(gateway, networks)),
    tunnels: plan.gateways.flatMap(tunnelOf),
    kept: plan.kept.flatMap(({ objects }) => objects.map(({ namespace, name }) => `${namespace}/${name}`)),
    links: plan.networks.map((network) => linkOf(network, plan)),
    networks: plan.networks
      .filter((one) => one.role === "network" || one.limits !== "none")
      .map((one) => ({ id: one.intent, limited: one.limits !== "none" })),
  };
}

/** Crossings between addresses go over attached networks; all others are openings of eth0. */
function attached(plan: Plan, namespaces: ReadonlyMap<string, readonly string[]>): readonly ExpectedFlow[] {
  const end = (one: AllowedFlowEnd): ExpectedEnd => {
    const own = one.party === undefined || one.workload ? undefined : namespaces.get(one.party);
    return { ...one, namespaces: own ?? one.namespaces };
  };
  const gateways = new Set(plan.gateways.map((gateway) => gateway.intent));
  return (
    plan.allowedFlows
      // A gateway in another cluster of the same links stands in that cluster's output.
      .filter((one) => one.through.every((id) => gateways.has(id)))
      .filter((one) => one.from.cidrs.length > 0 && one.to.cidrs.length > 0)
      .map(({ from, to, services, through, origin }) => ({
        over: "attached",
        from: end(from),
        to: end(to),
        services,
        through,
        origin,
      }))
  );
}

function onDefault({ namespaces, openings }: Plan["zones"][number]): readonly ExpectedFlow[] {
  return openings.map((opening: ZoneOpening): ExpectedFlow => {
    const own: ExpectedEnd = { party: undefined, cidrs: [], namespaces, pods: opening.pods, workload: undefined };
    const far = peerEnd(opening.peer);
    const [from, to] = opening.direction === "egress" ? [own, far] : [far, own];
    return { over: "eth0", from, to, services: opening.services, through: [], origin: opening.origin };
  });
}

function peerEnd(peer: ZoneOpeningPeer): ExpectedEnd {
  const none = { party: undefined, cidrs: [], namespaces: [], workload: undefined };
  if (peer.type === "cidrs") return { ...none, cidrs: peer.cidrs };
  return peer.type === "namespaces" ? { ...none, namespaces: peer.names, pods: peer.pods } : none;
}

/** Who stands in which network, with the addresses and the routes that are its own. */
function membersOf(plan: Plan): readonly ExpectedMember[] {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  return plan.attachments.map((attachment) => {
    const { network, workload, perPod, defaultRoute, guest, origin } = attachment;
    const addresses = guest?.addresses ?? attachment.addresses;
    const variant = networks.get(network)?.variants.find((one) => one.name === attachment.variant);
    const pools = variant?.ipam.mode === "pool" ? variant.ipam.pools : [];
    const ranges = pools.map(({ start, end }) => ({ family: start.family, start: start.value, end: end.value }));
    return {
      network,
      node: `${workload.kind} ${workload.namespace}/${workload.name}`,
      interface: attachment.interface,
      mac: attachment.mac,
      nodes: attachment.nodes?.matchLabels ?? {},
      nextHops: defaultRoute,
      routes: variant?.routes ?? [],
      perPod,
      addresses: addresses.length > 0 ? addresses.map((one) => toSingleRange(one.address)) : ranges,
      origin,
    };
  });
}

/** How the pods of a gateway run: with just the rights that keepalived, the rules and the tunnel need. */
function gatewayOf(gateway: Gateway, networks: ReadonlyMap<string, Network>): ExpectedGateway {
  const { intent, namespace, image, members, standby, tunnel, pod, origin } = gateway;
  const links = gateway.legs.map((leg) => networks.get(leg.network)?.link.nodes?.matchLabels ?? {});
  return {
    gateway: intent,
    namespace,
    image,
    members: members.length,
    standby,
    capabilities: [
      "NET_ADMIN",
      ...(standby ? ["NET_RAW"] : []),
      ...(standby && tunnel ? ["SETGID"] : []),
      ...(tunnel?.type === "ipsec" ? ["NET_BIND_SERVICE"] : []),
    ],
    secrets: tunnel ? secretsOf(tunnel) : [],
    nodes: Object.assign({}, ...links, gateway.nodes?.matchLabels, pod.nodeSelector) as Record<string, string>,
    scheduling: {
      tolerations: pod.tolerations.length > 0 ? pod.tolerations : undefined,
      imagePullSecrets: pod.imagePullSecrets.length > 0 ? pod.imagePullSecrets.map((name) => ({ name })) : undefined,
      priorityClassName: pod.priorityClassName,
    },
    resources: pod.resources ?? {},
    topologyKey: pod.topologyKey,
    keepalive: tunnel?.type === "wireguard" ? tunnel.keepaliveSeconds : undefined,
    origin,
  };
}

function secretsOf(tunnel: PlannedTunnel): readonly ExpectedSecret[] {
  if (tunnel.type === "ipsec") {
    const { type, from } = tunnel.credential;
    return [{ ...from, use: type === "psk" ? "<" : "cp " }];
  }
  const { privateKeyFrom, presharedKeyFrom, publicKey } = tunnel;
  return [
    { ...privateKeyFrom, use: "private-key " },
    ...(presharedKeyFrom ? [{ ...presharedKeyFrom, use: `peer ${publicKey} preshared-key ` }] : []),
  ];
}

/** Where the pods of a gateway stand; those of somebody else stand where their manifests say. */
function legsOf(gateway: Gateway, networks: ReadonlyMap<string, Network>): readonly ExpectedInterface[] {
  if (gateway.adopted.length > 0) return [];
  return gateway.legs.map((leg): ExpectedInterface => {
    const network = networks.get(leg.network);
    return {
      gateway: gateway.intent,
      namespace: gateway.namespace,
      interface: leg.interface,
      network: leg.network,
      routerId: leg.routerId,
      addresses: [...leg.addresses.flat(), ...leg.virtualAddresses],
      routes: network?.variants.find((one) => one.name === leg.variant)?.routes ?? [],
      origin: gateway.origin,
    };
  });
}

function tunnelOf({ intent, tunnel }: Gateway): readonly ExpectedTunnel[] {
  if (!tunnel) return [];
  const { destinations, addresses } = tunnel;
  const [peer, port, identity] =
    tunnel.type === "wireguard"
      ? [tunnel.endpoint.address, tunnel.endpoint.port, [tunnel.publicKey]]
      : [tunnel.remote, undefined, [tunnel.localId, tunnel.remoteId]];
  return [
    {
      gateway: intent,
      destinations,
      addresses,
      peer,
      port,
      identity,
      mtu: tunnel.mtu,
      origin: tunnel.origin,
    },
  ];
}

function linkOf(network: Network, { cluster }: Plan): ExpectedLink {
  const { intent, origin, link, mtu, ownMtu, subnets, sysctls, membersApart: apart } = network;
  const { attach, parent, interface: name, vlan, resourceName, physicalNetwork, bridgeIsThere } = link;
  const vpc = cluster.platform.gke.networks.get(link.uplink ?? "")?.vpc;
  const takesOver = network.takesOver.map((one) => `${one.namespace}/${one.name}`);
  const of = { network: intent, origin, mtu, ownMtu, apart, subnets, sysctls, takesOver };
  return { ...of, attach, parent, interface: name, vlan, resourceName, physicalNetwork, vpc, bridgeIsThere };
}
