import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from "yaml";
import type { Path, TextPlace } from "../../source/place.ts";
import { toPlainValue } from "../../yaml/plain-value.ts";
import { readBlockYaml } from "../../yaml/read-block-yaml.ts";
import { composePart } from "./compose.ts";
import type { DocumentText } from "./yaml-documents.ts";

/** A document of somebody's repository. */
export interface LintDocument {
  readonly part: DocumentText;
  readonly value: unknown;
  /** Whether the fast reader gave up on it: only then keys may stand twice. */
  readonly isSlow?: boolean;
}

/** Why a document was not read. */
export interface UnreadPart {
  readonly part: DocumentText;
  readonly offset: number;
}

/** Brackets that are open at once, far below where a reader would run out of stack. */
const DEPTH_MAX = 200;

/** Reads a part. What the fast reader gives up on goes to the `yaml` package; the values are the same. */
export function readPart(part: DocumentText): LintDocument | UnreadPart | undefined {
  const fast = readBlockYaml(part.text);
  if (fast) {
    const value = fast.find((one) => one !== null);
    return value === undefined ? undefined : { part, value };
  }
  if (isTooDeep(part.text)) return { part, offset: part.start };
  const { document, error } = composePart(part);
  if (error) return { part, offset: error.offset };
  if (document.contents === null) return undefined;
  const plain = toPlainValue(document);
  return plain ? { part, value: plain.value, isSlow: true } : { part, offset: part.start };
}

function isTooDeep(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 91 || code === 123) open++;
    else if (code === 93 || code === 125) open = Math.max(0, open - 1);
    if (open > DEPTH_MAX) return true;
  }
  return /^[ ]*(?:- ?){200}/m.test(text) || /^ {2000}/m.test(text);
}

/** The node at a path, its key, and the innermost key above it. */
export interface LocatedNode {
  readonly node: Node | undefined;
  readonly key: Node | undefined;
  readonly above: Node | undefined;
}

/** Follows a path through maps, sequences and aliases. */
export function findNode(doc: LintDocument, path: Path): LocatedNode {
  const { document } = composePart(doc.part);
  let node: Node | undefined = (document.contents as Node | null) ?? undefined;
  let key: Node | undefined;
  let above: Node | undefined;
  for (const step of path) {
    const inner: Node | undefined = isAlias(node) ? node.resolve(document) : node;
    above = key ?? above;
    key = undefined;
    if (isSeq(inner)) {
      node = (inner.items[Number(step)] as Node | undefined) ?? undefined;
    } else if (isMap(inner)) {
      const pair = findPair(inner.items, String(step));
      key = pair?.key as Node | undefined;
      node = (pair?.value as Node | null | undefined) ?? undefined;
    } else node = undefined;
    if (!node && !key) break;
  }
  return { node: isAlias(node) ? (node.resolve(document) ?? node) : node, key, above };
}

/** Of keys that stand twice, the last one counts. */
function findPair(items: readonly Pair[], wanted: string): Pair | undefined {
  return items.findLast((pair) => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key)) === wanted);
}

/** Where a path of a document stands in the file. A path that leads nowhere gives the nearest key above. */
export function locatePath(doc: LintDocument, path: Path, on: "key" | "value" = "value"): TextPlace {
  const { text, inFile } = composePart(doc.part);
  const { node, key, above } = findNode(doc, path);
  const chosen = on === "key" ? (key ?? node ?? above) : (skipEmpty(node) ?? key ?? above);
  const range = chosen?.range ?? firstKey(doc)?.range;
  if (!range) return { file: doc.part.file, start: doc.part.start, end: doc.part.start };
  const end = range[0] + Math.max(1, text.slice(range[0], range[1]).trimEnd().length);
  return { file: doc.part.file, start: inFile(range[0]), end: inFile(end - 1) + 1 };
}

/** An empty value has no place worth showing. */
function skipEmpty(node: Node | undefined): Node | undefined {
  const range = node?.range;
  return range && range[1] > range[0] ? node : undefined;
}

function firstKey(doc: LintDocument): Node | undefined {
  const root = composePart(doc.part).document.contents;
  return (isMap(root) ? (root.items[0]?.key as Node | undefined) : (root as Node | undefined)) ?? undefined;
}

/** The scalar at a path, with the text that it stands in. */
export function findScalar(
  doc: LintDocument,
  path: Path,
): { readonly scalar: Scalar; readonly text: string; inFile(offset: number): number } | undefined {
  const { text, inFile } = composePart(doc.part);
  const { node } = findNode(doc, path);
  return isScalar(node) ? { scalar: node, text, inFile } : undefined;
}
