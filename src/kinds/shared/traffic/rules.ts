import { defineRules } from "../../../diagnostics/rules.ts";

export const trafficRules = defineRules("traffic", {
  "not-one-form": {
    severity: "error",
    message: ({ found }: { found: string }) => `an entry has \`from\` and \`to\`, or \`between\`; this has ${found}`,
    label: "write one of the two",
    help: "`{from: …, to: …, ports: […]}` for one direction, `{between: […, …], ports: […]}` for both",
  },
  "not-one-party": {
    severity: "error",
    message: ({ found }: { found: string }) =>
      `a party here is exactly one of workload, host, cidr, all; this has ${found}`,
    label: "write exactly one",
  },
  "unknown-host": {
    severity: "error",
    message: ({ host, network }: { host: string; network: string }) => `${network} has no host \`${host}\``,
    label: "not one of its `hosts`",
  },
  "not-a-member": {
    severity: "error",
    message: ({ ref, network }: { ref: string; network: string }) => `${ref} is no member of ${network}`,
    label: "not attached to this network",
  },
  "not-on-network": {
    severity: "error",
    message: ({ cidr, network }: { cidr: string; network: string }) =>
      `${cidr} is in no subnet of ${network}, and no route of it leads there`,
    label: "not on this network",
    help: "add it to `routes` if it is behind the gateway",
  },
  "holds-members": {
    severity: "error",
    message: ({ cidr, ref }: { cidr: string; ref: string }) => `${cidr} also holds addresses of ${ref}`,
    label: "opens that workload too",
    help: "name the workload, and write a range that no member has addresses in",
  },
  "no-addresses": {
    severity: "error",
    message: ({ ref, addressing }: { ref: string; addressing: string }) =>
      `${ref} has no address of its own here (\`addressing: ${addressing}\`), so its traffic cannot be limited`,
    label: "which addresses?",
    help: "write `addresses:` for this member",
  },
  "how-many-pods": {
    severity: "error",
    message: ({ ref }: { ref: string }) =>
      `${ref} runs one pod per node, and its traffic is limited by its addresses: how many does it need?`,
    label: "needs a range of its own",
    help: "write `range: {size: …}` for this member, with room for all its nodes",
  },
  "zones-meet": {
    severity: "error",
    message: ({ a, b, network, attach, cluster }: Record<"a" | "b" | "network" | "attach" | "cluster", string>) =>
      `${a} and ${b} meet on network \`${network}\`, and nothing in cluster \`${cluster}\` enforces policies on ${attach}`,
    label: "bypasses the zone's border",
    help: "install a MultiNetworkPolicy controller and name the plugin in `platform.multiNetworkPolicy.plugins`, or give each side a Network of its own",
  },
  "icmp6-crosses": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `network \`${network}\` crosses the border of a zone, and policies on it let all ICMPv6 pass`,
    label: "IPv6 here",
    help: "give the network IPv4 subnets only, or give each side a Network of its own",
  },
  "icmp6-passes": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `policies on network \`${network}\` limit its traffic, but let all ICMPv6 pass`,
    label: "IPv6 here",
    help: "leave it if members may ping each other; else give the network IPv4 subnets only",
  },
  "zone-elsewhere": {
    severity: "error",
    message: ({ zone, cluster, network }: { zone: string; cluster: string; network: string }) =>
      `in cluster \`${cluster}\`, members of network \`${network}\` are not in zone \`${zone}\`, but on the same VLAN`,
    label: "bypasses the zone's border",
    help: "write `clusters:` on both, so that they are in the same clusters",
  },
  "no-members": {
    severity: "warning",
    message: ({ name }: { name: string }) => `network \`${name}\` has no members, so nothing is attached to it`,
    label: "no members",
    help: "add `members:`",
  },
});
