import type { Target } from "../target.ts";
import { OVN_KUBERNETES } from "./cluster-network.ts";
import { createOvnInterfaceBuilder } from "./gateway-interfaces.ts";
import { lowerToOvn } from "./lower.ts";
import { ovnRules } from "./rules.ts";
import { findUnsupported } from "./unsupported.ts";

export const ovnKubernetes: Target = {
  name: OVN_KUBERNETES,
  summary: "ClusterUserDefinedNetworks: overlays by namespace, VLANs by annotation",
  maturity: "stable",
  supports: {
    zone: "yes",
    "zone-vlan": "yes",
    "zone-physical": "yes",
    "zone-overlay": "yes",
    "pool-addresses": "yes",
    openings: "partly",
    "dual-stack": "yes",
    "fixed-addresses": "partly",
    "layer2-only": "yes",
    "mac-addresses": "partly",
    routes: "partly",
    external: "yes",
    "hosts-only": "yes",
    firewall: "partly",
    legs: "partly",
    vpn: "partly",
    "vpn-all": "yes",
    "vpn-ipsec": "partly",
    "virtual-machines": "partly",
  },
  notes: {
    openings: "on an overlay only the resolver, the zone itself and addresses outside: no pods of the default network",
    "fixed-addresses": "on a VLAN or an uplink, and for every member or for none",
    "mac-addresses": "on a VLAN or an uplink",
    "virtual-machines": "on a VLAN or an uplink",
    "own-range": "OVN has one range for all pods of a network",
    dhcp: "OVN's attachments run no DHCP client",
    routes: "attachments carry a default route and no others: `defaultRoute: true` on every member",
    firewall: "between VLANs and uplinks; members reach it by their default route (`defaultRoute: true`)",
    legs: "on a VLAN or an uplink, beside a leg of multus",
    vpn: "for clients on a VLAN or an uplink, and for all of their traffic",
    "vpn-ipsec": "for clients on a VLAN or an uplink, and for all of their traffic",
    "vpn-selected":
      "attachments carry a default route and no others: write `destinations: [any]`, or give the VpnEgress `target: multus` and a `network` of its own",
  },
  rules: ovnRules,
  findUnsupported,
  lower: lowerToOvn,
  createInterfaceBuilder: createOvnInterfaceBuilder,
  defaultRouteOnly: true,
  ownAttachment: true,
};
