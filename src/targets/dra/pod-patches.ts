import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../ir/manifest.ts";
import type { Network, Plan } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { NETWORKS_ANNOTATION } from "../../workloads/network-annotation.ts";
import { patchNodeSelector } from "../shared/kubernetes/node-selector.ts";
import { buildClaim, type ClaimObjects } from "./claims.ts";
import { buildClaimedInterface, type ClaimedInterface, listGatewayInterfaces } from "./slot.ts";

/** One patch per workload: a claim for each of its interfaces. A changed claim has another name, so its pods are rolled. */
export function buildDraPatches(
  plan: Plan,
  networks: ReadonlyMap<string, Network>,
  objects: ClaimObjects,
  found: Diagnostic[],
): readonly PodPatch[] {
  const slots = new Map<Workload, ClaimedInterface[]>();
  const add = (workload: Workload, slot: ClaimedInterface): void => {
    const list = slots.get(workload);
    if (list) list.push(slot);
    else slots.set(workload, [slot]);
  };
  for (const attachment of plan.attachments) {
    const network = networks.get(attachment.network);
    if (network) add(attachment.workload, buildClaimedInterface(attachment, network));
  }
  for (const gateway of plan.gateways)
    gateway.adopted.forEach((ref, index) => {
      const workload = plan.workloads.find(ref);
      const member = gateway.members[index];
      if (workload && member) for (const slot of listGatewayInterfaces(gateway, member, networks)) add(workload, slot);
    });
  return [...slots].map(([workload, own]): PodPatch => {
    const present = workload.annotations[NETWORKS_ANNOTATION];
    return {
      workload,
      intents: [...new Set(own.map((slot) => slot.owner.intent))].sort(),
      origin: (own[0] as ClaimedInterface).place,
      annotations: {},
      nodeSelector: patchNodeSelector(
        workload,
        own.map((slot) => slot.network.link),
        (own[0] as ClaimedInterface).place,
        found,
      ),
      resolvers: [],
      devices: {},
      claims: own.map((slot) => buildClaim(slot, plan.cluster, objects, found)),
      virtual: [],
      // What stands there by hand stays, so guards must let it in.
      admits: present === undefined ? [] : [present],
    };
  });
}
