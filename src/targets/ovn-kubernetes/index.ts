import type { Target } from "../target.ts";
import { lacks } from "./lacks.ts";
import { lower } from "./lower.ts";
import { ovnRules } from "./rules.ts";

export const ovnKubernetes: Target = {
  name: "ovn-kubernetes",
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
    external: "yes",
    "hosts-only": "yes",
    "virtual-machines": "partly",
  },
  notes: {
    openings: "on an overlay only the resolver, the zone itself and addresses outside: no pods of the default network",
    "fixed-addresses": "on a VLAN or an uplink, and for every member or for none",
    "mac-addresses": "on a VLAN or an uplink",
    "virtual-machines": "on a VLAN or an uplink",
    "own-range": "OVN has one range for all pods of a network",
    dhcp: "OVN's attachments run no DHCP client",
    routes: "attachments carry no routes",
    firewall: "attachments carry no routes, so members would not find the firewall",
    vpn: "AdminPolicyBasedExternalRoute steers the default network only, and lets clear text out where no gateway answers: give the VpnEgress `target: multus` and a `network` of its own",
  },
  rules: ovnRules,
  lacks,
  lower,
};
