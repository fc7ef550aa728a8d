import type { Target } from "../target.ts";
import { createKubeOvnInterfaceBuilder } from "./gateway-interfaces.ts";
import { lowerToKubeOvn } from "./lower.ts";
import { kubeOvnRules } from "./rules.ts";
import { KUBE_OVN } from "./subnet.ts";
import { findUnsupported } from "./unsupported.ts";

export const kubeOvn: Target = {
  name: KUBE_OVN,
  summary: "Vpc and Subnet: overlays by namespace, VLANs by annotation",
  maturity: "stable",
  supports: {
    zone: "yes",
    "zone-vlan": "partly",
    "zone-physical": "partly",
    "zone-overlay": "yes",
    openings: "partly",
    "dual-stack": "yes",
    "pool-addresses": "yes",
    "fixed-addresses": "partly",
    "per-pod-addresses": "yes",
    "own-range": "partly",
    "mac-addresses": "yes",
    routes: "partly",
    external: "partly",
    firewall: "partly",
    vpn: "partly",
    "vpn-selected": "yes",
    legs: "partly",
    "hosts-only": "yes",
  },
  notes: {
    "zone-vlan": "pods of one namespace",
    "zone-physical": "pods of one namespace",
    external: "pods of one namespace, and not of a zone unless `platform.kubeOvn.policyFor`",
    openings: "on an overlay only the zone itself and, by a VpcEgressGateway, addresses outside",
    "fixed-addresses": "of every family, and with one left for the subnet's gateway",
    "own-range": "of at most 256 addresses, and with one left for the subnet's gateway",
    firewall: "on VLANs and uplinks, with `platform.kubeOvn.policyFor`",
    legs: "on a VLAN or an uplink, with `platform.kubeOvn.policyFor`",
    routes: "on a VLAN or an uplink",
    vpn: "on VLANs and uplinks, with `platform.kubeOvn.policyFor`; a VpcEgressGateway does not encrypt",
  },
  rules: kubeOvnRules,
  findUnsupported,
  lower: lowerToKubeOvn,
  ownAttachment: true,
  createInterfaceBuilder: createKubeOvnInterfaceBuilder,
};
