import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { atFile } from "../../source/place.ts";
import type { Watch } from "../expected/index.ts";
import { GUARDS_NAMESPACE } from "../model/guards/read-guards.ts";
import { strayKind } from "../model/manifests/known-kinds.ts";
import { isFields, listAt, type Manifest, nameOf, placeIn, textAt, textsAt } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";
import { leftOut } from "./left-out.ts";

/**
 * What is applied is what was read: the kustomization of the cluster lists every file that was proved and nothing else,
 * and changes nothing on the way; and every object is one that the API server takes for what it was read as.
 */
export function applied(model: Model, watch: Watch): readonly Diagnostic[] {
  const own = model.written.filter((one) => !/(^|\/)workloads\//.test(one.doc.file.path));
  return [
    ...own.flatMap(ofKind),
    ...own.flatMap((one) => ofAppliers(one, false)),
    ...model.parts.flatMap((one) => ofAppliers(one, true)),
    ...inNamespaces(model, own, watch),
    ...own.filter((one) => one.apiVersion.startsWith(KUSTOMIZE) && one.kind === "Component").flatMap(ofComponent),
    ...ofKustomizations(model, own),
  ];
}

const KUSTOMIZE = "kustomize.config.k8s.io/";

function say(manifest: Manifest, why: string, ...path: readonly string[]): Diagnostic {
  return verifyRules.diagnose("not-applied", placeIn(manifest, ...path), { what: whatOf(manifest), why });
}

function whatOf(manifest: Manifest): string {
  return manifest.name === "" ? `the ${manifest.kind} ${manifest.doc.file.path}` : nameOf(manifest);
}

function ofKind(manifest: Manifest): readonly Diagnostic[] {
  const why = strayKind(manifest.kind, manifest.apiVersion);
  return why === undefined ? [] : [say(manifest, why, "kind")];
}

function ofAppliers(manifest: Manifest, isPart: boolean): readonly Diagnostic[] {
  const found = leftOut(manifest, isPart);
  if (!found) return [];
  return [say(manifest, `appliers heed its \`${found.key}\`, which is not meant`, "metadata", found.which, found.key)];
}

/** Objects of namespaces that nobody means: an applier makes none, and nothing in them holds for the pods that are meant. */
function inNamespaces(model: Model, own: readonly Manifest[], { meaning }: Watch): readonly Diagnostic[] {
  const written = new Set(model.written);
  const known = new Set([
    GUARDS_NAMESPACE,
    ...meaning.zones.flatMap((zone) => zone.namespaces),
    ...meaning.gatewayNamespaces.map((one) => one.name),
    // There before, as far as their pods tell; and those that every cluster has.
    ...model.pods.filter((pod) => !written.has(pod.manifest)).map((pod) => pod.namespace),
    ...meaning.links.flatMap((link) => link.takesOver.map((one) => one.slice(0, one.indexOf("/")))),
    ...meaning.kept.map((one) => one.slice(0, one.indexOf("/"))),
    ...["default", "kube-system"],
  ]);
  return own.flatMap((manifest) => {
    if (/(^|\/)gitops\//.test(manifest.doc.file.path)) return [];
    const name = manifest.kind === "Namespace" ? manifest.name : textAt(manifest.value, "metadata", "namespace");
    if (name === undefined || known.has(name)) return [];
    return [say(manifest, `no intent is for the namespace ${name}`, "metadata")];
  });
}

/** A component does nothing but patch, and a patch is for no more than it names. */
function ofComponent(component: Manifest): readonly Diagnostic[] {
  const strange = strayKey(component.value, ["apiVersion", "kind", "patches"]);
  if (strange !== undefined) return [say(component, `\`${strange}\` in it`, strange)];
  return listAt(component.value, "patches").flatMap((patch) => {
    const other = strayKey(patch, ["patch", "target"]);
    const target = isFields(patch)
      ? strayKey(patch.target ?? {}, ["group", "version", "kind", "name", "namespace"])
      : "";
    const key = other ?? target;
    return key === undefined ? [] : [say(component, `\`${key}\` in a patch of it`, "patches")];
  });
}

function strayKey(value: unknown, known: readonly string[]): string | undefined {
  return Object.keys(isFields(value) ? value : {}).find((key) => !known.includes(key));
}

/** The folder of the cluster, and those of patches and of GitOps objects, which are applied by themselves. */
function ofKustomizations({ cluster, paths }: Model, own: readonly Manifest[]): readonly Diagnostic[] {
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
    return any ? [verifyRules.diagnose("not-applied", atFile(any), { what, why: "no kustomization lists it" })] : [];
  }
  const beside = ["patches/", "gitops/"].flatMap((folder) => {
    const listing = at(`${root}${folder}kustomization.yaml`);
    const files = all
      .filter((path) => path.startsWith(root + folder))
      .map((path) => path.slice((root + folder).length));
    return listing
      ? ofList(
          listing,
          files.filter((path) => path !== "kustomization.yaml"),
        )
      : [];
  });
  return [
    ...ofList(
      main,
      below.filter((path) => !apart.test(path)),
    ),
    ...beside,
  ];
}

function ofList(kustomization: Manifest, files: readonly string[]): readonly Diagnostic[] {
  const strange = strayKey(kustomization.value, ["apiVersion", "kind", "resources"]);
  if (strange !== undefined) return [say(kustomization, `\`${strange}\` in it`, strange)];
  const listed = textsAt(kustomization.value, "resources");
  const there = new Set(files);
  const seen = new Set<string>();
  // One that adds nothing to what was seen stands there twice.
  const more = listed.find((one) => !there.has(one) || seen.size === seen.add(one).size);
  const named = new Set(listed);
  const less = files.find((one) => !named.has(one));
  if (more !== undefined) return [say(kustomization, `it lists ${more}, which is not what was read`, "resources")];
  return less === undefined ? [] : [say(kustomization, `it leaves out ${less}`, "resources")];
}
