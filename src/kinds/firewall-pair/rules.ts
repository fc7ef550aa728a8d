import { defineRules } from "../../diagnostics/rules.ts";

export const firewallRules = defineRules("firewall", {
  "leg-network": {
    severity: "error",
    message: ({ leg, found }: { leg: string; found: string }) =>
      `leg \`${leg}\` must be in exactly one zone or external network; this one names ${found}`,
    label: "write `zone` or `external`",
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
    label: "there is no image",
    help: "write `image` here, or `defaults: {images: {firewall: …}}` in plumbline.yaml for all of them",
  },
  "image-and-adopt": {
    severity: "error",
    message: () => "`adopt` uses existing workloads, so `image` has no effect",
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
      `${ref} is in \`adopt\`, but not in namespace \`${namespace}\``,
    label: "not the firewall's namespace",
    help: "write the workload's namespace as `namespace` of the firewall",
  },
  "adopted-replicas": {
    severity: "error",
    message: ({ ref, pods }: { ref: string; pods: string }) =>
      `${ref} is one member with fixed addresses, but may run ${pods}`,
    label: "more than one pod",
    help: "make each member a workload of one replica; a Deployment needs `strategy: {type: Recreate}`",
  },
  "unreached-party": {
    severity: "error",
    message: ({ party }: { party: string }) => `${party} is behind none of the legs`,
    label: "no leg in its network",
  },
  "internet-behind": {
    severity: "error",
    message: ({ found }: { found: string }) =>
      `the internet is behind ${found} of this firewall, and must be behind one`,
    label: "behind which leg?",
    help: "write `internet: true` on the ExternalNetwork of the leg that leads there, with its router as `gateway`",
  },
  "same-leg": {
    severity: "error",
    message: ({ rule, leg }: { rule: string; leg: string }) =>
      `rule \`${rule}\` never matches: source and destination are behind leg \`${leg}\``,
    label: "stays inside one network",
    help: "traffic inside one network does not pass the firewall; delete the rule",
  },
  "no-common-family": {
    severity: "error",
    message: ({ rule }: { rule: string }) =>
      `rule \`${rule}\` never matches: source and destination have no common address family`,
    label: "IPv4 on one side, IPv6 on the other",
  },
  "cidr-in-zone": {
    severity: "error",
    message: ({ cidr, zone }: { cidr: string; zone: string }) => `${cidr} is in zone \`${zone}\`, which has a name`,
    label: "name the zone or the workload",
    help: ({ zone }: { cidr: string; zone: string }) => `write \`zone: ${zone}\`, or the \`workload\``,
  },
  shadowed: {
    severity: "error",
    message: ({ rule, other }: { rule: string; other: string }) =>
      `rule \`${rule}\` never matches: \`${other}\` already allows all of its traffic`,
    label: "never reached",
    help: "delete it, or narrow the earlier rule",
  },
  "pair-contradicts": {
    severity: "error",
    message: ({ from, to, other }: { from: string; to: string; other: string }) =>
      `${other} already connects ${from} and ${to}: two firewalls with two rule sets`,
    label: "the second firewall between them",
    help: "put the rules into one FirewallPair",
  },
  "publish-ports": {
    severity: "error",
    message: ({ rule }: { rule: string }) => `rule \`${rule}\` publishes, so it needs exactly one tcp or udp port`,
    label: "write exactly one port",
  },
  "publish-target": {
    severity: "error",
    message: ({ rule }: { rule: string }) => `rule \`${rule}\` publishes, so its destination must be a single address`,
    label: "more than one address",
    help: "name a workload with fixed `addresses`, or a `host`",
  },
  "whole-internet": {
    severity: "error",
    message: ({ rule }: { rule: string }) => `rule \`${rule}\` covers all addresses, also those of zones and pods`,
    label: "covers other networks",
    help: "write `internet: true` for everything outside the project, or the networks by name",
  },
});
