import { contentHash } from "../../../net/hash.ts";
import { repeatedKey } from "../../../yaml/repeated-key.ts";
import { byOrdinal } from "../manifests/admission-change.ts";
import { isFields, listAt, textAt } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import type { Guard } from "./read-guards.ts";

/** What the pods of a namespace name in their annotation, as they are once they are created. */
export interface NamedNetworks {
  /** Whole values. */
  readonly values: ReadonlySet<string>;
  /** Those of workloads that are changed here: a guard that does not know them keeps their pods out. */
  readonly needed: ReadonlySet<string>;
  /** `namespace/name` of what virtual machines are on, by how their interface is called: KubeVirt writes their pods' values. */
  readonly ofMachines: ReadonlySet<string>;
}

export const nothingNamed: NamedNetworks = { values: new Set(), needed: new Set(), ofMachines: new Set() };

const NETWORKS = "k8s.v1.cni.cncf.io/networks";

/** By namespace. */
export function namedNetworks(
  { pods, changed }: Model,
  ofPodAddresses: readonly Guard[] = [],
): ReadonlyMap<string, NamedNetworks> {
  const byStatefulSet = new Map<string, readonly string[]>(
    ofPodAddresses.flatMap((one) =>
      [...one.namespaces.names].map(
        (name) => [`StatefulSet ${name}/${one.data.statefulSet}`, byOrdinal(one.data, "value")] as const,
      ),
    ),
  );
  const found = new Map<string, { values: Set<string>; needed: Set<string>; ofMachines: Set<string> }>();
  for (const { id, namespace, annotations, manifest, spec } of pods) {
    const own = found.get(namespace) ?? { values: new Set(), needed: new Set(), ofMachines: new Set() };
    found.set(namespace, own);
    const value = annotations[NETWORKS];
    // Pods that differ by ordinal each have a value of their own, and none has that of all together.
    const each = byStatefulSet.get(id) ?? (value === undefined ? [] : [value]);
    for (const one of each) {
      own.values.add(asList(one));
      if (changed.has(id)) own.needed.add(asList(one));
    }
    if (manifest.kind !== "VirtualMachine") continue;
    for (const network of listAt(spec, "networks")) {
      const name = textAt(network, "multus", "networkName");
      const inside = textAt(network, "name") ?? "";
      if (name === undefined) continue;
      const whole = name.includes("/") ? name : `${namespace}/${name}`;
      own.ofMachines.add(`${whole} ${inside}`).add(`${whole} pod${contentHash(inside, 11)}`);
    }
  }
  return found;
}

/** A list in JSON without the space in it; anything else as it is. */
export function asList(value: string): string {
  const list = listIn(value);
  return list ? JSON.stringify(list) : value;
}

function listIn(value: string): readonly unknown[] | undefined {
  if (!value.trim().startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && repeatedKey(value) === undefined ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Whether pods of a namespace have a value, or are a virtual machine's. */
export function mayHave({ values, ofMachines }: NamedNetworks, value: string): boolean {
  if (values.has(asList(value))) return true;
  const list = ofMachines.size > 0 ? listIn(value) : undefined;
  return list?.every((one) => isFields(one) && ofMachines.has(nameIn(one))) ?? false;
}

function nameIn(one: object): string {
  return `${textAt(one, "namespace")}/${textAt(one, "name")} ${textAt(one, "interface")}`;
}
