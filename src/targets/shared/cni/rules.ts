import { defineRules } from "../../../diagnostics/rules.ts";

export const multusRules = defineRules("multus", {
  "policy-not-enforced": {
    severity: "warning",
    message: ({ network, attach, cluster }: { network: string; attach: string; cluster: string }) =>
      `nothing in cluster \`${cluster}\` enforces policies on ${attach}, so ${network} is open among its members and to its gateways`,
    label: "fails open",
    help: "install a MultiNetworkPolicy controller and name the plugin in `platform.multiNetworkPolicy.plugins`",
  },
  "virtual-machine-address": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} cannot be given fixed \`addresses\`: KubeVirt asks Multus for none`,
    label: "would never be asked for",
    help: "write `range: {size: 1}` instead: a range of its own, of one address",
  },
  "nothing-to-match": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `${network} has no subnet, so no policy can name its members: it is open among them`,
    label: "no addresses to match",
    help: "write its `subnets`, also where a DHCP server gives out the addresses",
  },
  "icmp6-not-accepted": {
    severity: "error",
    message: ({ network, cluster }: { network: string; cluster: string }) =>
      `the policy controller of cluster \`${cluster}\` would drop ICMPv6, without which IPv6 on ${network} does not work`,
    label: "an IPv6 subnet",
    help: "run the controller with --accept-icmpv6 and set `platform.multiNetworkPolicy.acceptIcmp6: true`",
  },
  "range-too-wide": {
    severity: "error",
    message: ({ ports, count }: { ports: string; count: number }) =>
      `${ports} would be ${count} single ports in a MultiNetworkPolicy, which has no ranges`,
    label: "more than 64 ports",
    help: "narrow it, or set `platform.multiNetworkPolicy.endPort: true` if the controller takes ranges",
  },
  "migration-address": {
    severity: "warning",
    message: ({ ref, ipam }: { ref: string; ipam: string }) =>
      `${ipam} gives the pod of a live migration another address than ${ref} has`,
    label: "the guest keeps the old one",
    help: "write `addressing: none` and set the address in the guest, or `evictionStrategy: None` for a machine that never migrates",
  },
  "overlay-not-possible": {
    severity: "error",
    message: ({ network }: { network: string }) => `Multus has no overlay of its own for ${network}`,
    label: "not with target multus",
    help: "use `separation: vlan`, or a target that has overlays: ovn-kubernetes, kube-ovn",
  },
  "bandwidth-needs-bridge": {
    severity: "error",
    message: ({ attach }: { attach: string }) =>
      `bandwidth cannot be limited on ${attach}: the plugin needs a veth, which only bridge makes`,
    label: "no pod would start",
    help: "use `attach: bridge`, or drop `bandwidth`",
  },
  "dhcp-on-ipvlan": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `${network} cannot use dhcp on ipvlan: all its pods share one MAC address`,
    label: "dhcp tells clients apart by MAC",
    help: "use `attach: macvlan`, or `addressing: pool`",
  },
});
