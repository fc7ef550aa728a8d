import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createFindings } from "../diagnostics/findings.ts";
import { didYouMean, listed } from "../diagnostics/suggest.ts";
import type { Lowered, Manifest } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";
import type { Project } from "../ir/project.ts";
import { at } from "../source/place.ts";
import type { Target } from "../targets/target.ts";
import { needsOf } from "./lower/needs.ts";
import { targetRules } from "./lower/rules.ts";
import { livingSuccessor } from "./never-emitted.ts";

export interface LoweredPlan extends Lowered {
  readonly plan: Plan;
}

/** Plans to objects, each part by the target it is for; what a target cannot do is refused at the line that needs it. */
export function lower(
  plans: readonly Plan[],
  project: Project,
  targets: readonly Target[],
): { readonly value: readonly LoweredPlan[]; readonly diagnostics: readonly Diagnostic[] } {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const findings = createFindings();
  const value = plans.map((plan): LoweredPlan => {
    findings.add(refused(plan, project, byName));
    const parts = [...new Set([plan.cluster.target, ...partsOf(plan)])].flatMap((name) => {
      const target = byName.get(name);
      return target ? [target.lower(only(plan, name))] : [];
    });
    for (const part of parts) findings.add(part.diagnostics);
    return {
      plan,
      manifests: parts.flatMap((part) => part.manifests).map((one) => labelled(one, plan)),
      patches: parts.flatMap((part) => part.patches),
      diagnostics: [],
    };
  });
  return { value, diagnostics: findings.all() };
}

/** An intent's own labels, below those that say whose the object is. */
function labelled(manifest: Manifest, plan: Plan): Manifest {
  const labels = manifest.intent === undefined ? undefined : plan.labels.get(manifest.intent);
  if (!labels) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, labels: { ...labels, ...manifest.metadata.labels } } };
}

function partsOf(plan: Plan): readonly string[] {
  return [...plan.networks, ...plan.boundaries, ...plan.gateways].map((one) => one.target);
}

/** The part of a plan that is for one target. Plans of a single target are passed on as they are. */
function only(plan: Plan, target: string): Plan {
  if (partsOf(plan).every((name) => name === target)) return plan;
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

function refused(plan: Plan, project: Project, targets: ReadonlyMap<string, Target>): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { index, target: name } = plan.cluster;
  const clusterPlace = at(project.doc, "spec", "clusters", index, "target");
  const places = new Map([...plan.networks, ...plan.gateways].map((one) => [one.target, one.origin]));
  for (const used of new Set([name, ...partsOf(plan)])) {
    const target = targets.get(used);
    const place = used === name ? clusterPlace : (places.get(used) ?? clusterPlace);
    const successor = livingSuccessor(used);
    if (target?.maturity === "experimental" && !project.experimental)
      found.push(targetRules.diagnose("experimental", place, { name: used }));
    else if (!target && successor)
      found.push(targetRules.diagnose("never-emitted", place, { name: used }, { help: `use ${successor}` }));
    else if (!target) {
      const names = [...targets.keys()];
      const extra = { notes: [`the targets are: ${listed(names)}`], help: didYouMean(used, names) };
      found.push(targetRules.diagnose("unknown-target", place, { name: used }, extra));
    }
  }
  for (const { feature, target: used, place, words } of needsOf(plan)) {
    const target = targets.get(used);
    if (!target || target.supports.includes(feature)) continue;
    const able = [...targets.values()].filter((other) => other.supports.includes(feature)).map((other) => other.name);
    const help = able.length > 0 ? `targets that have it: ${able.join(", ")}` : "no target has it";
    found.push(targetRules.diagnose("unsupported", place, { target: used, what: words }, { help }));
  }
  return found;
}
