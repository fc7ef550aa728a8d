import type { Target } from "../target.ts";
import { createDraInterfaceBuilder, lowerToDra } from "./lower.ts";
import { draRules } from "./rules.ts";

export const dra: Target = {
  name: "dra",
  summary: "ResourceClaimTemplates, and claims of the pods (drivers dranet and sriov)",
  maturity: "stable",
  supports: {
    zone: "yes",
    "zone-vlan": "yes",
    "zone-physical": "yes",
    openings: "yes",
    "dual-stack": "yes",
    "fixed-addresses": "yes",
    "own-range": "partly",
    "pool-addresses": "partly",
    dhcp: "yes",
    "layer2-only": "yes",
    "mac-addresses": "yes",
    sysctls: "partly",
    "plugin-fields": "partly",
    routes: "yes",
    external: "yes",
    network: "yes",
    firewall: "yes",
    legs: "yes",
    vpn: "yes",
    "vpn-selected": "yes",
  },
  notes: {
    traffic: "no policy holds on a link that a driver moves into a pod",
    "network-borders": "no policy holds on a link that a driver moves into a pod",
    "pool-addresses": "with the driver sriov",
    "own-range": "with dranet, ranges of one address",
    sysctls: "with the driver sriov",
    "plugin-fields": "with the driver sriov",
  },
  rules: draRules,
  lower: lowerToDra,
  createInterfaceBuilder: createDraInterfaceBuilder,
};
