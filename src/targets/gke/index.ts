import { findZonePodsOutside } from "../shared/kubernetes/zone-pods-outside.ts";
import type { Target } from "../target.ts";
import { lowerToGke } from "./lower.ts";
import { gkeRules } from "./rules.ts";

export const gke: Target = {
  name: "gke",
  summary: "Network and GKENetworkParamSet, and the interfaces annotation",
  maturity: "stable",
  supports: {
    zone: "yes",
    "zone-physical": "yes",
    openings: "yes",
    dhcp: "yes",
    routes: "partly",
    external: "partly",
  },
  notes: {
    "zone-physical": "the uplink is a VPC of its own",
    dhcp: "the VPC gives addresses",
    external: "not for pods of a zone, whose NetworkPolicies hold on every network of a pod",
    legs: "no next hop there can be a pod",
    routes: "through the router of an external network, never to a gateway pod",
  },
  rules: gkeRules,
  findUnsupported: findZonePodsOutside,
  lower: lowerToGke,
};
