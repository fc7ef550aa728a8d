import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { isReadTwoWays, readGoScalar } from "./go-scalar.ts";
import { applyMergeKey, createMergeState, type MergeState } from "./merge-keys.ts";

/** What the tools of Kubernetes do not agree on, or refuse. Offsets are of the text that was composed. */
export interface YamlAmbiguity {
  readonly what: "word" | "merge" | "tag" | "number";
  /** The scalar or the tag; of a merge key, why it cannot be followed. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

interface Reading {
  readonly found: YamlAmbiguity[];
  readonly merging: MergeState;
}

const CORE = "tag:yaml.org,2002:";
const CORE_TAGS = new Set(["str", "int", "float", "bool", "null", "map", "seq"].map((name) => CORE + name));

/**
 * Gives every plain scalar of a document the value that go-yaml reads, and every key its text; says what is not clear.
 * Merge keys stay, for `toJS`, which follows them where nothing is said of them here as go-yaml does.
 */
export function applyGoYamlDialect(document: Document): readonly YamlAmbiguity[] {
  const reading: Reading = { found: [], merging: createMergeState() };
  if (isNode(document.contents)) {
    const work = visit(document.contents, reading);
    const tooMuch = reading.merging.tooMuch(work);
    if (tooMuch) reading.found.push({ what: "merge", word: tooMuch, ...rangeOf(document.contents) });
  }
  return reading.found;
}

/** How much work it will be to write a node out. */
function visit(node: Node, reading: Reading): number {
  if (isAlias(node)) return 1;
  if (node.anchor) reading.merging.anchors.set(node.anchor, node);
  if (node.tag && !CORE_TAGS.has(node.tag)) note(reading, "tag", node.tag, node);
  let work = 1;
  if (isScalar(node)) readScalar(node, reading);
  else if (isSeq(node)) for (const item of node.items) work += isNode(item) ? visit(item, reading) : 1;
  else if (isMap(node)) work += visitMap(node, reading);
  reading.merging.done.set(node, work);
  return work;
}

function visitMap(map: YAMLMap, reading: Reading): number {
  let work = 0;
  for (const [index, pair] of map.items.entries()) {
    if (isNode(pair.value)) work += visit(pair.value, reading);
    if (isMergeKey(pair)) {
      const merged = applyMergeKey(map, index, reading.merging);
      if (typeof merged === "number") work += merged;
      else note(reading, "merge", merged, pair.key as Node);
    } else if (isScalar(pair.key)) readKey(pair.key, reading);
    else if (isNode(pair.key)) work += visit(pair.key, reading);
  }
  return work;
}

/** A plain `<<`; in quotes it is a key like any other. */
export function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<" && !key.tag;
}

function readScalar(scalar: Scalar, reading: Reading): void {
  const { source, tag } = scalar;
  if (source === undefined || (scalar.type !== "PLAIN" && !tag)) return;
  const value = tag === `${CORE}str` ? source : readGoScalar(source);
  if (tag && CORE_TAGS.has(tag) && !isOf(tag.slice(CORE.length), value)) note(reading, "tag", tag, scalar);
  scalar.value = value;
  if (!tag && isReadTwoWays(source)) note(reading, "word", source, scalar);
  if (typeof value === "number" && !Number.isFinite(value)) note(reading, "number", source, scalar);
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "bool") return typeof value === "boolean";
  if (type === "int") return Number.isInteger(value);
  return type === "float" ? typeof value === "number" : type === "str";
}

/** JSON has texts as keys and nothing else: of another key, each tool makes a text in its own way. */
function readKey(key: Scalar, reading: Reading): void {
  if (key.anchor) reading.merging.anchors.set(key.anchor, key);
  if (key.tag) note(reading, "tag", key.tag, key);
  if (key.type !== "PLAIN" || key.source === undefined) return;
  const value = readGoScalar(key.source);
  if (value === null || String(value) !== key.source || isReadTwoWays(key.source))
    note(reading, "word", key.source, key);
  key.value = key.source;
}

function note({ found }: Reading, what: YamlAmbiguity["what"], word: string, node: Node): void {
  found.push({ what, word, ...rangeOf(node) });
}

function rangeOf(node: Node): { readonly start: number; readonly end: number } {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: Math.max(end, start + 1) };
}
