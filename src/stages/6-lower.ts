import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createFindingCollector } from "../diagnostics/findings.ts";
import type { InterfaceManifests, LoweredObjects, Manifest, PodInterface } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";
import type { Project } from "../ir/project.ts";
import { buildVerbatimNetworks } from "../targets/shared/cni/verbatim-networks.ts";
import { deliverPatches } from "../targets/shared/delivery/deliver.ts";
import type { DeliveryResult } from "../targets/shared/delivery/delivery.ts";
import { addCapabilityDrops } from "../targets/shared/delivery/drop-net-raw.ts";
import { buildAdmissionPolicies } from "../targets/shared/guards/admission-policies.ts";
import { checkClusterCapabilities } from "../targets/shared/kubernetes/cluster-capabilities.ts";
import { findUnsupportedSysctls } from "../targets/shared/kubernetes/unsupported-sysctls.ts";
import type { Target } from "../targets/target.ts";
import { type Kustomizations, readKustomizations } from "../workloads/kustomizations.ts";
import { checkFeatures, listPlanTargets } from "./lower/check-features.ts";
import { degradePlan } from "./lower/degrade-plan.ts";
import { buildLowerContext } from "./lower/lower-context.ts";
import { checkMachinesOnMacvlan } from "./lower/machines.ts";
import { mergePatches } from "./lower/merge-patches.ts";
import { replaceByDefaultRoute } from "./lower/replace-default-routes.ts";
import type { RequiredFeature } from "./lower/required-features.ts";
import { checkServedRoutes } from "./lower/served-routes.ts";

export interface LoweredPlan extends Omit<LoweredObjects, "objectsOf"> {
  /** What is left of the plan where the project does without something. */
  readonly plan: Plan;
  readonly degraded: readonly RequiredFeature[];
  /** What an interface of a pod is on its target. */
  readonly objectsOf: (one: PodInterface) => InterfaceManifests | undefined;
  /** How the patches reach their workloads. */
  readonly delivered: DeliveryResult;
}

/** Plans to objects, each part by the target it is for; what a target cannot do is refused at the line that needs it. */
export function lowerPlans(
  plans: readonly Plan[],
  project: Project,
  targets: readonly Target[],
  kustomizations: Kustomizations = readKustomizations([]),
): { readonly value: readonly LoweredPlan[]; readonly diagnostics: readonly Diagnostic[] } {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const findings = createFindingCollector();
  const value = plans.map((whole): LoweredPlan => {
    const { diagnostics, degraded } = checkFeatures(whole, project, byName);
    findings.add([...diagnostics, ...checkMachinesOnMacvlan(whole, byName)]);
    const wanted = replaceByDefaultRoute(degradePlan(whole, degraded), byName);
    findings.add(checkServedRoutes(wanted));
    const own = new Map([...listPlanTargets(wanted)].map((name) => [name, selectTargetPart(wanted, name)]));
    const lowered = new Map(
      [...own].flatMap(([name, part]) => {
        const target = byName.get(name);
        return target ? [[name, target.lower(part, buildLowerContext(name, wanted, own, byName))] as const] : [];
      }),
    );
    const parts = [...lowered.values()];
    for (const part of parts) findings.add(part.diagnostics);
    const plan = { ...wanted, handoffs: handoffsOf(wanted, parts) };
    const patches = addCapabilityDrops(mergePatches(parts.flatMap((part) => part.patches)), plan);
    const {
      delivered,
      diagnostics: undelivered,
      admitted,
    } = deliverPatches(patches, { plan, project, kustomizations });
    findings.add(undelivered);
    const objects = [...namespacesFirst(parts), ...buildVerbatimNetworks(plan.kept)].map((one) => addLabels(one, plan));
    const sysctls = findUnsupportedSysctls(plan, project, objects);
    findings.add([...checkClusterCapabilities(plan, project, objects), ...sysctls.diagnostics]);
    const manifests = [
      ...objects,
      ...buildAdmissionPolicies(plan, { patches: admitted, ...guardedOf(parts) }),
      ...delivered.manifests,
    ];
    const fixed = parts.flatMap((part) => part.fixed ?? []);
    const objectsOf: LoweredPlan["objectsOf"] = (one) => lowered.get(one.network.target)?.objectsOf?.(one);
    const complete = { ...plan, handoffs: [...plan.handoffs, ...sysctls.handoffs] };
    return { plan: complete, degraded, manifests, patches, delivered, diagnostics: [], fixed, objectsOf };
  });
  return { value, diagnostics: findings.all() };
}

/** Kinds ask for the links that CNI plugins sit on; a target that sits on something else says so in their place. */
function handoffsOf(plan: Plan, parts: readonly LoweredObjects[]): Plan["handoffs"] {
  const links = parts.flatMap((part) => part.links ?? []);
  if (links.length === 0) return plan.handoffs;
  const instead = new Set(links.map((one) => one.intent));
  return [...plan.handoffs.filter((one) => one.topic !== "link" || !instead.has(one.intent)), ...links];
}

/** Objects of several targets share files, and none may stand before its namespace there. */
function namespacesFirst(parts: readonly LoweredObjects[]): readonly Manifest[] {
  const all = parts.flatMap((part) => part.manifests);
  if (parts.length === 1) return all;
  const isNamespace = (one: Manifest) => one.kind === "Namespace";
  return [...all.filter(isNamespace), ...all.filter((one) => !isNamespace(one))];
}

/** What the guards look after, of all targets together. */
function guardedOf(parts: readonly LoweredObjects[]): Required<Pick<LoweredObjects, "attaching" | "deviceClasses">> {
  return {
    attaching: {
      keys: [...new Set(parts.flatMap((part) => part.attaching?.keys ?? []))].sort(),
      names: parts.flatMap((part) => part.attaching?.names ?? []),
      allowed: parts.flatMap((part) => part.attaching?.allowed ?? []),
    },
    deviceClasses: parts.flatMap((part) => part.deviceClasses ?? []),
  };
}

/** An intent's own labels, below those that say whose the object is. */
function addLabels(manifest: Manifest, plan: Plan): Manifest {
  const labels = manifest.intent === undefined ? undefined : plan.labels.get(manifest.intent);
  if (!labels) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, labels: { ...labels, ...manifest.metadata.labels } } };
}

/** The part of a plan that is for one target. Plans of a single target are passed on as they are. */
function selectTargetPart(plan: Plan, target: string): Plan {
  const parts = [...plan.networks, ...plan.zones, ...plan.gateways];
  if (parts.every((one) => one.target === target)) return plan;
  const networks = plan.networks.filter((network) => network.target === target);
  const ids = new Set(networks.map((network) => network.intent));
  const zones = plan.zones.filter((boundary) => boundary.target === target);
  const gateways = plan.gateways.filter((gateway) => gateway.target === target);
  const owners = new Set([...zones, ...gateways].map((one) => one.intent));
  return {
    ...plan,
    networks,
    zones,
    gateways,
    attachments: plan.attachments.filter((one) => ids.has(one.network)),
    policyRules: plan.policyRules.filter((one) => ids.has(one.network)),
    namespaces: plan.namespaces.filter((one) => owners.has(one.intent)),
  };
}
