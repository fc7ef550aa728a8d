import type { Target } from "../target.ts";
import { NAME } from "./cluster-network.ts";
import { lacks } from "./lacks.ts";
import { legs } from "./legs.ts";
import { lower } from "./lower.ts";
import { ovnRules } from "./rules.ts";

export const ovnKubernetes: Target = {
  name: NAME,
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
    legs: "partly",
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
    firewall:
      "OVN lets a port use the addresses that it gave it and no others, which a gateway must: give the FirewallPair `target: multus`",
    legs: "on a VLAN or an uplink whose every member has `addresses`, beside a leg of multus",
    vpn: "AdminPolicyBasedExternalRoute steers the default network only, and lets clear text out where no gateway answers: give the VpnEgress `target: multus` and a `network` of its own",
  },
  rules: ovnRules,
  lacks,
  lower,
  legs,
  defaultRouteOnly: true,
  ownAttachment: true,
};
