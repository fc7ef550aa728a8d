import { defineRules } from "../../../diagnostics/rules.ts";

export const multusRules = defineRules("multus", {
  "policy-not-enforced": {
    severity: "warning",
    message: ({ network, attach, cluster }: { network: string; attach: string; cluster: string }) =>
      `nothing in cluster \`${cluster}\` enforces policies on ${attach}, so the members of ${network} and its gateways can connect to each other without limits`,
    label: "fails open",
    help: "install a MultiNetworkPolicy controller and name the plugin in `platform.multiNetworkPolicy.plugins`",
  },
  "virtual-machine-address": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} cannot be given fixed \`addresses\`: KubeVirt passes none to Multus`,
    label: "has no effect",
  },
  "nothing-to-match": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `${network} has no subnet, so no policy can select its members: they can all connect to each other`,
    label: "no addresses to match",
    help: "write its `subnets`, also if a DHCP server allocates the addresses",
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
  "routes-by-server": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `members of ${network} take their routes from the DHCP server, so these are not written`,
    label: "only as the server gives them",
    help: "let the DHCP server give these routes (option 121), or use `addressing: pool` or `addressing: static`",
  },
  "dhcp-on-ipvlan": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `${network} cannot use dhcp on ipvlan: all its pods share one MAC address`,
    label: "DHCP identifies clients by MAC address",
    help: "use `attach: macvlan`, or `addressing: pool`",
  },
});
