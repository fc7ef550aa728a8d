import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { NodePlace } from "../../../source/place.ts";
import { composeManifests } from "../../../yaml/compose-manifests.ts";
import { findDuplicateKey } from "../../../yaml/duplicate-key.ts";
import { toPlainValue } from "../../../yaml/plain-value.ts";
import { readBlockYaml } from "../../../yaml/read-block-yaml.ts";
import { findTooDeep } from "../../../yaml/too-deep.ts";
import { verifyRules } from "../../rules.ts";
import { type Fields, isFields, locateInManifest, type ReadManifest, readList, readText } from "./manifest.ts";
import { applyOperations, hasDirective, mergeStrategically } from "./merge-patch.ts";
import type { ReadPatches, WorkloadPatch } from "./workload-patch.ts";

/**
 * The patches of Kustomize components. A patch without a namespace is for that of its folder: `patches/<namespace>/…`. `releases`
 * are the HelmReleases of the project's manifests, by `namespace/name`: patches in their post-renderers are for what they make.
 */
export function readPatches(manifests: readonly ReadManifest[], releases: Releases = new Map()): ReadPatches {
  const patches: WorkloadPatch[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const component of manifests.filter((one) => one.kind === "Component")) {
    readList(component.value, "patches").forEach((entry, index) => {
      const place = locateInManifest(component, "patches", index, "patch");
      const read = readPatch({ component, place, namespace: folderOf(component), releases }, entry);
      if (typeof read !== "string") patches.push(...read);
      else {
        const what = `a patch in ${component.doc.file.path}`;
        diagnostics.push(
          verifyRules.diagnose("unreadable", locateInManifest(component, "patches", index), { what, why: read }),
        );
      }
    });
  }
  return { patches, diagnostics };
}

/** What a patch of a HelmRelease is for. */
export type Releases = ReadonlyMap<string, ReadManifest>;

interface Where {
  readonly component: ReadManifest;
  readonly place: NodePlace;
  /** For what names none itself. */
  readonly namespace: string;
  readonly releases: Releases;
}

function folderOf(component: ReadManifest): string {
  return /(?:^|\/)patches\/([^/]+)\//.exec(component.doc.file.path)?.[1] ?? "default";
}

function readPatch(where: Where, entry: unknown): readonly WorkloadPatch[] | string {
  const text = readText(entry, "patch");
  if (text === undefined) return "it holds no patch";
  const { component, place } = where;
  const intent = component.intent;
  const documents = parseTexts(text);
  if (!documents) return "it is no YAML";
  const target = targetOf(entry);
  if (typeof target === "string") return target;
  const patches: WorkloadPatch[] = [];
  for (const patch of documents) {
    if (Array.isArray(patch)) {
      if (!target) return "operations without a target";
      const { apiVersion: _any, ...named } = { namespace: where.namespace, ...target };
      const inner = named.kind === "HelmRelease" ? readRenderers(where, named, addedRenderers(patch)) : undefined;
      if (typeof inner === "string") return inner;
      const apply = (value: Fields) => applyOperations(value, patch);
      patches.push(...(inner ?? [{ ...named, place, intent, apply }]));
    } else if (isFields(patch) && !hasDirective(patch)) {
      const [kind, name] = [readText(patch, "kind"), readText(patch, "metadata", "name")];
      if (kind === undefined || name === undefined) return "it names no object";
      const own = { kind, name, apiVersion: readText(patch, "apiVersion") };
      const named = { namespace: readText(patch, "metadata", "namespace") ?? where.namespace, ...(target ?? own) };
      const inner = named.kind === "HelmRelease" ? readRenderers(where, named, mergedRenderers(patch)) : undefined;
      if (typeof inner === "string") return inner;
      const apply = (value: Fields) => mergeStrategically(value, patch) as Fields;
      patches.push(...(inner ?? [{ ...named, folder: where.namespace, place, intent, apply }]));
    } else return "it is neither a merge nor a list of operations";
  }
  return patches;
}

interface Target {
  readonly kind: string;
  readonly name: string;
  readonly apiVersion?: string | undefined;
  readonly namespace?: string;
}

/** What an entry is for, where it says so. Names are regular expressions: only those that stand for themselves are read. */
function targetOf(entry: unknown): Target | undefined | string {
  if (!isFields(entry) || entry.target === undefined) return undefined;
  const of = (key: string) => readText(entry, "target", key);
  const strange = Object.keys(entry.target as object).find((key) => !TARGET_KEYS.has(key));
  if (strange !== undefined) return `\`${strange}\` in its target`;
  const [kind, name, group, version, namespace] = ["kind", "name", "group", "version", "namespace"].map(of);
  if (kind === undefined || name === undefined) return "a target without a kind or a name";
  if (!/^([-a-z0-9.]|\\\.)+$/.test(name)) return "a target that is no single name";
  const apiVersion = version === undefined ? undefined : group === undefined ? version : `${group}/${version}`;
  return { kind, name: name.replaceAll("\\.", "."), apiVersion, ...(namespace !== undefined && { namespace }) };
}

const TARGET_KEYS: ReadonlySet<string> = new Set(["kind", "name", "group", "version", "namespace"]);

/** The post-renderers that operations add to a HelmRelease; a text is what else they do. */
function addedRenderers(operations: readonly unknown[]): readonly unknown[] | string {
  const added: unknown[] = [];
  for (const operation of operations) {
    const isAdded = readText(operation, "op") === "add" && readText(operation, "path") === "/spec/postRenderers/-";
    if (!isAdded || !isFields(operation)) return "operations that do more than to add a post-renderer";
    added.push(operation.value);
  }
  return added;
}

function mergedRenderers(patch: Fields): readonly unknown[] | string {
  const spec = patch.spec;
  const strange = Object.keys(isFields(spec) ? spec : {}).find((key) => key !== "postRenderers");
  return strange === undefined
    ? readList(patch, "spec", "postRenderers")
    : `\`spec.${strange}\` of a HelmRelease in it`;
}

/** The patches that helm-controller applies to what a chart renders. */
function readRenderers(
  where: Where,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  renderers: readonly unknown[] | string,
): readonly WorkloadPatch[] | string {
  if (typeof renderers === "string") return renderers;
  const moved = where.releases.get(`${where.namespace}/${name}`);
  const release = moved?.writtenNamespace === namespace ? moved : where.releases.get(`${namespace}/${name}`);
  if (!release) return `no manifest holds HelmRelease ${namespace}/${name}`;
  const inner = { ...where, namespace: readText(release.value, "spec", "targetNamespace") ?? release.namespace };
  const patches: WorkloadPatch[] = [];
  for (const renderer of renderers) {
    const kustomize = isFields(renderer) ? renderer.kustomize : undefined;
    const strange = [...keysOf(renderer, "kustomize"), ...keysOf(kustomize, "patches")][0];
    if (strange !== undefined) return `\`${strange}\` in a post-renderer`;
    for (const entry of readList(kustomize, "patches")) {
      const read = readPatch(inner, entry);
      if (typeof read === "string") return read;
      patches.push(...read);
    }
  }
  return patches;
}

function keysOf(value: unknown, known: string): readonly string[] {
  return isFields(value) ? Object.keys(value).filter((key) => key !== known) : [];
}

function parseTexts(text: string): readonly unknown[] | undefined {
  const fast = readBlockYaml(text);
  if (fast) return fast.filter((one) => one !== null);
  if (findTooDeep(text) !== undefined) return undefined;
  const { documents, odd } = composeManifests(text);
  if (findDuplicateKey(documents)) return undefined;
  if (documents.some((one) => one.errors.length > 0 || odd.get(one)?.length !== 0)) return undefined;
  const values = documents.map((one) => toPlainValue(one));
  return values.some((one) => one === undefined)
    ? undefined
    : values.flatMap((one) => (one && one.value !== null ? [one.value] : []));
}
