import { formatValue } from "../../source/format-value.ts";
import type { Path, TextPlace } from "../../source/place.ts";
import { findValue } from "../../yaml/span.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type LintDocument, locatePath } from "./lint-document.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A Kubernetes object of somebody's repository. */
export interface LintObject {
  readonly doc: LintDocument;
  /** Of the object in its document: not empty within a List. */
  readonly path: Path;
  readonly kind: string;
  readonly apiVersion: string;
  /** Undefined where it is missing, or filled in later. */
  readonly name: string | undefined;
  /** Undefined where it is not said, or filled in later: then it may be any. */
  readonly namespace: string | undefined;
  readonly value: Fields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that is what Kubernetes will see. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !isOpaque(value) ? value : undefined;
}

/** The group of an `apiVersion`, `""` for the core. */
export function parseApiGroup(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Whether an object is a template of one to be: its name comes later. Then it is not judged for what it lacks. */
export function isPlaceholder({ value }: LintObject): boolean {
  const name = findValue(value, ["metadata", "name"]);
  const spec = findValue(value, ["spec"]);
  return isOpaque(name) || isOpaque(spec);
}

/** The objects of a document; those of a list one by one. */
export function listObjects(doc: LintDocument): readonly LintObject[] {
  const { value } = doc;
  if (!isFields(value)) return [];
  const { kind } = value;
  // A Template of OpenShift; whatever has `items` is a list to appliers.
  const key = kind === "Template" ? "objects" : typeof kind === "string" ? "items" : "";
  const list = value[key];
  if (Array.isArray(list))
    return (list as readonly unknown[]).flatMap((item, index) =>
      isFields(item) ? [objectAt(doc, [key, index], item)] : [],
    );
  const object = objectAt(doc, [], value);
  return [object, ...nestedObjects(doc, object)];
}

/** Networks that others carry: values of charts, policies of fleets, resources of Crossplane. */
const CARRIED = /^(NetworkAttachmentDefinition|MultiNetworkPolicy|SriovNetwork|(Cluster)?UserDefinedNetwork)$/;
/** What describes objects rather than carrying them. */
const DESCRIBING = /^(kyverno\.io|apiextensions\.k8s\.io|admissionregistration\.k8s\.io|templates\.gatekeeper\.sh)\//;
const NESTED_MAX = 30;

function nestedObjects(doc: LintDocument, { value, apiVersion, kind }: LintObject): readonly LintObject[] {
  if (DESCRIBING.test(apiVersion) || CARRIED.test(kind)) return [];
  const objects: LintObject[] = [];
  const walk = (inner: unknown, path: Path): void => {
    if (path.length > NESTED_MAX || typeof inner !== "object" || inner === null) return;
    const fields = inner as Fields;
    const isObject = path.length > 0 && typeof fields.kind === "string" && typeof fields.apiVersion === "string";
    if (
      isObject &&
      CARRIED.test(formatValue(fields.kind)) &&
      isFields(fields.spec) &&
      Object.keys(fields.spec).length > 0
    )
      objects.push(objectAt(doc, path, fields));
    else if (Array.isArray(inner)) for (const [index, item] of inner.entries()) walk(item, [...path, index]);
    else for (const [key, item] of Object.entries(fields)) walk(item, [...path, key]);
  };
  walk(value, []);
  return objects;
}

function objectAt(doc: LintDocument, path: Path, value: Fields): LintObject {
  return {
    doc,
    path,
    kind: typeof value.kind === "string" ? value.kind : "",
    apiVersion: typeof value.apiVersion === "string" ? value.apiVersion : "",
    name: readText(findValue(value, ["metadata", "name"])),
    namespace: readText(findValue(value, ["metadata", "namespace"])),
    value,
  };
}

/** Where something of an object stands in its file. */
export function locateInObject(object: LintObject, path: Path, on: "key" | "value" = "value"): TextPlace {
  return locatePath(object.doc, [...object.path, ...path], on);
}

/** `Deployment media/plex`, or what of it is known. */
export function formatObjectName({ kind, namespace, name }: LintObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name ?? "without a name"}`;
}

/** What stands at a path of an object. */
export function readField(object: LintObject, ...path: Path): unknown {
  return findValue(object.value, path);
}
