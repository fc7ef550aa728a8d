import type { SourceFile } from "./source-file.ts";

export type Path = readonly (string | number)[];

/** One YAML document of a file, as plain data. Where its nodes stand is found again only when a diagnostic asks. */
export interface SourceDocument {
  readonly file: SourceFile;
  /** 0-based index among the documents of the file that hold anything. */
  readonly index: number;
  readonly value: unknown;
}

/** A node of a document: its key (for "unknown key"), or its value. */
export interface NodePlace {
  readonly doc: SourceDocument;
  readonly path: Path;
  readonly on: "key" | "value";
}

/** A stretch of a text that is no YAML node: a syntax error, a line of a template, a lock entry. */
export interface TextPlace {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

export type Place = NodePlace | TextPlace;

/** The value at a path of a document. */
export function placeAt(doc: SourceDocument, ...path: Path): NodePlace {
  return { doc, path, on: "value" };
}

/** The key at a path of a document. */
export function placeAtKey(doc: SourceDocument, ...path: Path): NodePlace {
  return { doc, path, on: "key" };
}

/** A place below another one. */
export function placeBelow(place: NodePlace, ...path: Path): NodePlace {
  return { doc: place.doc, path: [...place.path, ...path], on: "value" };
}

/** A file as a whole, for what has no better place. */
export function placeAtFile(file: SourceFile): TextPlace {
  return { file, start: 0, end: 0 };
}

export function findFile(place: Place): SourceFile {
  const written = findOrigin(place);
  if (written) return written.doc.file;
  return "doc" in place ? place.doc.file : place.file;
}

type Origin = (path: Path) => Pick<NodePlace, "doc" | "path">;

/** Texts that nobody wrote: manifests that stand for what another file says. */
const origins = new WeakMap<SourceFile, Origin>();

/** From now on places in a file are shown where `origin` says that their value was written. */
export function setOrigin(file: SourceFile, origin: Origin): void {
  origins.set(file, origin);
}

/** Where a place was written, if its file is a text that nobody wrote. */
export function findOrigin(place: Place): NodePlace | undefined {
  const origin = origins.get("doc" in place ? place.doc.file : place.file);
  return origin && { ...origin("doc" in place ? place.path : []), on: "doc" in place ? place.on : "value" };
}
