import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { findOrigin, type NodePlace, type Path, type Place } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { type ComposedManifests, composeManifests } from "./compose-manifests.ts";
import { isMergeKey } from "./go-yaml-dialect.ts";
import { isTooLong, splitLongFile } from "./too-long.ts";

/** Half-open range of UTF-16 offsets in a file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Reading a text again costs more than reading it once fast; it happens only for files that a diagnostic names. */
const composed = new WeakMap<SourceFile, ComposedManifests>();

function composedOf(file: SourceFile): ComposedManifests {
  const known = composed.get(file);
  if (known) return known;
  const all = composeManifests(file.text);
  const filled = { ...all, documents: all.documents.filter(({ contents }) => !isNothing(contents)) };
  composed.set(file, filled);
  return filled;
}

/** Readers count no document that is empty or `null`. */
function isNothing(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

/**
 * Where a place stands in its file. A path that leads nowhere gives its nearest ancestor that exists; one in a document that
 * is too long to be composed gives the start of that document.
 */
export function findSpan(place: Place): Span {
  const written = findOrigin(place);
  if (written) return findSpan(written);
  if (!("doc" in place)) return { file: place.file, start: place.start, end: place.end };
  if (isTooLong(place.doc.file)) return spanInLongFile(place);
  const contents = composedOf(place.doc.file).documents[place.doc.index]?.contents;
  if (!contents) return { file: place.doc.file, start: 0, end: 0 };
  return spanBelow(place, contents as Node);
}

function spanInLongFile(place: NodePlace): Span {
  const { file, index, value } = place.doc;
  const { alone, start, composed } = splitLongFile(file)[index] ?? { alone: file, start: 0, composed: false };
  if (!composed) return firstLine({ file, start, end: file.text.length });
  const span = findSpan({ ...place, doc: { file: alone, index: 0, value } });
  return { file, start: start + span.start, end: start + span.end };
}

function spanBelow(place: NodePlace, root: Node): Span {
  const file = place.doc.file;
  let node: Node | null = root;
  let nearest = firstKeySpan(file, root);
  for (const [depth, step] of place.path.entries()) {
    const last = depth === place.path.length - 1;
    const pair = pairAt(node, step);
    if (pair) {
      const key = nodeSpan(file, pair.key as Node | null);
      const value = nodeSpan(file, pair.value as Node | null);
      if (last && place.on === "key") return key ?? nearest;
      if (last) return value && value.end > value.start ? trimSpan(value) : (key ?? nearest);
      nearest = key ?? nearest;
      node = pair.value as Node | null;
      continue;
    }
    const merge = mergedAt(place, depth, node);
    if (merge) return nodeSpan(file, merge) ?? nearest;
    const item: Node | null = isSeq(node) && typeof step === "number" ? ((node.items[step] as Node) ?? null) : null;
    if (!item) return nearest;
    const span = nodeSpan(file, item);
    if (last) return span ? trimSpan(span) : nearest;
    nearest = span ? firstLine(trimSpan(span)) : nearest;
    node = item;
  }
  return nearest;
}

/** The merge key of a map that a step of a path came by, which no key of its own is. */
function mergedAt({ doc, path }: NodePlace, depth: number, node: Node | null): Node | undefined {
  if (!isMap(node) || findValue(doc.value, path.slice(0, depth + 1)) === undefined) return undefined;
  return node.items.find(isMergeKey)?.key as Node | undefined;
}

function pairAt(node: Node | null, step: string | number): Pair | undefined {
  if (!isMap(node)) return undefined;
  const wanted = String(step);
  return node.items.find((pair) => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key)) === wanted);
}

function nodeSpan(file: SourceFile, node: Node | null): Span | undefined {
  const range = node?.range;
  if (!range) return undefined;
  const { original } = composedOf(file);
  return { file, start: original(range[0]), end: original(range[1]) };
}

/** The root of a document is pointed at by its first key: underlining a whole file says nothing. */
function firstKeySpan(file: SourceFile, root: Node): Span {
  const first = isMap(root) ? (root.items[0]?.key as Node | undefined) : undefined;
  return nodeSpan(file, first ?? root) ?? { file, start: 0, end: 0 };
}

/** Block nodes end after their last line end; nobody wants that underlined. */
function trimSpan(span: Span): Span {
  const text = span.file.text.slice(span.start, span.end);
  return { file: span.file, start: span.start, end: span.start + text.trimEnd().length };
}

function firstLine(span: Span): Span {
  const stop = span.file.text.indexOf("\n", span.start);
  return stop === -1 || stop > span.end ? span : { file: span.file, start: span.start, end: stop };
}

/** The value of a path in plain data, or undefined. Own properties only. */
export function findValue(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}
