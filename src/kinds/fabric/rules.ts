import { defineRules } from "../../diagnostics/rules.ts";

export const fabricRules = defineRules("fabric", {
  "duplicate-name": {
    severity: "error",
    message: ({ what, name }: { what: string; name: string }) => `two ${what}s are called \`${name}\``,
    label: "the second one",
  },
  "missing-resource": {
    severity: "error",
    message: ({ uplink }: { uplink: string }) => `uplink \`${uplink}\` attaches by sriov but names no resource`,
    label: "needs `resourceName`",
    help: "add `resourceName:` with the name that the device plugin announces",
  },
  "missing-interface": {
    severity: "error",
    message: ({ uplink, why }: { uplink: string; why: string }) =>
      `uplink \`${uplink}\` ${why} but has no \`interface\``,
    label: "needs `interface`",
    help: "add `interface:` with the name of a link; only macvlan and ipvlan find the link of the default route by themselves",
  },
  "pool-prefix": {
    severity: "error",
    message: ({ prefix, cidr }: { prefix: number; cidr: string }) => `a subnet of /${prefix} does not fit into ${cidr}`,
    label: "larger than the pool",
  },
  "same-interface": {
    severity: "error",
    message: ({ name, other, link }: { name: string; other: string; link: string }) =>
      `uplinks \`${other}\` and \`${name}\` are one link, \`${link}\``,
    label: "already another uplink's",
    help: "make it one uplink: a VLAN on one of them would be the same VLAN on the other",
  },
  "inside-vlan": {
    severity: "error",
    message: ({ name, link, vlan, other }: { name: string; link: string; vlan: number; other: string }) =>
      `uplink \`${name}\` is on \`${link}\`, the link of VLAN ${vlan} of uplink \`${other}\`: its VLANs run inside a network of that one`,
    label: "inside another uplink's VLAN",
    help: "give it a link of its own, or take the VLAN out of the other uplink's `vlans`",
  },
  "tagged-twice": {
    severity: "warning",
    message: ({ name, link }: { name: string; link: string }) =>
      `uplink \`${name}\` is on \`${link}\`, which is itself the link of a VLAN: VLANs on it are tagged twice (802.1ad)`,
    label: "the link of a VLAN",
    help: "write the parent link, or make sure that the switches support two tags and the MTU has room for 4 more bytes",
  },
  "overlapping-pools": {
    severity: "error",
    message: ({ a, b }: { a: string; b: string }) => `pool \`${a}\` overlaps pool \`${b}\``,
    label: "these addresses are in both",
  },
  "bad-vlan-interface": {
    severity: "error",
    message: () => "the name of a VLAN link must contain the VLAN",
    label: "no `{vlan}` in it",
    help: 'write `"{interface}.{vlan}"`',
  },
  "nodes-match-labels": {
    severity: "error",
    message: ({ uplink }: { uplink: string }) => `\`nodes\` of uplink \`${uplink}\` can only be labels`,
    label: "becomes the nodeSelector of pods",
    help: "write `nodes: {matchLabels: {…}}`",
  },
  "same-in-clusters": {
    severity: "error",
    message: ({ key }: { key: string }) => `\`${key}\` of a Fabric cannot differ by cluster`,
    label: "allocated once for all clusters",
    help: "write it once, in `spec`, or make a Fabric for the cluster",
  },
  "unknown-share": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) =>
      `\`shares\` names cluster \`${cluster}\`, which is not on this Fabric`,
    label: "not one of its clusters",
  },
});
