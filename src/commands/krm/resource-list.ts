import { readDocuments } from "../../yaml/read-documents.ts";

export type Json = Readonly<Record<string, unknown>>;

/** What a KRM function is given: objects, and one that says what to do. */
export interface ResourceList {
  readonly whole: Json;
  readonly functionConfig: Json | undefined;
  readonly items: readonly Json[];
}

/** The list of a text, or why it is none. */
export function readResourceList(text: string): ResourceList | string {
  const { documents, diagnostics } = readDocuments({ path: "<stdin>", text }, "manifest");
  const wrong = diagnostics[0];
  if (wrong) return wrong.message;
  const [first, ...more] = documents;
  if (!first || more.length > 0 || !isJsonObject(first.value) || first.value.kind !== "ResourceList")
    return "standard input holds no ResourceList";
  const { functionConfig, items = [] } = first.value;
  if (!Array.isArray(items) || !items.every(isJsonObject)) return "`items` is no list of objects";
  if (functionConfig !== undefined && functionConfig !== null && !isJsonObject(functionConfig))
    return "`functionConfig` is no object";
  return { whole: first.value, functionConfig: isJsonObject(functionConfig) ? functionConfig : undefined, items };
}

export function isJsonObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text below some keys; undefined where there is none. */
export function readTextField(value: unknown, ...path: readonly string[]): string | undefined {
  let at: unknown = value;
  for (const step of path) at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  return typeof at === "string" ? at : undefined;
}

const PATH = "config.kubernetes.io/path";
const INDEX = "config.kubernetes.io/index";

/** The file that an item stands in, as whoever runs the function says. */
export function readItemFile(item: Json): { readonly path: string; readonly index: number } | undefined {
  const path = readTextField(item, "metadata", "annotations", PATH);
  const index = Number(readTextField(item, "metadata", "annotations", INDEX) ?? "0");
  return path === undefined ? undefined : { path, index: Number.isSafeInteger(index) ? index : 0 };
}

/** An item with further annotations; those that it has stand. */
export function withAnnotations(item: Json, more: Readonly<Record<string, string>>): Json {
  const metadata = isJsonObject(item.metadata) ? item.metadata : {};
  const annotations = isJsonObject(metadata.annotations) ? metadata.annotations : {};
  return { ...item, metadata: { ...metadata, annotations: { ...more, ...annotations } } };
}

/** Where an item of ours is to be written, by both names that runners know. */
export function withItemPath(item: Json, path: string, index: number): Json {
  return withAnnotations(item, {
    [INDEX]: String(index),
    [PATH]: path,
    "internal.config.kubernetes.io/index": String(index),
    "internal.config.kubernetes.io/path": path,
  });
}
