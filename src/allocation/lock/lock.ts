import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { type Place, placeAt, placeAtFile, type SourceDocument } from "../../source/place.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { readDocuments } from "../../yaml/read-documents.ts";
import { lockRules } from "./rules.ts";

export const LOCK_VERSION = 1;

/** Values that were given out once. Keys are `<scope>/<intent id>/<field>`. */
export interface Lock {
  readonly entries: ReadonlyMap<string, string>;
  /** Of intents that are gone; not given out again until they are collected. */
  readonly released: ReadonlyMap<string, string>;
  /** Fields of objects that the API server lets nobody change. Keys are `cluster/<cluster>/<intent id>/<field>`. */
  readonly fixed: ReadonlyMap<string, string>;
  readonly doc: SourceDocument | undefined;
}

export const emptyLock: Lock = { entries: new Map(), released: new Map(), fixed: new Map(), doc: undefined };

export interface ReadLock {
  readonly value: Lock;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where an entry stands in the lock file. */
export function findLockEntry(lock: Lock, key: string): Place | undefined {
  const section = lock.entries.has(key) ? "entries" : lock.fixed.has(key) ? "fixed" : "released";
  return lock.doc && placeAt(lock.doc, section, key);
}

export function readLock(file: SourceFile | undefined): ReadLock {
  if (!file) return { value: emptyLock, diagnostics: [] };
  const marker = /^(<{7}|={7}|>{7}|\|{7})( |$)/m.exec(file.text);
  if (marker) {
    const place = { file, start: marker.index, end: marker.index + 7 };
    return { value: emptyLock, diagnostics: [lockRules.diagnose("half-merged", place, {})] };
  }
  const { documents, diagnostics } = readDocuments(file, "intent");
  const doc = documents[0];
  if (hasErrors(diagnostics)) return { value: emptyLock, diagnostics };
  const wrong = (problem: string, place: Place = placeAtFile(file)): ReadLock => ({
    value: emptyLock,
    diagnostics: [lockRules.diagnose("bad-shape", place, { problem })],
  });
  if (!doc || documents.length > 1) return wrong("is not one document");
  if (typeof doc.value !== "object" || doc.value === null || Array.isArray(doc.value)) return wrong("is no object");
  const { version, entries = {}, released = {}, fixed = {}, ...rest } = doc.value as Record<string, unknown>;
  if (typeof version === "number" && version > LOCK_VERSION) {
    const parameters = { found: String(version), known: LOCK_VERSION };
    return {
      value: emptyLock,
      diagnostics: [lockRules.diagnose("newer-version", placeAt(doc, "version"), parameters)],
    };
  }
  if (version !== LOCK_VERSION) return wrong("has no `version: 1`");
  const odd = Object.keys(rest)[0];
  if (odd !== undefined) return wrong("has a key that is not its own", { doc, path: [odd], on: "key" });
  const given = textEntries(doc, "entries", entries);
  const free = textEntries(doc, "released", released);
  const standing = textEntries(doc, "fixed", fixed);
  if ("problem" in given) return wrong(given.what, given.problem);
  if ("problem" in free) return wrong(free.what, free.problem);
  if ("problem" in standing) return wrong(standing.what, standing.problem);
  return { value: { entries: given.map, released: free.map, fixed: standing.map, doc }, diagnostics: [] };
}

/** Keys are written without quotes: what is no key of ours must not come in here and go out as something else. */
const KEY = /^(?:fabric|cluster)\/[\w./:-]*\w$/;

function textEntries(
  doc: SourceDocument,
  section: string,
  value: unknown,
): { readonly map: Map<string, string> } | { readonly problem: Place; readonly what: string } {
  const what = "has an entry that is no text or number";
  if (value === null) return { map: new Map() };
  if (typeof value !== "object" || Array.isArray(value)) return { problem: placeAt(doc, section), what };
  const map = new Map<string, string>();
  for (const [key, entry] of Object.entries(value)) {
    if (!KEY.test(key))
      return { problem: { doc, path: [section, key], on: "key" }, what: "has a key that is not its own" };
    if (typeof entry !== "string" && typeof entry !== "number") return { problem: placeAt(doc, section, key), what };
    map.set(key, String(entry));
  }
  return { map };
}

const HEADER = `# Values that plumbline has given out. Commit this file; do not edit it by hand.
# One entry a line, sorted, so that git merges it as text. After a conflict: plumbline compile --merge
`;

/** The text of a lock: sorted by code unit, one entry a line. */
export function formatLock(
  entries: ReadonlyMap<string, string>,
  released: ReadonlyMap<string, string>,
  fixed: ReadonlyMap<string, string>,
): string {
  const section = (name: string, map: ReadonlyMap<string, string>) =>
    map.size === 0
      ? `${name}: {}\n`
      : `${name}:\n${[...map.keys()]
          .sort()
          .map((key) => `  ${key}: ${quoteValue(map.get(key) as string)}\n`)
          .join("")}`;
  return `${HEADER}version: ${LOCK_VERSION}\n${section("entries", entries)}${section("released", released)}${
    fixed.size === 0 ? "" : section("fixed", fixed)
  }`;
}

/** Plain where YAML reads it back as the same text or number; IPv6 has colons, which is safe without a space after them. */
function quoteValue(value: string): string {
  return /^(\d{1,9}|\d+\.\d+\.\d+\.\d+(\/\d+|-\d+\.\d+\.\d+\.\d+)?|\d+\/\d+)$/.test(value)
    ? value
    : JSON.stringify(value);
}
