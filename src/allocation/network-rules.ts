import { defineRules } from "../diagnostics/rules.ts";

export const networkRules = defineRules("network", {
  "no-fabric": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) => `no Fabric lists cluster \`${cluster}\``,
    label: "needs an uplink or a pool",
    help: "add the cluster to the `clusters` of a Fabric",
  },
  "two-fabrics": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) => `cluster \`${cluster}\` is on two Fabrics`,
    label: "the second one",
  },
  "missing-uplink": {
    severity: "error",
    message: ({ separation }: { separation: string }) => `\`separation: ${separation}\` needs an uplink`,
    label: "no `uplink` here",
  },
  "unknown-uplink": {
    severity: "error",
    message: ({ name, fabric }: { name: string; fabric: string }) => `Fabric \`${fabric}\` has no uplink \`${name}\``,
    label: "not an uplink",
  },
  "unknown-pool": {
    severity: "error",
    message: ({ name, fabric }: { name: string; fabric: string }) => `Fabric \`${fabric}\` has no pool \`${name}\``,
    label: "not a pool",
  },
  "no-pool": {
    severity: "error",
    message: ({ fabric }: { fabric: string }) =>
      `there are no \`subnets\`, and Fabric \`${fabric}\` has no pool to take one from`,
    label: "nothing to allocate from",
    help: "write `subnets: [10.10.0.0/24]`, or add a pool to the Fabric",
  },
  "same-family": {
    severity: "error",
    message: ({ family }: { family: string }) => `two subnets are both ${family}`,
    label: "the second of its family",
    help: "write one subnet per address family",
  },
  "vlan-out-of-range": {
    severity: "error",
    message: ({ vlan, uplink }: { vlan: number; uplink: string }) => `VLAN ${vlan} is not one of uplink \`${uplink}\``,
    label: "outside the uplink's `vlans`",
  },
  "vlan-on-untagged": {
    severity: "error",
    message: ({ uplink }: { uplink: string }) =>
      `uplink \`${uplink}\` has no \`vlans\`, so it is for untagged use only`,
    label: "needs a VLAN",
    help: "give the uplink `vlans`, or use `separation: physical`",
  },
  "interface-too-long": {
    severity: "error",
    message: ({ name }: { name: string }) => `the link \`${name}\` has more than 15 characters`,
    label: "Linux rejects this name",
    help: 'set `vlanInterface` to something shorter: `vlanInterface: "v{vlan}"`',
  },
  "mtu-above-uplink": {
    severity: "error",
    message: ({ mtu, uplink, limit }: { mtu: number; uplink: string; limit: number }) =>
      `an MTU of ${mtu} is above that of uplink \`${uplink}\`, which is ${limit}`,
    label: "larger than the MTU of the link",
  },
  "mtu-below-ipv6": {
    severity: "error",
    message: ({ mtu }: { mtu: number }) => `an MTU of ${mtu} is too small for IPv6, which needs 1280`,
    label: "below 1280",
  },
  "existing-twice": {
    severity: "error",
    message: ({ object, other }: { object: string; other: string }) => `${object} is already taken over by ${other}`,
    label: "the second one",
    help: "let one network take it over",
  },
  "overlapping-subnet": {
    severity: "error",
    message: ({ a, b, other }: { a: string; b: string; other: string }) => `subnet ${a} overlaps ${b} of ${other}`,
    label: "these addresses are already in use",
    help: "leave `subnets` out to have one allocated",
  },
  "overlaps-pod-network": {
    severity: "error",
    message: ({ a, b, what, cluster }: { a: string; b: string; what: string; cluster: string }) =>
      `subnet ${a} overlaps the ${what} network ${b} of cluster \`${cluster}\``,
    label: "used by the cluster itself",
  },
  "taken-by-platform": {
    severity: "error",
    message: ({ what, a, b, taken, cluster }: { what: string; a: string; b: string; taken: string; cluster: string }) =>
      `${what} ${a} overlaps ${b}, the ${taken} in cluster \`${cluster}\``,
    label: "used by the cluster itself",
  },
  "uplink-not-alone": {
    severity: "error",
    message: ({ uplink, other }: { uplink: string; other: string }) =>
      `uplink \`${uplink}\` is shared: ${other} uses it too`,
    label: "`separation: physical` allows no other network",
    help: "give one of the two another uplink",
  },
  "same-link": {
    severity: "error",
    message: ({ link, other }: { link: string; other: string }) => `the link \`${link}\` is that of ${other} too`,
    label: "one link, two networks",
    help: 'give the VLAN links of the uplinks different names: `vlanInterface: "d{vlan}"`; bridges need different VLANs',
  },
  "native-vlan": {
    severity: "error",
    message: ({ vlan, uplink, other }: { vlan: number; uplink: string; other: string }) =>
      `VLAN ${vlan} is the native VLAN of uplink \`${uplink}\`, so this is the network of ${other}, which is untagged there`,
    label: "the same network as the untagged one",
    help: "write another VLAN; if the switch ports have another native VLAN, write `nativeVlan:` at the uplink",
  },
  "differs-in-cluster": {
    severity: "error",
    message: ({ what, cluster, other }: { what: string; cluster: string; other: string }) =>
      `${what} differs between clusters \`${other}\` and \`${cluster}\`, which share one layer 2`,
    label: "differs from the other cluster",
    help: "write it once, outside `overrides`",
  },
  "missing-resource": {
    severity: "error",
    message: ({ uplink }: { uplink: string }) => `uplink \`${uplink}\` attaches by sriov but names no resource`,
    label: "needs `resourceName`",
    help: "add `resourceName:` with the name that the device plugin announces",
  },
  "subnet-too-small": {
    severity: "error",
    message: ({ subnet, cluster }: { subnet: string; cluster: string }) =>
      `subnet ${subnet} leaves no address for pods of cluster \`${cluster}\``,
    label: "no room for pods",
    help: "use a larger subnet, a larger share, or reserve less",
  },
  "outside-subnet": {
    severity: "error",
    message: ({ address, network }: { address: string; network: string }) => `${address} is in no subnet of ${network}`,
    label: "outside the subnet",
  },
  "not-a-host-address": {
    severity: "error",
    message: ({ address, what }: { address: string; what: string }) =>
      `${address} is the ${what} address of its subnet`,
    label: "no host can have it",
  },
  "reserved-address": {
    severity: "error",
    message: ({ address }: { address: string }) => `${address} is reserved`,
    label: "kept from pods",
  },
  "no-addresses": {
    severity: "error",
    message: ({ member }: { member: string }) => `${member} gets no address: the cluster has \`ipam: static\``,
    label: "needs `addresses`",
    help: "list the member with fixed `addresses`",
  },
  "guest-beside-pool": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `pods of ${network} get their addresses from the network, so a guest there cannot set its own`,
    label: "only with `addressing: none`",
    help: "write `addressing: none` on the network, or delete `setBy`",
  },
  "addressing-has-subnets": {
    severity: "error",
    message: ({ addressing }: { addressing: string }) =>
      `\`addressing: ${addressing}\` allocates nothing here, so members cannot have addresses`,
    label: "not with this addressing",
  },
});
