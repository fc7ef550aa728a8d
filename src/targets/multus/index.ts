import { multusRules } from "../shared/cni/rules.ts";
import { findUnsupportedLimits } from "../shared/cni/unsupported-limits.ts";
import type { Target } from "../target.ts";
import { createMultusInterfaceBuilder, lowerToMultus } from "./lower.ts";

export const multus: Target = {
  name: "multus",
  summary: "NetworkAttachmentDefinitions and the networks annotation",
  maturity: "stable",
  supports: {
    zone: "yes",
    "zone-vlan": "yes",
    "zone-physical": "yes",
    openings: "yes",
    "dual-stack": "yes",
    "fixed-addresses": "yes",
    "per-pod-addresses": "yes",
    "own-range": "yes",
    "pool-addresses": "yes",
    dhcp: "yes",
    "layer2-only": "yes",
    "mac-addresses": "yes",
    sysctls: "yes",
    bandwidth: "partly",
    "plugin-fields": "yes",
    existing: "yes",
    routes: "yes",
    external: "yes",
    network: "yes",
    traffic: "partly",
    "network-borders": "yes",
    "hosts-only": "yes",
    firewall: "yes",
    legs: "yes",
    vpn: "yes",
    "vpn-selected": "yes",
    "vpn-all": "yes",
    "vpn-ipsec": "yes",
    "virtual-machines": "yes",
  },
  notes: {
    bandwidth: "on bridges",
    traffic: "on plugins of `platform.multiNetworkPolicy`",
  },
  findUnsupported: findUnsupportedLimits,
  rules: multusRules,
  lower: lowerToMultus,
  createInterfaceBuilder: createMultusInterfaceBuilder,
};
