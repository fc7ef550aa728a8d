import { defineRules } from "../../diagnostics/rules.ts";

export const partyRules = defineRules("party", {
  "not-exactly-one": {
    severity: "error",
    message: ({ found }: { found: string }) =>
      `a party is exactly one of zone, external, network, vpn, cidr, internet, workload; this has ${found}`,
    label: "write exactly one",
  },
  "host-without-external": {
    severity: "error",
    message: () => "`host` is a host of an ExternalNetwork, so it needs `external`",
    label: "`external` is missing",
  },
  "unknown-host": {
    severity: "error",
    message: ({ kind, host, external }: { kind: string; host: string; external: string }) =>
      `${kind} \`${external}\` has no host \`${host}\``,
    label: "not one of its hosts",
  },
  "internet-without-nodes": {
    severity: "error",
    message: ({ cluster, family }: { cluster: string; family: number }) =>
      `the IPv${family} addresses of the nodes of cluster \`${cluster}\` are not known, so the internet would include them`,
    label: "needs the addresses of the nodes",
    help: ({ family }: { cluster: string; family: number }) =>
      `write \`platform.podNetwork.nodeCidrs: [${family === 4 ? "192.168.1.0/24" : "fd00:1::/64"}]\` of the cluster, with the networks in which its nodes have addresses`,
  },
  "not-attached": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} is a member of no network`,
    label: "has no address to match",
  },
  "no-addresses": {
    severity: "error",
    message: ({ ref, network }: { ref: string; network: string }) =>
      `${ref} shares the address pool of ${network}, but a rule needs an address range of its own`,
    label: "has no addresses of its own",
  },
});
