import { type NodePlace, type Path, placeAt, type SourceDocument } from "../../../source/place.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** One Kubernetes object as it was read, with where it stands. */
export interface ReadManifest {
  readonly doc: SourceDocument;
  /** Where the object stands in its document: `[]`, or `["items", 3]` in a List. */
  readonly path: Path;
  readonly value: Fields;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for objects of the whole cluster. */
  readonly namespace: string;
  /** The namespace that the text names, where a kustomization puts the object into another one. */
  readonly writtenNamespace?: string;
  readonly name: string;
  /** What the object says it was made from: `isolationzone/pci`. */
  readonly intent: string | undefined;
}

/** `NetworkPolicy payments/zone-pci`. */
export function formatName(manifest: Pick<ReadManifest, "kind" | "namespace" | "name">): string {
  return `${manifest.kind} ${manifest.namespace === "" ? "" : `${manifest.namespace}/`}${manifest.name}`;
}

export function locateInManifest(manifest: ReadManifest, ...path: Path): NodePlace {
  return placeAt(manifest.doc, ...manifest.path, ...path);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map at a path; empty where there is none. */
export function readFields(value: unknown, ...path: Path): Fields {
  const found = walk(value, path);
  return isFields(found) ? found : {};
}

/** Whether anything stands under a key: to the API server, null is nothing. */
export function hasValue(fields: Fields, key: string): boolean {
  return Object.hasOwn(fields, key) && fields[key] !== undefined && fields[key] !== null;
}

export function readList(value: unknown, ...path: Path): readonly unknown[] {
  const found = walk(value, path);
  return Array.isArray(found) ? found : [];
}

export function readText(value: unknown, ...path: Path): string | undefined {
  const found = walk(value, path);
  return typeof found === "string" ? found : undefined;
}

export function readNumber(value: unknown, ...path: Path): number | undefined {
  const found = walk(value, path);
  return typeof found === "number" ? found : undefined;
}

export function readTexts(value: unknown, ...path: Path): readonly string[] {
  return readList(value, ...path).filter((one) => typeof one === "string");
}

/** A map of texts, such as labels; other values are left out. */
export function readLabels(value: unknown, ...path: Path): Readonly<Record<string, string>> {
  const found = readFields(value, ...path);
  const labels: Record<string, string> = {};
  for (const key of Object.keys(found)) if (typeof found[key] === "string") labels[key] = found[key];
  return labels;
}

function walk(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}
