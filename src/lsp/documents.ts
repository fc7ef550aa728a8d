import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments } from "yaml";
import type { Path } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";

/** A scalar of a document: a key or a value, where it stands, and the path that leads to it. */
export interface DocumentScalar {
  readonly doc: number;
  readonly path: Path;
  readonly on: "key" | "value";
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
}

/** A file as an editor sees it: half-written texts have leaves too. */
export interface DocumentScalars {
  /** In the order in which they stand. */
  readonly all: readonly DocumentScalar[];
  /** Each document as plain data. */
  readonly values: readonly unknown[];
}

const known = new WeakMap<SourceFile, DocumentScalars>();

/** Every key and scalar of a file. Made once for each text. */
export function listScalars(file: SourceFile): DocumentScalars {
  const made = known.get(file) ?? parseScalars(file.text);
  known.set(file, made);
  return made;
}

export function parseScalars(text: string): DocumentScalars {
  const all: DocumentScalar[] = [];
  const documents = parseAllDocuments(text, { strict: false, logLevel: "silent", uniqueKeys: false });
  const list: readonly Document[] = Array.isArray(documents) ? documents : [];
  for (const [doc, { contents }] of list.entries()) collect(contents, [], doc, all);
  return { all, values: list.map(toPlainValue) };
}

function toPlainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function collect(node: unknown, path: Path, doc: number, all: DocumentScalar[]): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const below = [...path, String(key.value)];
      put(key, below, "key", doc, all);
      collect(value, below, doc, all);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) collect(item, [...path, index], doc, all);
  } else if (isScalar(node) && !isAlias(node)) put(node, path, "value", doc, all);
}

function put(
  node: Node & { readonly value: unknown },
  path: Path,
  on: DocumentScalar["on"],
  doc: number,
  all: DocumentScalar[],
): void {
  const [start, end] = node.range ?? [0, 0];
  all.push({ doc, path, on, value: node.value, start, end });
}

/** The key or scalar at an offset. One that ends there counts, since a cursor stands between letters. */
export function findScalarAt({ all }: DocumentScalars, offset: number): DocumentScalar | undefined {
  return (
    all.find((one) => one.start <= offset && offset < one.end) ??
    all.find((one) => one.end === offset && one.start < offset)
  );
}
