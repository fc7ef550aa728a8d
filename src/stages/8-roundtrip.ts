import { appendAll } from "../diagnostics/append-all.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Manifest } from "../ir/manifest.ts";
import { formatValue } from "../source/format-value.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";
import type { LoweredPlan } from "./6-lower.ts";
import type { OwnTemplates } from "./render/templates.ts";
import { type CheckedObject, checkOwnTemplates, dedupeByPlace } from "./roundtrip/check-own-templates.ts";
import { outputRules } from "./roundtrip-rules.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads back what was rendered and holds every object against what was lowered: nothing missing, nothing more, every
 * field as meant. `out`: what the paths of `files` begin with. A template that drops or adds a word is noticed here, not in a cluster.
 */
export function checkRoundtrip(
  files: readonly SourceFile[],
  out: string,
  lowered: readonly LoweredPlan[],
  own: OwnTemplates = new Map(),
  domains: readonly string[] = [],
): { readonly value: undefined; readonly diagnostics: readonly Diagnostic[] } {
  const byPath = new Map(files.map((file) => [file.path.slice(out.length), file]));
  const found: Diagnostic[] = [];
  const ofTemplates: Diagnostic[] = [];
  for (const { plan, manifests } of lowered) {
    const byFile = new Map<string, Manifest[]>();
    for (const manifest of manifests) {
      const list = byFile.get(manifest.file);
      if (list) list.push(manifest);
      else byFile.set(manifest.file, [manifest]);
    }
    for (const [file, wanted] of byFile) {
      const path = `${plan.cluster.name}/${file}`;
      const checked = checkedOwn(wanted, own, domains);
      const wrong = [...checked.values()].flatMap((one) => one.diagnostics);
      // Whatever else a file with a broken object would say is an echo of that.
      if (wrong.length > 0) appendAll(ofTemplates, wrong);
      else appendAll(found, compare(path, byPath.get(path) ?? { path, text: "" }, wanted, checked));
    }
  }
  return { value: undefined, diagnostics: [...dedupeByPlace(ofTemplates), ...found] };
}

type Checked = ReadonlyMap<Manifest, CheckedObject>;

function checkedOwn(wanted: readonly Manifest[], own: OwnTemplates, domains: readonly string[]): Checked {
  if (own.size === 0) return new Map();
  return new Map(
    wanted.flatMap((one) => {
      const checked = checkOwnTemplates(one, own, domains);
      return checked ? [[one, checked] as const] : [];
    }),
  );
}

function compare(path: string, file: SourceFile, wanted: readonly Manifest[], checked: Checked): Diagnostic[] {
  const { documents, diagnostics } = readDocuments(file, "manifest");
  const place = wanted[0]?.origin;
  const notes = diagnostics.map((one) => one.message);
  if (diagnostics.length > 0 || documents.length !== wanted.length)
    return [outputRules.diagnose("unreadable", place, { path }, { notes })];
  return wanted.flatMap((manifest, index) => {
    const read = documents[index]?.value as Json;
    const ours = checked.get(manifest)?.value;
    if (ours === undefined ? isSameObject(read, manifest) : same(read, ours)) return [];
    const object = `${manifest.kind} ${manifest.metadata.name}`;
    return [outputRules.diagnose("not-as-meant", manifest.origin, { object, path })];
  });
}

function isSameObject(read: Json, { apiVersion, kind, metadata, data, parts }: Manifest): boolean {
  if (read.apiVersion !== apiVersion || read.kind !== kind || !same(read.metadata, metadata)) return false;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = read;
  if ("config" in data) return same(parsed((rest.spec as Json)?.config), data.config);
  if (parts) return same(Object.keys((rest.data as Json) ?? {}).sort(), Object.keys(parts).sort());
  if ("files" in data) return same(rest, { data: data.files });
  if ("body" in data) return same(rest, data.body);
  if ("spec" in data) return same(rest, { spec: data.spec });
  if ("pod" in data) return same(((rest.spec as Json)?.template as Json)?.spec, data.pod);
  return Object.keys(rest).length === 0;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(formatValue(text));
  } catch {
    return undefined;
  }
}

/** Equal as data: the order of keys does not count, that of lists does. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => same(one, b[index]))
    );
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same((a as Json)[key], (b as Json)[key]));
}
