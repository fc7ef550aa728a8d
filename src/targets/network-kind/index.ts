import { defineRules } from "../../diagnostics/rules.ts";
import type { Target } from "../target.ts";
import { lowerToNetworkKind } from "./lower.ts";

export const networkKind: Target = {
  name: "network-kind",
  summary: "NetworkKind, and claims on the networks that it names",
  maturity: "experimental",
  supports: {
    zone: "yes",
    "zone-vlan": "yes",
    "zone-physical": "yes",
    openings: "yes",
    "dual-stack": "yes",
    "own-range": "yes",
    "pool-addresses": "yes",
    dhcp: "yes",
    "layer2-only": "yes",
    sysctls: "yes",
    bandwidth: "partly",
    "plugin-fields": "yes",
    external: "yes",
  },
  notes: { bandwidth: "on bridges", legs: "no claim can ask for an address" },
  rules: defineRules("networkkind", {}),
  lower: lowerToNetworkKind,
};
