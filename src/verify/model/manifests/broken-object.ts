import { formatValue } from "../../../source/format-value.ts";
import type { Path } from "../../../source/place.ts";
import { isFields } from "./manifest.ts";

/** What makes a value no object that an applier would take, and where in it that stands. */
export interface BrokenObject {
  readonly why: string;
  readonly path: Path;
}

/** Objects of Kustomize are files of its own, and need no name. */
const NAMELESS = /^kustomize\.config\.k8s\.io\//;

/** Whether a value has what the API server asks of every object: a type, and a name of its own. */
export function findBrokenObject(value: unknown): BrokenObject | undefined {
  if (!isFields(value)) return { why: `it is ${describeType(value)} and no object`, path: [] };
  const { apiVersion, kind, metadata } = value;
  for (const key of ["apiVersion", "kind"])
    if (!isName(value[key])) return { why: describeMissing(value, key), path: [key] };
  const isList = typeof kind === "string" && kind.endsWith("List") && Array.isArray(value.items);
  if (isList) return undefined;
  if (value.items !== undefined)
    return { why: "it has `items`, so appliers take it for a list and not for this object", path: ["items"] };
  if (NAMELESS.test(formatValue(apiVersion)) && metadata === undefined) return undefined;
  if (!isFields(metadata)) return { why: describeMissing(value, "metadata"), path: ["metadata"] };
  const { namespace } = metadata;
  if (namespace !== undefined && namespace !== null && typeof namespace !== "string")
    return { why: `its namespace is ${describeType(namespace)}`, path: ["metadata", "namespace"] };
  if (isName(metadata.name) || (metadata.name === undefined && NAMELESS.test(formatValue(apiVersion))))
    return undefined;
  return { why: describeMissing(metadata, "name"), path: ["metadata", "name"] };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function describeMissing(value: Readonly<Record<string, unknown>>, key: string): string {
  return value[key] === undefined ? `it has no ${key}` : `its ${key} is ${describeType(value[key])}`;
}

function describeType(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "empty";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "object":
      return "a map";
    case "string":
      return "a text";
    case "boolean":
      return "a yes or no";
    default:
      return "a number";
  }
}
