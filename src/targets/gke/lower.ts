import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { InterfaceManifests, LoweredObjects, PodInterface } from "../../ir/manifest.ts";
import type { Plan } from "../../ir/plan.ts";
import { buildNamespaces } from "../shared/kubernetes/namespaces.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import { buildGkeNetwork, checkVpcs, formatGkeNetworkName, GROUP } from "./networks.ts";
import { buildGkePatches, DEFAULT_INTERFACE, formatDeviceResource, INTERFACES } from "./pod-patches.ts";
import { gkeRules } from "./rules.ts";

/** A plan as networks of GKE: a VPC behind each, and an annotation on the pods that are on it. */
export function lowerToGke(plan: Plan): LoweredObjects {
  const found: Diagnostic[] = [];
  checkVpcs(plan.networks, plan.cluster, found);
  const patches = buildGkePatches(plan, found);
  const boundaries = plan.zones.flatMap((boundary) => buildZoneManifests(boundary, plan, found));
  const admitted = new Set(plan.policyRules.map((one) => one.network));
  if (!hasErrors(found))
    for (const { intent, origin } of plan.networks)
      if (admitted.has(intent) && !plan.audited.includes(intent))
        found.push(gkeRules.diagnose("policy-not-enforced", origin, { network: intent }));
  return {
    manifests: [
      ...buildNamespaces(plan.namespaces),
      ...boundaries,
      ...plan.networks.flatMap((network) => buildGkeNetwork(network, plan.cluster)),
    ],
    patches,
    attaching: { keys: [INTERFACES, DEFAULT_INTERFACE], names: plan.networks.map(formatGkeNetworkName) },
    objectsOf,
    diagnostics: found,
  };
}

/** The Network, and what a pod asks for where it is one of devices. */
function objectsOf({ network }: PodInterface): InterfaceManifests {
  return {
    object: { apiVersion: `${GROUP}/v1`, kind: "Network", name: formatGkeNetworkName(network) },
    attach: network.link.attach === "sriov" ? "device" : "vpc",
    ...(network.link.attach === "sriov" && { device: formatDeviceResource(network) }),
  };
}
