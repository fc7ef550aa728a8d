import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../../diagnostics/suggest.ts";
import type { Plan } from "../../ir/plan.ts";
import type { Project } from "../../ir/project.ts";
import { findFeature } from "../../schema/features.ts";
import { placeAt } from "../../source/place.ts";
import type { Target } from "../../targets/target.ts";
import { findMaintainedSuccessor } from "../never-emitted.ts";
import { degradePlan } from "./degrade-plan.ts";
import { listRequiredFeatures, type RequiredFeature } from "./required-features.ts";
import { targetRules } from "./rules.ts";

export interface FeatureCheck {
  readonly diagnostics: readonly Diagnostic[];
  /** What the project does without. */
  readonly degraded: readonly RequiredFeature[];
}

/**
 * What a plan needs and its targets do not have: refused, or lost where the project accepts that. Whole intents first:
 * what hangs on a gateway that is refused or lost is not asked for again.
 */
export function checkFeatures(plan: Plan, project: Project, targets: ReadonlyMap<string, Target>): FeatureCheck {
  const diagnostics = targetsNamed(plan, project, targets);
  const beyond = createPartialFilter(plan, targets);
  const degraded: RequiredFeature[] = [];
  const refused: RequiredFeature[] = [];
  const ask = (needs: readonly RequiredFeature[]): void => {
    for (const need of needs.flatMap(beyond)) {
      if ([...degraded, ...refused].some((one) => isWhole(one) && one.intent === need.intent)) continue;
      const answer = answerTo(need, project, targets);
      if (!answer) continue;
      // What is lost is lost once for an intent; what is refused is refused at every line.
      const again = answer.severity !== "error" && degraded.some((one) => sameNeed(one, need));
      if (!again) diagnostics.push(answer);
      (answer.severity === "error" ? refused : degraded).push(need);
    }
  };
  ask(listRequiredFeatures(plan).filter(isWhole));
  ask(listRequiredFeatures(degradePlan(plan, [...degraded, ...refused])).filter((need) => !isWhole(need)));
  return { diagnostics, degraded };
}

function sameNeed(a: RequiredFeature, b: RequiredFeature): boolean {
  return a.feature === b.feature && a.target === b.target && a.intent === b.intent;
}

/** A need, at the lines that go too far where its target has a part; none where that part is enough. */
function createPartialFilter(
  plan: Plan,
  targets: ReadonlyMap<string, Target>,
): (need: RequiredFeature) => readonly RequiredFeature[] {
  const lacking = new Map<string, Pick<RequiredFeature, "place" | "why" | "help">[]>();
  for (const name of listPlanTargets(plan))
    for (const { feature, intent, ...where } of targets.get(name)?.findUnsupported?.(plan) ?? []) {
      const places = lacking.get(`${name} ${feature} ${intent}`);
      if (places) places.push(where);
      else lacking.set(`${name} ${feature} ${intent}`, [where]);
    }
  return (need) => {
    if (targets.get(need.target)?.supports[need.feature] !== "partly") return [need];
    const places = lacking.get(`${need.target} ${need.feature} ${need.intent}`) ?? [];
    return places.map((where) => ({ ...need, ...where, partly: true }));
  };
}

/** Features that a whole intent stands or falls with. */
function isWhole({ feature }: RequiredFeature): boolean {
  return (
    feature === "external" ||
    feature === "network" ||
    feature === "firewall" ||
    feature === "legs" ||
    feature.startsWith("vpn")
  );
}

function answerTo(
  need: RequiredFeature,
  project: Project,
  targets: ReadonlyMap<string, Target>,
): Diagnostic | undefined {
  const target = targets.get(need.target);
  const support = target?.supports[need.feature];
  const feature = findFeature(need.feature);
  if (!target || !feature || support === "yes") return undefined;
  const { description, losable } = feature;
  const parameters = { target: target.name, what: description, partly: need.partly === true };
  if (support === "experimental" && project.experimental) return undefined;
  if (losable && project.allowLoss.includes(need.feature))
    return targetRules.diagnose("lost", need.place, { ...parameters, intent: need.intent }, { notes: reasonOf(need) });
  if (support === "experimental")
    return targetRules.diagnose(
      "experimental",
      need.place,
      { what: `${description} with target \`${target.name}\`` },
      notesOf(target, need),
    );
  return targetRules.diagnose("unsupported", need.place, parameters, {
    help: [...(need.help === undefined ? [] : [need.help]), listCapableTargets(need, targets)].join("; "),
    notes: [
      ...reasonOf(need),
      ...notesOf(target, need).notes.map((note) => (need.partly ? `in part: ${note}` : note)),
      ...(losable ? [`\`allowLoss: [${need.feature}]\` in plumbline.yaml accepts that it is missing`] : []),
    ],
  });
}

function listCapableTargets({ feature, target }: RequiredFeature, targets: ReadonlyMap<string, Target>): string {
  const names = [...targets.values()]
    .filter((other) => other.supports[feature] && other.name !== target)
    .map((other) => other.name);
  return names.length > 0 ? `targets that have it: ${names.join(", ")}` : "no target has it";
}

function reasonOf({ why }: RequiredFeature): readonly string[] {
  return why === undefined ? [] : [why];
}

function notesOf(target: Target, need: RequiredFeature): { readonly notes: readonly string[] } {
  const note = target.notes?.[need.feature];
  return { notes: note === undefined ? [] : [note] };
}

/** Every target that a plan names must be there, be released, and be agreed to where it is experimental. */
function targetsNamed(plan: Plan, project: Project, targets: ReadonlyMap<string, Target>): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { index, target: name } = plan.cluster;
  const clusterPlace = placeAt(project.doc, "spec", "clusters", index, "target");
  const places = new Map([...plan.networks, ...plan.gateways].map((one) => [one.target, one.origin]));
  for (const used of listPlanTargets(plan)) {
    const target = targets.get(used);
    const place = used === name ? clusterPlace : (places.get(used) ?? clusterPlace);
    const successor = findMaintainedSuccessor(used);
    if (target?.maturity === "experimental" && !project.experimental)
      found.push(targetRules.diagnose("experimental", place, { what: `target \`${used}\`` }));
    else if (!target && successor)
      found.push(targetRules.diagnose("never-emitted", place, { name: used }, { help: `use ${successor}` }));
    else if (!target) {
      const names = [...targets.keys()];
      const extra = { notes: [`the targets are: ${formatList(names)}`], help: formatSuggestion(used, names) };
      found.push(targetRules.diagnose("unknown-target", place, { name: used }, extra));
    }
  }
  return found;
}

/** The cluster's own target first, then those that parts of the plan override it with. */
export function listPlanTargets(plan: Plan): ReadonlySet<string> {
  return new Set([
    plan.cluster.target,
    ...[...plan.networks, ...plan.zones, ...plan.gateways].map((one) => one.target),
  ]);
}
