import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createFindings } from "../diagnostics/findings.ts";
import type { InterfaceObjects, Lowered, Manifest, PodInterface } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";
import type { Project } from "../ir/project.ts";
import { keptNetworks } from "../targets/shared/cni/kept-networks.ts";
import { deliverPatches } from "../targets/shared/delivery/deliver.ts";
import type { Delivered } from "../targets/shared/delivery/delivery.ts";
import { withDrops } from "../targets/shared/delivery/drop-net-raw.ts";
import { guards } from "../targets/shared/guards/guards.ts";
import { clusterLacks } from "../targets/shared/kubernetes/cluster-lacks.ts";
import { sysctlLacks } from "../targets/shared/kubernetes/sysctl-lacks.ts";
import type { Target } from "../targets/target.ts";
import { type Kustomizations, readKustomizations } from "../workloads/kustomizations.ts";
import { besideOf } from "./lower/beside.ts";
import { byDefaultRoute } from "./lower/by-default-route.ts";
import { machinesOnMacvlan } from "./lower/machines.ts";
import type { Need } from "./lower/needs.ts";
import { onePatchEach } from "./lower/one-patch-each.ts";
import { judge, targetsOf } from "./lower/refused.ts";
import { servedRoutes } from "./lower/served-routes.ts";
import { withoutLosses } from "./lower/without-losses.ts";

export interface LoweredPlan extends Omit<Lowered, "objectsOf"> {
  /** What is left of the plan where the project does without something. */
  readonly plan: Plan;
  readonly lost: readonly Need[];
  /** What an interface of a pod is on its target. */
  readonly objectsOf: (one: PodInterface) => InterfaceObjects | undefined;
  /** How the patches reach their workloads. */
  readonly delivered: Delivered;
}

/** Plans to objects, each part by the target it is for; what a target cannot do is refused at the line that needs it. */
export function lower(
  plans: readonly Plan[],
  project: Project,
  targets: readonly Target[],
  kustomizations: Kustomizations = readKustomizations([]),
): { readonly value: readonly LoweredPlan[]; readonly diagnostics: readonly Diagnostic[] } {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const findings = createFindings();
  const value = plans.map((whole): LoweredPlan => {
    const { diagnostics, lost } = judge(whole, project, byName);
    findings.add([...diagnostics, ...machinesOnMacvlan(whole, byName)]);
    const wanted = byDefaultRoute(withoutLosses(whole, lost), byName);
    findings.add(servedRoutes(wanted));
    const own = new Map([...targetsOf(wanted)].map((name) => [name, only(wanted, name)]));
    const lowered = new Map(
      [...own].flatMap(([name, part]) => {
        const target = byName.get(name);
        return target ? [[name, target.lower(part, besideOf(name, wanted, own, byName))] as const] : [];
      }),
    );
    const parts = [...lowered.values()];
    for (const part of parts) findings.add(part.diagnostics);
    const plan = { ...wanted, handoffs: handoffsOf(wanted, parts) };
    const patches = withDrops(onePatchEach(parts.flatMap((part) => part.patches)), plan);
    const {
      delivered,
      diagnostics: undelivered,
      admitted,
    } = deliverPatches(patches, { plan, project, kustomizations });
    findings.add(undelivered);
    const objects = [...namespacesFirst(parts), ...keptNetworks(plan.kept)].map((one) => labelled(one, plan));
    const sysctls = sysctlLacks(plan, project, objects);
    findings.add([...clusterLacks(plan, project, objects), ...sysctls.diagnostics]);
    const manifests = [...objects, ...guards(plan, { patches: admitted, ...guardedOf(parts) }), ...delivered.manifests];
    const fixed = parts.flatMap((part) => part.fixed ?? []);
    const objectsOf: LoweredPlan["objectsOf"] = (one) => lowered.get(one.network.target)?.objectsOf?.(one);
    const complete = { ...plan, handoffs: [...plan.handoffs, ...sysctls.handoffs] };
    return { plan: complete, lost, manifests, patches, delivered, diagnostics: [], fixed, objectsOf };
  });
  return { value, diagnostics: findings.all() };
}

/** Kinds ask for the links that CNI plugins sit on; a target that sits on something else says so in their place. */
function handoffsOf(plan: Plan, parts: readonly Lowered[]): Plan["handoffs"] {
  const links = parts.flatMap((part) => part.links ?? []);
  if (links.length === 0) return plan.handoffs;
  const instead = new Set(links.map((one) => one.intent));
  return [...plan.handoffs.filter((one) => one.topic !== "link" || !instead.has(one.intent)), ...links];
}

/** Objects of several targets share files, and none may stand before its namespace there. */
function namespacesFirst(parts: readonly Lowered[]): readonly Manifest[] {
  const all = parts.flatMap((part) => part.manifests);
  if (parts.length === 1) return all;
  const isNamespace = (one: Manifest) => one.kind === "Namespace";
  return [...all.filter(isNamespace), ...all.filter((one) => !isNamespace(one))];
}

/** What the guards look after, of all targets together. */
function guardedOf(parts: readonly Lowered[]): Required<Pick<Lowered, "attaching" | "deviceClasses">> {
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
function labelled(manifest: Manifest, plan: Plan): Manifest {
  const labels = manifest.intent === undefined ? undefined : plan.labels.get(manifest.intent);
  if (!labels) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, labels: { ...labels, ...manifest.metadata.labels } } };
}

/** The part of a plan that is for one target. Plans of a single target are passed on as they are. */
function only(plan: Plan, target: string): Plan {
  const parts = [...plan.networks, ...plan.boundaries, ...plan.gateways];
  if (parts.every((one) => one.target === target)) return plan;
  const networks = plan.networks.filter((network) => network.target === target);
  const ids = new Set(networks.map((network) => network.intent));
  const boundaries = plan.boundaries.filter((boundary) => boundary.target === target);
  const gateways = plan.gateways.filter((gateway) => gateway.target === target);
  const owners = new Set([...boundaries, ...gateways].map((one) => one.intent));
  return {
    ...plan,
    networks,
    boundaries,
    gateways,
    attachments: plan.attachments.filter((one) => ids.has(one.network)),
    admissions: plan.admissions.filter((one) => ids.has(one.network)),
    namespaces: plan.namespaces.filter((one) => owners.has(one.intent)),
  };
}
