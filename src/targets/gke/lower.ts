import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { InterfaceObjects, Lowered, PodInterface } from "../../ir/manifest.ts";
import type { Plan } from "../../ir/plan.ts";
import { boundaryManifests } from "../shared/kubernetes/boundary.ts";
import { namespaces } from "../shared/kubernetes/namespaces.ts";
import { checkNetworks, GROUP, networkName, networkObjects } from "./networks.ts";
import { DEFAULT_INTERFACE, deviceOf, INTERFACES, podPatches } from "./pod-patches.ts";
import { gkeRules } from "./rules.ts";

/** A plan as networks of GKE: a VPC behind each, and an annotation on the pods that are on it. */
export function lower(plan: Plan): Lowered {
  const found: Diagnostic[] = [];
  checkNetworks(plan.networks, plan.cluster, found);
  const patches = podPatches(plan, found);
  const boundaries = plan.boundaries.flatMap((boundary) => boundaryManifests(boundary, plan, found));
  const admitted = new Set(plan.admissions.map((one) => one.network));
  if (!hasErrors(found))
    for (const { intent, origin } of plan.networks)
      if (admitted.has(intent) && !plan.audited.includes(intent))
        found.push(gkeRules.diagnose("policy-not-enforced", origin, { network: intent }));
  return {
    manifests: [
      ...namespaces(plan.namespaces),
      ...boundaries,
      ...plan.networks.flatMap((network) => networkObjects(network, plan.cluster)),
    ],
    patches,
    attaching: { keys: [INTERFACES, DEFAULT_INTERFACE], names: plan.networks.map(networkName) },
    objectsOf,
    diagnostics: found,
  };
}

/** The Network, and what a pod asks for where it is one of devices. */
function objectsOf({ network }: PodInterface): InterfaceObjects {
  return {
    object: { apiVersion: `${GROUP}/v1`, kind: "Network", name: networkName(network) },
    attach: network.link.attach === "sriov" ? "device" : "vpc",
    ...(network.link.attach === "sriov" && { device: deviceOf(network) }),
  };
}
