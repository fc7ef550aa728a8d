import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { ReleaseObject } from "../../../ir/workload.ts";
import { placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { NETWORKS_ANNOTATION } from "../../../workloads/network-annotation.ts";
import { emitYaml } from "../../../yaml/emit-yaml.ts";
import { findValue } from "../../../yaml/span.ts";
import { componentDelivery } from "./component.ts";
import { type DeliveryContext, type DeliveryMethod, emptyDelivery } from "./delivery.ts";
import { checkUnnamedComponents, listComponentSteps } from "./named-components.ts";
import { buildPartialObject, buildPatchTarget } from "./pod-template.ts";
import { findReleaseObject, formatReleaseFolder, HELM_RELEASE } from "./release-of.ts";
import { deliveryRules } from "./rules.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * A Kustomize component for each HelmRelease of Flux: it adds the patches of the chart's workloads to `spec.postRenderers`, which
 * helm-controller applies to what the chart renders. Workloads with manifests of their own get components as ever.
 */
export const helmReleaseDelivery: DeliveryMethod = {
  name: "helmRelease",
  check: (patches, into) => [
    ...checkUnnamedComponents(ofManifests(patches), into),
    ...checkUnnamedComponents(
      patches.filter((patch) => findReleaseObject(patch, into)),
      into,
    ),
    ...patches.flatMap((patch) => reportRefused(patch, into)),
  ],
  admits: (patch) => patch.admits,
  write: (patches, into) => {
    const rest = componentDelivery.write(ofManifests(patches), into);
    const releases = byRelease(patches, into);
    const files = [...releases].map(([release, own]) => ({
      path: `patches/${formatReleaseFolder(release)}/kustomization.yaml`,
      body: componentOf(release, own),
    }));
    const steps = listComponentSteps(
      [...releases].flatMap(([, [first]]) => first ?? []),
      into,
    );
    return { ...emptyDelivery, handoff: [...rest.handoff, ...steps], files: [...rest.files, ...files] };
  },
};

function ofManifests(patches: readonly PodPatch[]): readonly PodPatch[] {
  return patches.filter(({ workload }) => !workload.declared);
}

function byRelease(
  patches: readonly PodPatch[],
  into: DeliveryContext,
): ReadonlyMap<ReleaseObject, readonly PodPatch[]> {
  const found = new Map<ReleaseObject, PodPatch[]>();
  for (const patch of patches) {
    const release = findReleaseObject(patch, into);
    if (!release) continue;
    const list = found.get(release);
    if (list) list.push(patch);
    else found.set(release, [patch]);
  }
  return found;
}

function reportRefused(patch: PodPatch, into: DeliveryContext): readonly Diagnostic[] {
  const { workload, origin } = patch;
  if (!workload.declared) return [];
  const { release } = workload.declared;
  const ref = formatDisplayName(workload);
  const related = [{ place: origin, label: "the network is needed here" }];
  const place = placeAt(workload.doc, "metadata", "name");
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
  const values = namesNetworks(findValue(found.doc.value, [...found.path, "spec", "values"]));
  if (!values || patch.annotations[NETWORKS_ANNOTATION] === undefined) return [];
  const where = placeAt(found.doc, ...found.path, "spec", "values", ...values);
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
  const own = Array.isArray(findValue(release.doc.value, [...release.path, "spec", "postRenderers"]))
    ? {
        target: { group, version, kind, name },
        patch: emitYaml([{ op: "add", path: "/spec/postRenderers/-", value: renderer }]),
      }
    : { patch: emitYaml({ apiVersion, kind, metadata, spec: { postRenderers: [renderer] } }) };
  return { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", patches: [own] };
}

function podPatch(patch: PodPatch): Json {
  return {
    target: buildPatchTarget(patch.workload),
    patch: emitYaml(buildPartialObject(patch, { name: patch.workload.name })),
  };
}
