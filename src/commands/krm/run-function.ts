import { compile } from "../../compile.ts";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { Compiled, OutputFile } from "../../ir/compiled.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { readDocuments } from "../../yaml/read-documents.ts";
import {
  isJsonObject,
  type Json,
  type ResourceList,
  readTextField,
  withAnnotations,
  withItemPath,
} from "./resource-list.ts";
import { buildResult } from "./results.ts";
import { buildInputs, LOCK_KEY, LOCK_NAME, type SortedItems, sortItems } from "./sort-items.ts";
import { recordPatch } from "./unpatch.ts";

export interface FunctionRun {
  readonly list: Json;
  readonly diagnostics: readonly Diagnostic[];
  /** Why the list cannot be used at all. */
  readonly problem?: string;
}

/** Items that only plumbline reads: appliers leave them out. */
const LOCAL = { "config.kubernetes.io/local-config": "true" };

/**
 * A list with what its intents mean: workloads patched, objects of plumbline added or made anew, the lock kept. With an error
 * the items come back as they are. Pure.
 */
export function runFunction(list: ResourceList): FunctionRun {
  const refuse = (problem: string): FunctionRun => ({
    list: { ...list.whole, results: [{ message: problem, severity: "error" }] },
    diagnostics: [],
    problem,
  });
  const sorted = sortItems(list);
  if (typeof sorted === "string") return refuse(sorted);
  const { inputs, itemOf } = buildInputs(sorted);
  const compiled = compile(inputs);
  const { project, diagnostics } = compiled;
  const results = diagnostics.map((one) => buildResult(one, itemOf));
  if (!project || hasErrors(diagnostics)) return { list: { ...list.whole, results }, diagnostics };
  const names = project.clusters.map((one) => one.name);
  const cluster = sorted.cluster ?? (names.length === 1 ? names[0] : undefined);
  if (cluster === undefined || !names.includes(cluster))
    return refuse(
      `a list is for one cluster: name it as data.cluster of a ConfigMap as functionConfig (${names.join(", ")})`,
    );
  const files = compiled.files
    .filter((file) => file.path.startsWith(`${cluster}/`))
    .map((file) => ({ ...file, path: file.path.slice(cluster.length + 1) }));
  const items = [
    ...applyPatches(sorted, files),
    ...sorted.intents.map((one) => withAnnotations(one, LOCAL)),
    ...list.items.filter((one) => one === sorted.project).map((one) => withAnnotations(one, LOCAL)),
    ...objectsOf(files, `${project.out}/${cluster}`),
    lockItem(sorted, compiled),
  ];
  return { list: { ...list.whole, items, results: [...results, ...handoff(files)] }, diagnostics };
}

function isObject(file: OutputFile): boolean {
  return /\.yaml$/.test(file.path) && !/^(workloads|patches|gitops)\/|^kustomization\.yaml$/.test(file.path);
}

function valuesOf(file: SourceFile): readonly Json[] {
  return readDocuments(file, "manifest").documents.map((one) => one.value as Json);
}

/** Everything of plumbline's own, with the file that it would stand in. */
function objectsOf(files: readonly OutputFile[], folder: string): readonly Json[] {
  return files
    .filter(isObject)
    .flatMap((file) => valuesOf(file).map((value, index) => withItemPath(value, `${folder}/${file.path}`, index)));
}

/** `Deployment payments/card` */
function idOf(item: Json): string {
  return `${readTextField(item, "kind")} ${readTextField(item, "metadata", "namespace") ?? "default"}/${readTextField(item, "metadata", "name")}`;
}

/** The others, in their order; each workload with its patch. */
function applyPatches({ others }: SortedItems, files: readonly OutputFile[]): readonly Json[] {
  const whole = new Map(
    files
      .filter((file) => file.path.startsWith("workloads/"))
      .flatMap(valuesOf)
      .map((one) => [idOf(one), one]),
  );
  return others.map((item) => {
    const found = whole.get(idOf(item));
    if (!found) return item;
    if (readTextField(item, "metadata", "namespace") !== undefined) return recordPatch(item, found);
    // The namespace was not in the item, so it is not ours to add.
    const { namespace: _namespace, ...metadata } = found.metadata as Json;
    return recordPatch(item, { ...found, metadata });
  });
}

/** What was given out, where the next run finds it. */
function lockItem({ lock }: SortedItems, compiled: Compiled): Json {
  const made = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: LOCK_NAME },
    data: { [LOCK_KEY]: compiled.lock ?? "" },
  };
  if (!lock) return withItemPath(withAnnotations(made, LOCAL), `${LOCK_NAME}.yaml`, 0);
  const data = isJsonObject(lock.data) ? lock.data : {};
  return withAnnotations({ ...lock, data: { ...data, ...made.data } }, LOCAL);
}

/** What people outside the cluster must do is no object. */
function handoff(files: readonly OutputFile[]): readonly Json[] {
  const text = files.find((file) => file.path === "handoff.md")?.text ?? "";
  const items = [...text.matchAll(/^- \[ \] (.+)$/gm)].map((match) => match[1] as string);
  return items.map((message) => ({ message, severity: "info", tags: { handoff: "true" } }));
}

/** Whether a run gave something out that the list does not keep yet. */
export function hasLockChanged(before: ResourceList, after: Json): boolean {
  const lockOf = (items: unknown) =>
    (Array.isArray(items) ? items : []).filter(
      (one: unknown) =>
        readTextField(one, "kind") === "ConfigMap" && readTextField(one, "metadata", "name") === LOCK_NAME,
    );
  const text = (items: unknown) => readTextField(lockOf(items)[0], "data", LOCK_KEY);
  return text(before.items) !== text(after.items);
}
