import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { placeAtFile } from "../../source/place.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { ADMISSION_NAMESPACE } from "../model/guards/read-policies.ts";
import { findUnexpectedVersion } from "../model/manifests/known-kinds.ts";
import {
  formatName,
  isFields,
  locateInManifest,
  type ReadManifest,
  readList,
  readText,
  readTexts,
} from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";
import { findNotAppliedMark } from "./not-applied-marks.ts";

/**
 * What is applied is what was read: the kustomization of the cluster lists every file that was proved and nothing else,
 * and changes nothing on the way; and every object is one that the API server takes for what it was read as.
 */
export function checkApplied(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const own = model.written.filter((one) => !/(^|\/)workloads\//.test(one.doc.file.path));
  return [
    ...own.flatMap(checkKind),
    ...own.flatMap((one) => ofAppliers(one, false)),
    ...model.parts.flatMap((one) => ofAppliers(one, true)),
    ...inNamespaces(model, own, watch),
    ...own.filter((one) => one.apiVersion.startsWith(KUSTOMIZE) && one.kind === "Component").flatMap(ofComponent),
    ...ofKustomizations(model, own),
  ];
}

const KUSTOMIZE = "kustomize.config.k8s.io/";

function reportNotApplied(manifest: ReadManifest, why: string, ...path: readonly string[]): Diagnostic {
  return verifyRules.diagnose("not-applied", locateInManifest(manifest, ...path), {
    what: describeManifest(manifest),
    why,
  });
}

function describeManifest(manifest: ReadManifest): string {
  return manifest.name === "" ? `the ${manifest.kind} ${manifest.doc.file.path}` : formatName(manifest);
}

function checkKind(manifest: ReadManifest): readonly Diagnostic[] {
  const why = findUnexpectedVersion(manifest.kind, manifest.apiVersion);
  return why === undefined ? [] : [reportNotApplied(manifest, why, "kind")];
}

function ofAppliers(manifest: ReadManifest, isPart: boolean): readonly Diagnostic[] {
  const found = findNotAppliedMark(manifest, isPart);
  if (!found) return [];
  return [
    reportNotApplied(
      manifest,
      `appliers heed its \`${found.key}\`, which is not meant`,
      "metadata",
      found.which,
      found.key,
    ),
  ];
}

/** Objects of namespaces that nobody means: an applier makes none, and nothing in them holds for the pods that are meant. */
function inNamespaces(model: Model, own: readonly ReadManifest[], { expected }: ExpectedIndex): readonly Diagnostic[] {
  const written = new Set(model.written);
  const known = new Set([
    ADMISSION_NAMESPACE,
    ...expected.zones.flatMap((zone) => zone.namespaces),
    ...expected.gatewayNamespaces.map((one) => one.name),
    // There before, as far as their pods tell; and those that every cluster has.
    ...model.pods.filter((pod) => !written.has(pod.manifest)).map((pod) => pod.namespace),
    ...expected.links.flatMap((link) => link.takesOver.map((one) => one.slice(0, one.indexOf("/")))),
    ...expected.kept.map((one) => one.slice(0, one.indexOf("/"))),
    ...["default", "kube-system"],
  ]);
  return own.flatMap((manifest) => {
    if (/(^|\/)gitops\//.test(manifest.doc.file.path)) return [];
    const name = manifest.kind === "Namespace" ? manifest.name : readText(manifest.value, "metadata", "namespace");
    if (name === undefined || known.has(name)) return [];
    return [reportNotApplied(manifest, `no intent is for the namespace ${name}`, "metadata")];
  });
}

/** A component does nothing but patch, and a patch is for no more than it names. */
function ofComponent(component: ReadManifest): readonly Diagnostic[] {
  const strange = findUnexpectedKey(component.value, ["apiVersion", "kind", "patches"]);
  if (strange !== undefined) return [reportNotApplied(component, `\`${strange}\` in it`, strange)];
  return readList(component.value, "patches").flatMap((patch) => {
    const other = findUnexpectedKey(patch, ["patch", "target"]);
    const target = isFields(patch)
      ? findUnexpectedKey(patch.target ?? {}, ["group", "version", "kind", "name", "namespace"])
      : "";
    const key = other ?? target;
    return key === undefined ? [] : [reportNotApplied(component, `\`${key}\` in a patch of it`, "patches")];
  });
}

function findUnexpectedKey(value: unknown, known: readonly string[]): string | undefined {
  return Object.keys(isFields(value) ? value : {}).find((key) => !known.includes(key));
}

/** The folder of the cluster, and those of patches and of GitOps objects, which are applied by themselves. */
function ofKustomizations({ cluster, paths }: Model, own: readonly ReadManifest[]): readonly Diagnostic[] {
  const all = [...paths.keys()];
  const some = all.find((path) => path.includes(`${cluster}/`));
  if (some === undefined) return [];
  const root = some.slice(0, some.indexOf(`${cluster}/`) + cluster.length + 1);
  const at = (path: string) => own.find((one) => one.doc.file.path === path && one.apiVersion.startsWith(KUSTOMIZE));
  const main = at(`${root}kustomization.yaml`);
  const apart = /^(patches|gitops)\//;
  const below = all.map((path) => path.slice(root.length)).filter((path) => path !== "kustomization.yaml");
  const [any] = paths.values();
  if (!main) {
    const what = `the output of ${cluster}`;
    return any
      ? [verifyRules.diagnose("not-applied", placeAtFile(any), { what, why: "no kustomization lists it" })]
      : [];
  }
  const beside = ["patches/", "gitops/"].flatMap((folder) => {
    const listing = at(`${root}${folder}kustomization.yaml`);
    const files = all
      .filter((path) => path.startsWith(root + folder))
      .map((path) => path.slice((root + folder).length));
    return listing
      ? checkKustomization(
          listing,
          files.filter((path) => path !== "kustomization.yaml"),
        )
      : [];
  });
  return [
    ...checkKustomization(
      main,
      below.filter((path) => !apart.test(path)),
    ),
    ...beside,
  ];
}

function checkKustomization(kustomization: ReadManifest, files: readonly string[]): readonly Diagnostic[] {
  const strange = findUnexpectedKey(kustomization.value, ["apiVersion", "kind", "resources"]);
  if (strange !== undefined) return [reportNotApplied(kustomization, `\`${strange}\` in it`, strange)];
  const listed = readTexts(kustomization.value, "resources");
  const there = new Set(files);
  const seen = new Set<string>();
  // One that adds nothing to what was seen stands there twice.
  const more = listed.find((one) => !there.has(one) || seen.size === seen.add(one).size);
  const named = new Set(listed);
  const less = files.find((one) => !named.has(one));
  if (more !== undefined)
    return [reportNotApplied(kustomization, `it lists ${more}, which is not what was read`, "resources")];
  return less === undefined ? [] : [reportNotApplied(kustomization, `it leaves out ${less}`, "resources")];
}
