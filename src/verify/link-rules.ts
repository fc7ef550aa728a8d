import type { Rule } from "../diagnostics/rules.ts";

/** A rule about one thing, by its name. */
export interface Named {
  readonly what: string;
}

export const twoDomainsRule: Rule<{ readonly pod: string; readonly domains: string }> = {
  severity: "error",
  message: ({ pod, domains }) => `${pod} is on ${domains} and is no firewall`,
  label: "connects two networks",
};

export const sharedLinkRule: Rule<{
  readonly pod: string;
  readonly party: string;
  readonly other: string;
  readonly others: string;
  readonly domain: string;
}> = {
  severity: "error",
  message: ({ pod, party, other, others, domain }) =>
    `${pod} of ${party} and ${other} of ${others} are neighbours on ${domain}, and no intent says so`,
  label: "past every border",
  help: "give each zone a link of its own, or say what the link is by an ExternalNetwork",
};

export const sameWireRule: Rule<{
  readonly pod: string;
  readonly domain: string;
  readonly network: string;
  readonly wire: string;
}> = {
  severity: "error",
  message: ({ pod, domain, network, wire }) =>
    `${pod} is on ${domain}, which is ${wire} by the Fabric: the network of ${network}`,
  label: "on the network of an intent",
  help: "put the pod's own network on another VLAN, or make the workload a member by an intent",
};

export const unknownBetweenZonesRule: Rule<{ readonly pod: string; readonly other: string; readonly domain: string }> =
  {
    severity: "warning",
    message: ({ pod, other, domain }) => `${pod} and ${other} are of two zones, and both on ${domain}`,
    label: "may lead to the other zone",
    help: "put the network's manifest among `spec.workloads`, so that verify can tell",
  };

export const joinedByNodeRule: Rule<{
  readonly pod: string;
  readonly party: string;
  readonly other: string;
  readonly others: string;
}> = {
  severity: "error",
  message: ({ pod, party, other, others }) =>
    `${pod} of ${party} and ${other} of ${others} are on networks that every node routes, so they can connect to each other`,
  label: "the node is a router here",
  help: "take `isGateway`, `isDefaultGateway` and `ipMasq` out of these networks, or keep zones' pods off them",
};

export const nodeIsRouterRule: Rule<{
  readonly pod: string;
  readonly network: string;
  readonly key: string;
  readonly domain: string;
}> = {
  severity: "warning",
  message: ({ pod, network, key, domain }) =>
    `${pod} is on ${network}, and \`${key}\` joins ${domain} with the pod network: any pod of the cluster can connect to it there`,
  label: "the node is a router here",
  help: "take `isGateway`, `isDefaultGateway` and `ipMasq` out of the network; its pods reach each other without them",
};

export const ownDefaultRouteRule: Rule<{ readonly pod: string; readonly interface: string }> = {
  severity: "warning",
  message: ({ pod, interface: link }) =>
    `${pod} takes its default route from \`${link}\`, a network that no intent made: what it sends to Services, to the resolver and out of the cluster goes there, and no policy of eth0 is asked`,
  label: "takes eth0's default route",
  help: "name the destinations instead of `0.0.0.0/0` or `::/0`, or give the route a `priority` above that of eth0's",
};

export const equalRoutesRule: Rule<{
  readonly pod: string;
  readonly to: string;
  readonly one: string;
  readonly other: string;
}> = {
  severity: "warning",
  message: ({ pod, to, one, other }) =>
    `${pod} has two equal routes to ${to}, by \`${one}\` and by \`${other}\`: the order of its networks decides which one is taken`,
  label: "the path is not decided",
  help: "give one of the two networks another subnet or route",
};

export const perNodePoolRule: Rule<Named & { readonly pods: string }> = {
  severity: "warning",
  message: ({ what, pods }) =>
    `the addresses of ${what} are allocated on each node separately (\`host-local\`): two pods on two nodes get the same one (${pods})`,
  label: "one address, two pods",
  help: "write `ipam: whereabouts`, or keep the network to one node by `nodes` of its uplink (`kubernetes.io/hostname`)",
};

export const tunnelBypassRule: Rule<{ readonly pod: string; readonly vpn: string; readonly what: string }> = {
  severity: "warning",
  message: ({ pod, vpn, what }) => `${pod} is a client of ${vpn}, and ${what}`,
  label: "may bypass the tunnel",
};

export const trunkRule: Rule<
  Named & { readonly who: string; readonly uplink: string; readonly other: string; readonly vlan: number }
> = {
  severity: "warning",
  message: ({ what, who, uplink, other, vlan }) =>
    `${what} lets ${who} tag frames on ${uplink}, where VLAN ${vlan} is that of ${other}`,
  label: "more than one VLAN",
  help: "give it one VLAN, or a trunk that leaves out those of intents",
};

export const trunkTakenRule: Rule<{
  readonly pod: string;
  readonly by: string;
  readonly network: string;
  readonly other: string;
  readonly vlan: number;
}> = {
  severity: "error",
  message: ({ pod, by, network, other, vlan }) =>
    `${pod} has ${by} on the trunk ${network}, and so VLAN ${vlan} of ${other}`,
  label: "can tag any VLAN of the trunk",
  help: "remove the capability, or give the network one VLAN; if the pod is a gateway of your own, list it in `adopt`",
};

export const deviceAlone: Rule<{ readonly pod: string; readonly resource: string; readonly other: string }> = {
  severity: "error",
  message: ({ pod, resource, other }) =>
    `${pod} takes a device \`${resource}\` without a network, on a card that carries ${other}`,
  label: "no plugin sets its VLAN",
  help: "name a network of that resource in the pod's annotation for each device, or use a resource of another card",
};
