import type { Network } from "../ir/plan.ts";
import { readFields } from "../verify/model/manifests/manifest.ts";
import { listAttachmentNames } from "./attachment-names.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { createUnitFilter, type MigrationUnit } from "./migration-unit.ts";
import type { ClusterObject } from "./object.ts";
import { isSameObject } from "./object.ts";
import { findPhase } from "./phase.ts";

/** OVN-Kubernetes reads it when a namespace is made, and never again. */
export const PRIMARY = "k8s.ovn.org/primary-user-defined-network";

/**
 * Why what a unit has now and what it is to have cannot stand side by side, in words; empty where they can: its pods can
 * then be restarted one by one.
 */
export function findCollisions(unit: MigrationUnit, before: EndpointState, after: EndpointState): readonly string[] {
  const mine = createUnitFilter(unit);
  const [old, wanted] = [before, after].map((side) => [...side.objects.values()].filter(mine)) as [
    ClusterObject[],
    ClusterObject[],
  ];
  const reasons = wanted
    .filter((one) => findPhase(one) === "network" && before.objects.has(one.id))
    .filter((one) => !isSameObject(one, before.objects.get(one.id)))
    .map((one) => `${one.kind} ${one.name} is another one before and after`);
  const names = new Set(old.flatMap(listAttachmentNames));
  const taken = [...new Set(wanted.filter((one) => !before.objects.has(one.id)).flatMap(listAttachmentNames))];
  for (const name of taken.filter((one) => names.has(one)))
    reasons.push(`pods name both the old and the new network \`${name}\``);
  for (const one of listNamespacesToRecreate(unit, before, after)) reasons.push(`namespace \`${one}\` is made anew`);
  if (reasons.length > 0) return reasons;
  const [linked, relinked] = [linkedBy(before), linkedBy(after)];
  const apart = unit.intents.filter((id) => !keepsAttachment(id, old, after));
  return apart.flatMap((id) => sharedBy(linked.get(id), relinked.get(id)));
}

/** Whether the object that gives out addresses is the same one for old and new pods: their leases are then in one book. */
function keepsAttachment(intent: string, old: readonly ClusterObject[], after: EndpointState): boolean {
  const attachments = old.filter((one) => one.intent === intent && one.kind === "NetworkAttachmentDefinition");
  return attachments.length > 0 && attachments.every((one) => isSameObject(one, after.objects.get(one.id)));
}

function linkedBy({ plan }: EndpointState): ReadonlyMap<string, Network> {
  return new Map(plan.networks.map((one) => [one.intent, one]));
}

/** What old and new pods of a network would fight about, were they there at once. */
function sharedBy(old: Network | undefined, now: Network | undefined): readonly string[] {
  if (!old || !now || old.link.separation === "overlay") return [];
  const given = ({ variants }: Network) => variants.some(({ ipam }) => ipam.mode === "pool" || ipam.mode === "fixed");
  // Who gives out the same subnet on one link knows nothing of the other's leases.
  if (given(old) && given(now)) return [`old and new pods of ${old.intent} would be given the same addresses`];
  if (old.link.attach === "sriov" && now.link.attach === "sriov") return [];
  return [`old and new pods of ${old.intent} would need the same interface of a node in two ways`];
}

/** Namespaces that need a label which only counts when they are made. */
export function listNamespacesToRecreate(
  unit: MigrationUnit,
  before: EndpointState,
  after: EndpointState,
): readonly string[] {
  const primary = (one: ClusterObject | undefined) => Object.hasOwn(readFields(one?.labels), PRIMARY);
  return [...after.objects.values()]
    .filter(createUnitFilter(unit))
    .filter((one) => one.kind === "Namespace" && primary(one) && !primary(before.objects.get(one.id)))
    .map((one) => one.name);
}
