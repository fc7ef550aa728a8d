import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { type Path, placeAt, placeAtFile, type SourceDocument, type TextPlace } from "../../../source/place.ts";
import type { SourceFile } from "../../../source/source-file.ts";
import { composeCached } from "../../../yaml/compose-manifests.ts";
import { findDuplicateKey } from "../../../yaml/duplicate-key.ts";
import { readCached } from "../../../yaml/parse-cache.ts";
import { toPlainValue } from "../../../yaml/plain-value.ts";
import { describeSyntaxError } from "../../../yaml/syntax-errors.ts";
import { findTooDeep } from "../../../yaml/too-deep.ts";
import { verifyRules } from "../../rules.ts";
import { findBrokenObject } from "./broken-object.ts";
import { describeAmbiguity } from "./describe-ambiguity.ts";
import { type Fields, isFields, type ReadManifest, readLabels, readText } from "./manifest.ts";

export interface ReadManifests {
  readonly manifests: readonly ReadManifest[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Where objects say which intent they were made from. */
const INTENT = "plumbline.dev/intent";

/** Kinds of no namespace; an object of any other kind without one is in `default`. */
const CLUSTER_WIDE = new Set([
  "Namespace",
  "AdminNetworkPolicy",
  "BaselineAdminNetworkPolicy",
  "ClusterNetworkPolicy",
  "ClusterUserDefinedNetwork",
  "ClusterNetworkConnect",
  "AdminPolicyBasedExternalRoute",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "GlobalNetworkPolicy",
  "CiliumClusterwideNetworkPolicy",
  "NodeNetworkConfigurationPolicy",
]);

/** With the findings of texts that cannot be read at all. */
export interface ReadObjects extends ReadManifests {
  readonly unread: readonly Diagnostic[];
}

/** Reads files that hold objects and nothing else, such as those of out/: what is no object is a finding. */
export function readObjects(files: readonly SourceFile[]): ReadObjects {
  const found: Diagnostic[] = [];
  const { manifests, diagnostics } = readManifests(files, "default", (doc, path, value) => {
    const broken = findBrokenObject(value);
    if (!broken) return;
    const parameters = { what: doc.file.path, why: broken.why };
    found.push(verifyRules.diagnose("unreadable", placeAt(doc, ...path, ...broken.path), parameters));
  });
  return { manifests, diagnostics: [...diagnostics, ...found], unread: diagnostics };
}

/** Whoever looks at every value that stands where an object may. */
type Look = (doc: SourceDocument, path: Path, value: unknown) => void;

/** The objects of YAML texts. `namespace` is for objects that name none; `placed` is where all of them go, whatever they name. */
export function readManifests(
  files: readonly SourceFile[],
  namespace = "default",
  look?: Look,
  placed?: string,
): ReadManifests {
  const manifests: ReadManifest[] = [];
  const diagnostics: Diagnostic[] = [];
  const unlisted = (doc: SourceDocument, path: Path) => {
    const parameters = { what: doc.file.path, why: "its `items` are no list, which is an empty one to kubectl" };
    diagnostics.push(verifyRules.diagnose("unreadable", placeAt(doc, ...path), parameters));
  };
  // Whoever looks at every value says more of it.
  const into: Into = { namespace, placed, manifests, look, unlisted: look ? undefined : unlisted };
  for (const file of files) {
    const values = readValues(file);
    if ("why" in values) {
      diagnostics.push(verifyRules.diagnose("unreadable", values.place, { what: file.path, why: values.why }));
      continue;
    }
    const filled = values.filter((value) => value !== null && value !== undefined);
    for (const [index, value] of filled.entries()) addObjects({ file, index, value }, [], value, into);
  }
  return { manifests, diagnostics };
}

/** Why a text is none, and where. */
interface NoYaml {
  readonly why: string;
  readonly place: TextPlace;
}

/** The documents of a text, or why it has none. */
function readValues(file: SourceFile): readonly unknown[] | NoYaml {
  const fast = readCached(file);
  if (fast) return fast;
  const deep = findTooDeep(file.text);
  if (deep !== undefined) return { why: "it is nested too deep", place: { file, start: deep, end: deep + 1 } };
  const { documents, odd, original } = composeCached(file);
  const broken = documents.flatMap((one) => one.errors)[0] ?? findDuplicateKey(documents);
  if (broken) {
    const [start, end] = [original(broken.pos[0]), original(broken.pos[1])];
    return { why: describeSyntaxError(broken.code), place: { file, start, end: Math.max(end, start + 1) } };
  }
  const unclear = documents.flatMap((one) => odd.get(one) ?? [])[0];
  if (unclear)
    return {
      why: describeAmbiguity(unclear),
      place: { file, start: original(unclear.start), end: original(unclear.end) },
    };
  const values = documents.map((one) => toPlainValue(one));
  return values.some((one) => one === undefined)
    ? { why: "its aliases cannot be followed", place: placeAtFile(file) }
    : values.flatMap((one) => (one ? [one.value] : []));
}

interface Into {
  readonly namespace: string;
  readonly placed: string | undefined;
  readonly manifests: ReadManifest[];
  readonly look: Look | undefined;
  /** Told of `items` that are no list. */
  readonly unlisted: ((doc: SourceDocument, path: Path) => void) | undefined;
}

/** Items of a list of one type need not repeat it. */
function ownOfItems(kind: string, apiVersion: unknown): Fields {
  return kind === "List" ? {} : { kind: kind.replace(/List$/, ""), apiVersion };
}

/**
 * Whatever has `items` is a list to kubectl, Argo CD and Flux, of whatever kind: they apply the items and not the object.
 * What is no list there is an empty one to kubectl, and nothing to Argo CD.
 */
function addObjects(doc: SourceDocument, path: Path, value: unknown, into: Into): void {
  into.look?.(doc, path, value);
  if (!isFields(value)) return;
  const kind = readText(value, "kind");
  if (kind !== undefined && Array.isArray(value.items)) {
    const own = ownOfItems(kind, value.apiVersion);
    value.items.forEach((item: unknown, index) => {
      const whole = isFields(item) ? { ...own, ...item } : item;
      addObjects(doc, [...path, "items", index], whole, into);
    });
    return;
  }
  if (kind !== undefined && value.items !== undefined) into.unlisted?.(doc, [...path, "items"]);
  const manifest = createReadManifest(doc, path, value, into.namespace, into.placed);
  if (manifest) into.manifests.push(manifest);
}

/** A name that the API server will complete, unlike any other's here; empty where there is none either. */
function generatedName(doc: SourceDocument, path: Path, value: Fields): string {
  const begin = readText(value, "metadata", "generateName");
  const where = [doc.file.path, doc.index, ...path].join(":");
  return begin === undefined ? "" : `${begin}* (${where})`;
}

/** An object; undefined for what has no kind, such as a values file. */
export function createReadManifest(
  doc: SourceDocument,
  path: Path,
  value: Fields,
  namespace: string,
  placed?: string,
): ReadManifest | undefined {
  const apiVersion = readText(value, "apiVersion");
  const kind = readText(value, "kind");
  if (apiVersion === undefined || kind === undefined) return undefined;
  const own = readText(value, "metadata", "namespace");
  // Kustomize renames the Namespace as well.
  const namespaceName = kind === "Namespace" && apiVersion === "v1" ? placed : undefined;
  return {
    doc,
    path,
    value,
    apiVersion,
    kind,
    namespace: CLUSTER_WIDE.has(kind) ? "" : (placed ?? own ?? namespace),
    ...(placed !== undefined && own !== undefined && own !== placed && { writtenNamespace: own }),
    name: namespaceName ?? readText(value, "metadata", "name") ?? generatedName(doc, path, value),
    intent: readLabels(value, "metadata", "labels")[INTENT] ?? readLabels(value, "metadata", "annotations")[INTENT],
  };
}
