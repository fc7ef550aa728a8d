import { hashContent } from "../../../net/hash.ts";
import { findRepeatedKey } from "../../../yaml/repeated-key.ts";
import { listByOrdinal } from "../manifests/admission-change.ts";
import { isFields, readList, readText } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import type { BoundAdmissionPolicy } from "./read-policies.ts";

/** What the pods of a namespace name in their annotation, as they are once they are created. */
export interface NetworkNames {
  /** Whole values. */
  readonly values: ReadonlySet<string>;
  /** Those of workloads that are changed here: a guard that does not know them keeps their pods out. */
  readonly needed: ReadonlySet<string>;
  /** `namespace/name` of what virtual machines are on, by how their interface is called: KubeVirt writes their pods' values. */
  readonly ofMachines: ReadonlySet<string>;
}

export const noNetworkNames: NetworkNames = { values: new Set(), needed: new Set(), ofMachines: new Set() };

const NETWORKS = "k8s.v1.cni.cncf.io/networks";

/** By namespace. */
export function collectNetworkNames(
  { pods, changed }: Model,
  ofPodAddresses: readonly BoundAdmissionPolicy[] = [],
): ReadonlyMap<string, NetworkNames> {
  const byStatefulSet = new Map<string, readonly string[]>(
    ofPodAddresses.flatMap((one) =>
      [...one.namespaces.names].map(
        (name) => [`StatefulSet ${name}/${one.data.statefulSet}`, listByOrdinal(one.data, "value")] as const,
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
      own.values.add(compactJsonList(one));
      if (changed.has(id)) own.needed.add(compactJsonList(one));
    }
    if (manifest.kind !== "VirtualMachine") continue;
    for (const network of readList(spec, "networks")) {
      const name = readText(network, "multus", "networkName");
      const inside = readText(network, "name") ?? "";
      if (name === undefined) continue;
      const whole = name.includes("/") ? name : `${namespace}/${name}`;
      own.ofMachines.add(`${whole} ${inside}`).add(`${whole} pod${hashContent(inside, 11)}`);
    }
  }
  return found;
}

/** A list in JSON without the space in it; anything else as it is. */
export function compactJsonList(value: string): string {
  const list = listIn(value);
  return list ? JSON.stringify(list) : value;
}

function listIn(value: string): readonly unknown[] | undefined {
  if (!value.trim().startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && findRepeatedKey(value) === undefined ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Whether pods of a namespace have a value, or are a virtual machine's. */
export function isKnownValue({ values, ofMachines }: NetworkNames, value: string): boolean {
  if (values.has(compactJsonList(value))) return true;
  const list = ofMachines.size > 0 ? listIn(value) : undefined;
  return list?.every((one) => isFields(one) && ofMachines.has(nameIn(one))) ?? false;
}

function nameIn(one: object): string {
  return `${readText(one, "namespace")}/${readText(one, "name")} ${readText(one, "interface")}`;
}
