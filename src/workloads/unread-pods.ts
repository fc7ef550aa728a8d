import type { WorkloadFile } from "../ir/compiled.ts";
import type { UnnamedPods } from "../ir/workload.ts";
import type { Path, SourceDocument } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { readObjectType } from "./object-type.ts";

/** Where kinds that are not read as workloads keep what a pod is made of. */
const SPECS: readonly Path[] = [
  ["spec", "template", "spec"],
  ["spec", "jobTemplate", "spec", "template", "spec"],
  ["spec", "virtualMachineTemplate", "spec", "template", "spec"],
  ["spec"],
];

/** An object that makes pods, whatever its kind; undefined for one that makes none, or stands in no namespace. */
export function findUnnamedPods(
  doc: SourceDocument,
  path: Path,
  where: Pick<WorkloadFile, "namespace" | "placed">,
): UnnamedPods | undefined {
  const { kind } = readObjectType(doc, path);
  const read = (...key: Path) => findValue(doc.value, [...path, ...key]);
  const [name, generated] = [read("metadata", "name"), read("metadata", "generateName")];
  const namespace = where.placed ?? read("metadata", "namespace") ?? where.namespace;
  if (typeof kind !== "string" || typeof namespace !== "string") return undefined;
  // Without any name it is a patch, or a part of something else.
  const called = typeof name === "string" ? name : typeof generated === "string" ? `${generated}*` : undefined;
  if (called === undefined) return undefined;
  const makes = SPECS.some((spec) => Array.isArray(read(...spec, "containers")) || isMachine(kind, read(...spec)));
  return makes ? { doc, path, kind, name: called, namespace, named: typeof name === "string" } : undefined;
}

/** KubeVirt's kinds run a guest in a pod of its own. */
function isMachine(kind: string, spec: unknown): boolean {
  return kind.startsWith("VirtualMachine") && typeof findValue(spec, ["domain"]) === "object";
}
