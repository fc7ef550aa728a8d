import type { Target } from "../target.ts";
import { lower } from "./lower.ts";
import { multusRules } from "./rules.ts";

export const multus: Target = {
  name: "multus",
  summary: "NetworkAttachmentDefinitions and the networks annotation",
  maturity: "stable",
  supports: [
    "zone",
    "zone-physical",
    "fixed-addresses",
    "own-range",
    "dhcp",
    "external",
    "firewall",
    "vpn",
    "vpn-all",
    "virtual-machines",
  ],
  rules: multusRules,
  lower,
};
