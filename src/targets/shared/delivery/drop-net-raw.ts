import type { PodPatch } from "../../../ir/manifest.ts";
import type { DefaultDenyZone, Plan } from "../../../ir/plan.ts";
import type { Workload } from "../../../ir/workload.ts";
import { CONTAINER_LISTS, readCapabilityDrops } from "../../../workloads/capability-drops.ts";

/** A container of a patch: `drop` is what it shall drop, where that is more than it drops already. */
export interface PatchedContainer {
  readonly list: (typeof CONTAINER_LISTS)[number];
  readonly name: string;
  readonly index: number;
  readonly drop: readonly string[] | undefined;
}

/**
 * Patches with what pods of boundaries, and pods on networks whose traffic is limited, drop besides. A workload that nothing else is patched of gets a patch for that alone: its
 * platform attaches whole namespaces, or it is no member, and the guard of its namespace refuses its pods all the same.
 */
export function addCapabilityDrops(patches: readonly PodPatch[], plan: Plan): readonly PodPatch[] {
  const byNamespace = new Map(plan.zones.flatMap((one) => one.namespaces.map((name) => [name, one] as const)));
  const limited = new Set(plan.networks.flatMap((one) => (one.limits === "none" ? [] : [one.intent])));
  // Policies on a network match addresses: nobody on it may send from those of others.
  const limitedPods = new Set(plan.attachments.flatMap((one) => (limited.has(one.network) ? [one.workload] : [])));
  const patched = new Set(patches.map((patch) => patch.workload));
  const more: PodPatch[] = [];
  for (const [namespace, { intent, origin }] of byNamespace)
    for (const workload of plan.workloads.inNamespace(namespace))
      if (!patched.has(workload) && !workload.hostNetwork) more.push({ ...empty, workload, intents: [intent], origin });
  return [
    ...patches.map((patch) => withDrop(patch, byNamespace, limitedPods)),
    ...more.map((patch) => withDrop(patch, byNamespace, limitedPods)).filter((patch) => patch.dropsRaw),
  ];
}

const empty = {
  annotations: {},
  nodeSelector: {},
  resolvers: [],
  devices: {},
  claims: [],
  virtual: [],
  admits: [],
} as const;

function withDrop(
  patch: PodPatch,
  byNamespace: ReadonlyMap<string, DefaultDenyZone>,
  limited: ReadonlySet<Workload>,
): PodPatch {
  const { workload } = patch;
  const boundary = byNamespace.get(workload.namespace);
  if (workload.kind === "VirtualMachine" || (boundary ? keepsNetRaw(workload, boundary) : !limited.has(workload)))
    return patch;
  const dropsRaw = listContainersToDrop(workload).length > 0;
  // Who names no container has them from elsewhere, and drops nothing that anybody knows of.
  return dropsRaw || workload.containers.length === 0 ? { ...patch, dropsRaw: true } : patch;
}

/** Whether a written exception lets pods of a workload keep NET_RAW. */
export function keepsNetRaw(workload: Workload, { exceptions }: DefaultDenyZone): boolean {
  return exceptions.some((one) => one.capability === "NET_RAW" && (!one.workload || one.workload === workload));
}

/**
 * The containers of each list in which one lacks NET_RAW, in the order of the manifest: an applier may put those that a patch
 * names in front, and init containers run in order. `drop` is the whole list, which a merge replaces.
 */
export function listContainersToDrop(workload: Workload): readonly PatchedContainer[] {
  const all = readCapabilityDrops(workload);
  return CONTAINER_LISTS.flatMap((list) => {
    const own = all.filter((one) => one.list === list);
    if (own.every((one) => one.dropsRaw)) return [];
    return own.map(({ name, index, drop, dropsRaw }) => ({
      list,
      name,
      index,
      drop: dropsRaw ? undefined : [...drop, "NET_RAW"],
    }));
  });
}
