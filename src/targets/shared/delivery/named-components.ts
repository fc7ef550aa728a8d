import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { computeRelativePath, type Listing } from "../../../workloads/kustomizations.ts";
import { type DeliveryContext, type DeliveryMethod, type DeliveryResult, formatWorkloadFolder } from "./delivery.ts";
import { findReleaseObject, formatReleaseFolder } from "./release-of.ts";
import { deliveryRules } from "./rules.ts";

/** The folder of a cluster's patches, from the project's folder on. */
function patchesFolder({ plan, project }: DeliveryContext): string {
  const out = project.out.split("/").filter((step) => step !== "" && step !== ".");
  return [...out, plan.cluster.name, "patches"].join("/");
}

/** A workload whose kustomization is known, and names no component for it: its pods would stay without their networks. */
export function checkUnnamedComponents(patches: readonly PodPatch[], into: DeliveryContext): readonly Diagnostic[] {
  return unnamed(patches, into).flatMap(({ patch, component, listing }) => {
    if (!listing) return [];
    const { workload, origin } = patch;
    const related = [{ place: origin, label: "the network is needed here" }];
    const parameters = { ref: formatDisplayName(workload), cluster: into.plan.cluster.name };
    const help = `add to this kustomization: ${lineFor(listing, component)}`;
    return [deliveryRules.diagnose("component-not-named", listing.place, parameters, { related, help })];
  });
}

/** What must be written where, until a kustomization names the component. */
export function listComponentSteps(patches: readonly PodPatch[], into: DeliveryContext): readonly string[] {
  return unnamed(patches, into).map(({ patch, component, listing }) => {
    const ref = formatDisplayName(patch.workload);
    if (!listing)
      return `Name the component of ${ref} in the kustomization that builds it: \`components: [PATH]\`, where PATH leads to \`${component}\``;
    const folder = listing.folder === "" ? "the project's folder" : `\`${listing.folder}/\``;
    return `Name the component of ${ref} in the kustomization of ${folder}: ${lineFor(listing, component)}`;
  });
}

function lineFor({ folder, hasComponents }: Listing, component: string): string {
  const path = computeRelativePath(folder, component);
  return hasComponents ? `\`- ${path}\` below \`components\`` : `\`components: [${path}]\``;
}

interface Unnamed {
  readonly patch: PodPatch;
  readonly component: string;
  /** The kustomization to write it in, where it is known. */
  readonly listing: Listing | undefined;
}

function unnamed(patches: readonly PodPatch[], into: DeliveryContext): readonly Unnamed[] {
  const folder = patchesFolder(into);
  const { named, listing } = into.kustomizations;
  return patches.flatMap((patch) => {
    const release = findReleaseObject(patch, into);
    const component = `${folder}/${release ? formatReleaseFolder(release) : formatWorkloadFolder(patch)}`;
    if (named.has(component)) return [];
    const own = listing((release ?? patch.workload).doc.file.path)[0];
    // What differs by cluster stands above what clusters share.
    const several = into.project.clusters.length > 1 && own && own.roots.length > 0;
    // A base is built for several namespaces: this component is for one of them.
    const placed = own?.roots.filter((root) => root.namespace === patch.workload.namespace) ?? [];
    const roots = placed.length > 0 ? placed : (own?.roots ?? []);
    return [{ patch, component, listing: several || placed.length > 0 ? byName(roots, into) : own }];
  });
}

/** Of several roots, the one whose folder has the cluster's name in it. */
function byName(roots: readonly Listing[], { plan }: DeliveryContext): Listing | undefined {
  return roots.find((root) => root.folder.split("/").includes(plan.cluster.name)) ?? roots[0];
}

/** `payments/deployment-card`, as components are called. */
const COMPONENT = /^[a-z0-9][-a-z0-9]*\/[a-z]+-[a-z0-9][-a-z0-9.]*$/;

/**
 * Components that a kustomization names and no workload needs any more: without them, its build would fail. The empty list is
 * written, since kustomize refuses a file with nothing but its kind.
 */
export function keepNamedComponents(
  patches: readonly PodPatch[],
  { name }: DeliveryMethod,
  into: DeliveryContext,
): { readonly files: DeliveryResult["files"]; readonly diagnostics: readonly Diagnostic[] } {
  // Parts that are applied by themselves stand in that folder, and nothing else may.
  if (name === "serverSideApply") return { files: [], diagnostics: [] };
  const folder = `${patchesFolder(into)}/`;
  const needed = new Set(
    name === "component"
      ? patches.map(formatWorkloadFolder)
      : name === "helmRelease"
        ? patches.map((patch) => {
            const release = findReleaseObject(patch, into);
            return release ? formatReleaseFolder(release) : formatWorkloadFolder(patch);
          })
        : [],
  );
  const left = [...into.kustomizations.named].flatMap(([path, place]) => {
    const own = path.startsWith(folder) ? path.slice(folder.length) : "";
    return COMPONENT.test(own) && !needed.has(own) ? [{ own, place }] : [];
  });
  return {
    files: left.map(({ own }) => ({
      path: `patches/${own}/kustomization.yaml`,
      body: { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", patches: [] },
    })),
    diagnostics: left.map(({ own, place }) =>
      deliveryRules.diagnose("component-left", place, { component: own, cluster: into.plan.cluster.name }),
    ),
  };
}
