import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { ReleaseObject } from "../../../ir/workload.ts";
import { at } from "../../../source/place.ts";
import { NETWORKS_ANNOTATION } from "../../../workloads/network-annotation.ts";
import { wordsFor } from "../../../workloads/words-for.ts";
import { emitYaml } from "../../../yaml/emit-yaml.ts";
import { valueAt } from "../../../yaml/span.ts";
import { component } from "./component.ts";
import { type Delivery, type Destination, nothing } from "./delivery.ts";
import { stepsForComponents, unnamedComponents } from "./named-components.ts";
import { partOf, targetOf } from "./pod-template.ts";
import { componentOfRelease, HELM_RELEASE, releaseObject } from "./release-of.ts";
import { deliveryRules } from "./rules.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * A Kustomize component for each HelmRelease of Flux: it adds the patches of the chart's workloads to `spec.postRenderers`, which
 * helm-controller applies to what the chart renders. Workloads with manifests of their own get components as ever.
 */
export const helmRelease: Delivery = {
  name: "helmRelease",
  check: (patches, into) => [
    ...unnamedComponents(ofManifests(patches), into),
    ...unnamedComponents(
      patches.filter((patch) => releaseObject(patch, into)),
      into,
    ),
    ...patches.flatMap((patch) => refused(patch, into)),
  ],
  admits: (patch) => patch.admits,
  write: (patches, into) => {
    const rest = component.write(ofManifests(patches), into);
    const releases = byRelease(patches, into);
    const files = [...releases].map(([release, own]) => ({
      path: `patches/${componentOfRelease(release)}/kustomization.yaml`,
      body: componentOf(release, own),
    }));
    const steps = stepsForComponents(
      [...releases].flatMap(([, [first]]) => first ?? []),
      into,
    );
    return { ...nothing, handoff: [...rest.handoff, ...steps], files: [...rest.files, ...files] };
  },
};

function ofManifests(patches: readonly PodPatch[]): readonly PodPatch[] {
  return patches.filter(({ workload }) => !workload.declared);
}

function byRelease(patches: readonly PodPatch[], into: Destination): ReadonlyMap<ReleaseObject, readonly PodPatch[]> {
  const found = new Map<ReleaseObject, PodPatch[]>();
  for (const patch of patches) {
    const release = releaseObject(patch, into);
    if (!release) continue;
    const list = found.get(release);
    if (list) list.push(patch);
    else found.set(release, [patch]);
  }
  return found;
}

function refused(patch: PodPatch, into: Destination): readonly Diagnostic[] {
  const { workload, origin } = patch;
  if (!workload.declared) return [];
  const { release } = workload.declared;
  const ref = wordsFor(workload);
  const related = [{ place: origin, label: "the network is needed here" }];
  const place = at(workload.doc, "metadata", "name");
  if (release?.kind !== HELM_RELEASE) {
    const why = release
      ? `${release.kind} ${release.namespace}/${release.name} is no HelmRelease`
      : "no `release` is declared";
    const help = "write its `release: {kind: HelmRelease, name: …}`, or use delivery `admission`";
    return [deliveryRules.diagnose("out-of-reach", place, { delivery: "helmRelease", ref, why }, { related, help })];
  }
  const found = into.plan.workloads.release(release);
  const called = `${release.kind} ${release.namespace}/${release.name}`;
  if (!found) return [deliveryRules.diagnose("no-such-release", place, { ref, release: called }, { related })];
  if (found.targetNamespace !== workload.namespace) {
    const parameters = { ref, release: called, namespace: found.targetNamespace };
    return [deliveryRules.diagnose("other-namespace", place, parameters, { related })];
  }
  const values = namesNetworks(valueAt(found.doc.value, [...found.path, "spec", "values"]));
  if (!values || patch.annotations[NETWORKS_ANNOTATION] === undefined) return [];
  const where = at(found.doc, ...found.path, "spec", "values", ...values);
  return [deliveryRules.diagnose("values-name-networks", where, { ref, release: called }, { related })];
}

/** Where values hold the networks annotation; undefined: nowhere. */
function namesNetworks(value: unknown): readonly (string | number)[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key === NETWORKS_ANNOTATION) return [key];
    const below = namesNetworks(inner);
    const step = Array.isArray(value) ? Number(key) : key;
    if (below) return [step, ...below];
  }
  return undefined;
}

function componentOf(release: ReleaseObject, patches: readonly PodPatch[]): Json {
  const { apiVersion, kind, name, ownNamespace } = release;
  const namespace = release.writtenNamespace ?? release.namespace;
  const renderer = { kustomize: { patches: patches.map(podPatch) } };
  const metadata = { name, ...(ownNamespace && { namespace }) };
  const [group, version] = apiVersion.split("/");
  // A list of somebody else's is added to. Without one, a merge fails the build where the HelmRelease is missing.
  const own = Array.isArray(valueAt(release.doc.value, [...release.path, "spec", "postRenderers"]))
    ? {
        target: { group, version, kind, name },
        patch: emitYaml([{ op: "add", path: "/spec/postRenderers/-", value: renderer }]),
      }
    : { patch: emitYaml({ apiVersion, kind, metadata, spec: { postRenderers: [renderer] } }) };
  return { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", patches: [own] };
}

function podPatch(patch: PodPatch): Json {
  return { target: targetOf(patch.workload), patch: emitYaml(partOf(patch, { name: patch.workload.name })) };
}
