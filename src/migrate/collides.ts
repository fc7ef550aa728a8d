import type { Network } from "../ir/plan.ts";
import { fieldsAt } from "../verify/model/manifests/manifest.ts";
import { attachmentNames } from "./attachment-names.ts";
import type { ClusterObject } from "./object.ts";
import { sameObject } from "./object.ts";
import { phaseOf } from "./phase.ts";
import type { Side } from "./side.ts";
import { belongsTo, type Unit } from "./unit.ts";

/** OVN-Kubernetes reads it when a namespace is made, and never again. */
export const PRIMARY = "k8s.ovn.org/primary-user-defined-network";

/**
 * Why what a unit has now and what it is to have cannot stand side by side, in words; empty where they can: its pods can
 * then be restarted one by one.
 */
export function collisionsOf(unit: Unit, before: Side, after: Side): readonly string[] {
  const mine = belongsTo(unit);
  const [old, wanted] = [before, after].map((side) => [...side.objects.values()].filter(mine)) as [
    ClusterObject[],
    ClusterObject[],
  ];
  const reasons = wanted
    .filter((one) => phaseOf(one) === "network" && before.objects.has(one.id))
    .filter((one) => !sameObject(one, before.objects.get(one.id)))
    .map((one) => `${one.kind} ${one.name} is another one before and after`);
  const names = new Set(old.flatMap(attachmentNames));
  const taken = [...new Set(wanted.filter((one) => !before.objects.has(one.id)).flatMap(attachmentNames))];
  for (const name of taken.filter((one) => names.has(one)))
    reasons.push(`pods name both the old and the new network \`${name}\``);
  for (const one of namespacesMadeAnew(unit, before, after)) reasons.push(`namespace \`${one}\` is made anew`);
  if (reasons.length > 0) return reasons;
  const [linked, relinked] = [linkedBy(before), linkedBy(after)];
  const apart = unit.intents.filter((id) => !keepsAttachment(id, old, after));
  return apart.flatMap((id) => sharedBy(linked.get(id), relinked.get(id)));
}

/** Whether the object that gives out addresses is the same one for old and new pods: their leases are then in one book. */
function keepsAttachment(intent: string, old: readonly ClusterObject[], after: Side): boolean {
  const attachments = old.filter((one) => one.intent === intent && one.kind === "NetworkAttachmentDefinition");
  return attachments.length > 0 && attachments.every((one) => sameObject(one, after.objects.get(one.id)));
}

function linkedBy({ plan }: Side): ReadonlyMap<string, Network> {
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
export function namespacesMadeAnew(unit: Unit, before: Side, after: Side): readonly string[] {
  const primary = (one: ClusterObject | undefined) => Object.hasOwn(fieldsAt(one?.labels), PRIMARY);
  return [...after.objects.values()]
    .filter(belongsTo(unit))
    .filter((one) => one.kind === "Namespace" && primary(one) && !primary(before.objects.get(one.id)))
    .map((one) => one.name);
}
