import { defineRules } from "../../diagnostics/rules.ts";

export const firewallRules = defineRules("firewall", {
  "leg-network": {
    severity: "error",
    message: ({ leg, found }: { leg: string; found: string }) =>
      `leg \`${leg}\` is in exactly one zone or external network; this names ${found}`,
    label: "in which network?",
  },
  "duplicate-leg": {
    severity: "error",
    message: ({ what, name }: { what: string; name: string }) => `two legs have the ${what} \`${name}\``,
    label: "the second one",
  },
  "duplicate-rule": {
    severity: "error",
    message: ({ name }: { name: string }) => `two rules are called \`${name}\``,
    label: "the second one",
  },
  "nat-on-zone": {
    severity: "error",
    message: ({ leg }: { leg: string }) => `leg \`${leg}\` is in a zone, where addresses are never translated`,
    label: "external legs only",
    help: "leave `nat` out: members of zones get routes back",
  },
  "missing-image": {
    severity: "error",
    message: () => "a firewall needs an `image`, or network functions to `adopt`",
    label: "what shall run?",
  },
  "image-and-adopt": {
    severity: "error",
    message: () => "`adopt` takes what somebody else builds, so `image` has no use",
    label: "one of the two",
  },
  "adopt-count": {
    severity: "error",
    message: ({ found, wanted }: { found: number; wanted: number }) =>
      `${found} workloads are adopted for ${wanted} members`,
    label: "one per member",
    help: "set `availability: {mode: single}` for one",
  },
  "adopted-unknown": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `no manifest holds ${ref}`,
    label: "matches no workload",
  },
  "adopted-namespace": {
    severity: "error",
    message: ({ ref, namespace }: { ref: string; namespace: string }) =>
      `${ref} is adopted, but not in namespace \`${namespace}\``,
    label: "not the firewall's namespace",
    help: "write the workload's namespace as `namespace` of the firewall",
  },
  "adopted-replicas": {
    severity: "error",
    message: ({ ref, pods }: { ref: string; pods: string }) =>
      `${ref} is one member, with addresses of its own, but may run ${pods}`,
    label: "more than one pod",
    help: "make each member a workload of one replica; a Deployment needs `strategy: {type: Recreate}`",
  },
  "unreached-party": {
    severity: "error",
    message: ({ party }: { party: string }) => `no leg reaches ${party}`,
    label: "no leg there",
  },
  "same-leg": {
    severity: "error",
    message: ({ rule, leg }: { rule: string; leg: string }) =>
      `rule \`${rule}\` can never match: both ends are on leg \`${leg}\``,
    label: "stays on one leg",
    help: "traffic inside one network does not pass the firewall; delete the rule",
  },
  "no-common-family": {
    severity: "error",
    message: ({ rule }: { rule: string }) =>
      `rule \`${rule}\` can never match: its ends have no address family in common`,
    label: "IPv4 on one end, IPv6 on the other",
  },
  "cidr-in-zone": {
    severity: "error",
    message: ({ cidr, zone }: { cidr: string; zone: string }) => `${cidr} lies in zone \`${zone}\`, which has a name`,
    label: "members are meant by name",
    help: ({ zone }: { cidr: string; zone: string }) => `write \`zone: ${zone}\`, or the \`workload\` that is meant`,
  },
  shadowed: {
    severity: "error",
    message: ({ rule, other }: { rule: string; other: string }) =>
      `rule \`${rule}\` never matches: \`${other}\` lets all of it through before`,
    label: "nothing is left for it",
    help: "delete it, or narrow the earlier rule",
  },
  "pair-contradicts": {
    severity: "error",
    message: ({ from, to, other }: { from: string; to: string; other: string }) =>
      `${other} already joins ${from} and ${to}: two firewalls, two sets of rules`,
    label: "the second firewall between them",
    help: "put the rules into one FirewallPair",
  },
  "publish-ports": {
    severity: "error",
    message: ({ rule }: { rule: string }) => `rule \`${rule}\` publishes, so it needs exactly one tcp or udp port`,
    label: "one port, please",
  },
  "publish-target": {
    severity: "error",
    message: ({ rule }: { rule: string }) => `rule \`${rule}\` publishes, so its destination must be a single address`,
    label: "more than one address",
    help: "name a workload with fixed `addresses`, or a `host`",
  },
  "whole-internet": {
    severity: "error",
    message: ({ rule }: { rule: string }) => `rule \`${rule}\` goes everywhere, and zones and pods are somewhere`,
    label: "covers other networks",
    help: "name the networks that are meant",
  },
});
