import { appendAll } from "../diagnostics/append-all.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import type { Release, ReleaseObject, UnnamedPods, Workload, WorkloadRef, Workloads } from "../ir/workload.ts";
import { type Path, placeAt, type SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { isControlFile } from "../yaml/control-files.ts";
import { readDocuments } from "../yaml/read-documents.ts";
import { findValue } from "../yaml/span.ts";
import { formatDisplayName } from "./display-name.ts";
import { readWorkload } from "./read-workload.ts";
import { listReleasePods, readRelease } from "./releases.ts";
import { workloadRules } from "./rules.ts";

export interface ReadWorkloads {
  readonly value: Workloads;
  readonly diagnostics: readonly Diagnostic[];
}

/** `payments/Deployment/card`: unlike any other workload of a cluster. */
export function formatWorkloadKey(ref: WorkloadRef): string {
  return `${ref.namespace}/${ref.kind}/${ref.name}`;
}

/** Every workload of the project's manifests, lists opened, sorted by full name. */
export function readWorkloads(files: readonly WorkloadFile[]): ReadWorkloads {
  const byKey = new Map<string, Workload>();
  const unread: UnnamedPods[] = [];
  const releases: ReleaseObject[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, namespace, placed } of files) {
    const { documents, diagnostics: wrong } = readDocuments(file, "manifest");
    const found = [...wrong];
    const workloads = documents.flatMap((doc) =>
      objectsOf(doc).flatMap((path) => {
        const read = readWorkload(doc, { namespace, placed }, path);
        appendAll(found, read.diagnostics);
        if (read.unread) unread.push(read.unread);
        const release = readRelease(doc, path, { namespace, placed });
        if (release) releases.push(release);
        return read.workload ? [{ workload: read.workload, path }] : [];
      }),
    );
    // What cannot be read and names no kind that makes pods is nobody's business here.
    if (wrong.length > 0 && workloads.length === 0 && (!namesWorkload(file) || isControlFile(file))) continue;
    const template = found.length > 0 ? templateIn(file) : undefined;
    if (template) diagnostics.push(template);
    else {
      appendAll(diagnostics, found);
      for (const { workload, path } of workloads) add(byKey, workload, path, diagnostics);
    }
  }
  const all = [...byKey.values()];
  return { value: indexed(all, [...unread, ...undeclared(releases, all)], releases), diagnostics };
}

function releaseKey({ kind, namespace, name }: Release): string {
  return `${kind} ${namespace}/${name}`;
}

/** Releases whose workloads nobody declares, as far as it is known. */
function undeclared(releases: readonly ReleaseObject[], all: readonly Workload[]): readonly UnnamedPods[] {
  const known = new Set(all.flatMap(({ declared }) => (declared?.release ? [releaseKey(declared.release)] : [])));
  return releases.filter((one) => !known.has(releaseKey(one))).map(listReleasePods);
}

function namesWorkload(file: SourceFile): boolean {
  return (
    /\b(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|VirtualMachine|\w*List)\b/.test(file.text) ||
    !file.text.includes("kind:")
  );
}

/** What a template's errors come from. Braces in a manifest that can be read are nobody's business. */
function templateIn(file: SourceFile): Diagnostic | undefined {
  const match = /\{\{-?\s*[.$a-zA-Z"(]|\{%/.exec(file.text);
  return match
    ? workloadRules.diagnose("template", { file, start: match.index, end: match.index + match[0].length }, {})
    : undefined;
}

/** Paths of the objects in a document: itself, or its items. What has `items` is a list to all appliers, of whatever kind. */
function objectsOf(doc: SourceDocument, path: Path = []): readonly Path[] {
  const value = findValue(doc.value, path) as { kind?: unknown; items?: unknown } | undefined;
  if (typeof value?.kind !== "string" || !Array.isArray(value.items)) return [path];
  return value.items.flatMap((_item, index) => objectsOf(doc, [...path, "items", index]));
}

function add(byKey: Map<string, Workload>, workload: Workload, path: Path, diagnostics: Diagnostic[]): void {
  const key = formatWorkloadKey(workload);
  const first = byKey.get(key);
  if (!first) {
    byKey.set(key, workload);
    return;
  }
  const related = [{ place: placeAt(first.doc, "metadata", "name"), label: "the first one" }];
  const place = placeAt(workload.doc, ...path, "metadata", "name");
  diagnostics.push(workloadRules.diagnose("duplicate", place, { ref: formatDisplayName(workload) }, { related }));
}

function indexed(
  unsorted: readonly Workload[],
  unread: readonly UnnamedPods[],
  releases: readonly ReleaseObject[],
): Workloads {
  const all = [...unsorted].sort((a, b) => (formatWorkloadKey(a) < formatWorkloadKey(b) ? -1 : 1));
  const byKey = new Map(all.map((workload) => [formatWorkloadKey(workload), workload]));
  const byRelease = new Map(releases.map((one) => [releaseKey(one), one]));
  const [here, others] = [byNamespace(all), byNamespace(unread)];
  return {
    all,
    find: (ref) => byKey.get(formatWorkloadKey(ref)),
    inNamespace: (namespace) => here.get(namespace) ?? [],
    unreadIn: (namespace) => others.get(namespace) ?? [],
    release: (ref) => byRelease.get(releaseKey(ref)),
  };
}

function byNamespace<One extends WorkloadRef>(all: readonly One[]): ReadonlyMap<string, readonly One[]> {
  const found = new Map<string, One[]>();
  for (const one of all) {
    const list = found.get(one.namespace);
    if (list) list.push(one);
    else found.set(one.namespace, [one]);
  }
  return found;
}
