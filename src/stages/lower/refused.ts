import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean, listed } from "../../diagnostics/suggest.ts";
import type { Plan } from "../../ir/plan.ts";
import type { Project } from "../../ir/project.ts";
import { featureOf } from "../../schema/features.ts";
import { at } from "../../source/place.ts";
import type { Target } from "../../targets/target.ts";
import { livingSuccessor } from "../never-emitted.ts";
import { type Need, needsOf } from "./needs.ts";
import { targetRules } from "./rules.ts";
import { withoutLosses } from "./without-losses.ts";

export interface Judged {
  readonly diagnostics: readonly Diagnostic[];
  /** What the project does without. */
  readonly lost: readonly Need[];
}

/**
 * What a plan needs and its targets do not have: refused, or lost where the project accepts that. Whole intents first:
 * what hangs on a gateway that is refused or lost is not asked for again.
 */
export function judge(plan: Plan, project: Project, targets: ReadonlyMap<string, Target>): Judged {
  const diagnostics = targetsNamed(plan, project, targets);
  const beyond = partly(plan, targets);
  const lost: Need[] = [];
  const refused: Need[] = [];
  const ask = (needs: readonly Need[]): void => {
    for (const need of needs.flatMap(beyond)) {
      if ([...lost, ...refused].some((one) => isWhole(one) && one.intent === need.intent)) continue;
      const answer = answerTo(need, project, targets);
      if (!answer) continue;
      // What is lost is lost once for an intent; what is refused is refused at every line.
      const again = answer.severity !== "error" && lost.some((one) => sameNeed(one, need));
      if (!again) diagnostics.push(answer);
      (answer.severity === "error" ? refused : lost).push(need);
    }
  };
  ask(needsOf(plan).filter(isWhole));
  ask(needsOf(withoutLosses(plan, [...lost, ...refused])).filter((need) => !isWhole(need)));
  return { diagnostics, lost };
}

function sameNeed(a: Need, b: Need): boolean {
  return a.feature === b.feature && a.target === b.target && a.intent === b.intent;
}

/** A need, at the lines that go too far where its target has a part; none where that part is enough. */
function partly(plan: Plan, targets: ReadonlyMap<string, Target>): (need: Need) => readonly Need[] {
  const lacking = new Map<string, Pick<Need, "place" | "why" | "help">[]>();
  for (const name of targetsOf(plan))
    for (const { feature, intent, ...where } of targets.get(name)?.lacks?.(plan) ?? []) {
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
function isWhole({ feature }: Need): boolean {
  return (
    feature === "external" ||
    feature === "network" ||
    feature === "firewall" ||
    feature === "legs" ||
    feature.startsWith("vpn")
  );
}

function answerTo(need: Need, project: Project, targets: ReadonlyMap<string, Target>): Diagnostic | undefined {
  const target = targets.get(need.target);
  const support = target?.supports[need.feature];
  const feature = featureOf(need.feature);
  if (!target || !feature || support === "yes") return undefined;
  const { words, losable } = feature;
  const parameters = { target: target.name, what: words, partly: need.partly === true };
  if (support === "experimental" && project.experimental) return undefined;
  if (losable && project.allowLoss.includes(need.feature))
    return targetRules.diagnose("lost", need.place, { ...parameters, intent: need.intent }, { notes: reasonOf(need) });
  if (support === "experimental")
    return targetRules.diagnose(
      "experimental",
      need.place,
      { what: `${words} with target \`${target.name}\`` },
      notesOf(target, need),
    );
  return targetRules.diagnose("unsupported", need.place, parameters, {
    help: [...(need.help === undefined ? [] : [need.help]), able(need, targets)].join("; "),
    notes: [
      ...reasonOf(need),
      ...notesOf(target, need).notes.map((note) => (need.partly ? `in part: ${note}` : note)),
      ...(losable ? [`\`allowLoss: [${need.feature}]\` in plumbline.yaml accepts that it is missing`] : []),
    ],
  });
}

function able({ feature, target }: Need, targets: ReadonlyMap<string, Target>): string {
  const names = [...targets.values()]
    .filter((other) => other.supports[feature] && other.name !== target)
    .map((other) => other.name);
  return names.length > 0 ? `targets that have it: ${names.join(", ")}` : "no target has it";
}

function reasonOf({ why }: Need): readonly string[] {
  return why === undefined ? [] : [why];
}

function notesOf(target: Target, need: Need): { readonly notes: readonly string[] } {
  const note = target.notes?.[need.feature];
  return { notes: note === undefined ? [] : [note] };
}

/** Every target that a plan names must be there, be released, and be agreed to where it is experimental. */
function targetsNamed(plan: Plan, project: Project, targets: ReadonlyMap<string, Target>): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { index, target: name } = plan.cluster;
  const clusterPlace = at(project.doc, "spec", "clusters", index, "target");
  const places = new Map([...plan.networks, ...plan.gateways].map((one) => [one.target, one.origin]));
  for (const used of targetsOf(plan)) {
    const target = targets.get(used);
    const place = used === name ? clusterPlace : (places.get(used) ?? clusterPlace);
    const successor = livingSuccessor(used);
    if (target?.maturity === "experimental" && !project.experimental)
      found.push(targetRules.diagnose("experimental", place, { what: `target \`${used}\`` }));
    else if (!target && successor)
      found.push(targetRules.diagnose("never-emitted", place, { name: used }, { help: `use ${successor}` }));
    else if (!target) {
      const names = [...targets.keys()];
      const extra = { notes: [`the targets are: ${listed(names)}`], help: didYouMean(used, names) };
      found.push(targetRules.diagnose("unknown-target", place, { name: used }, extra));
    }
  }
  return found;
}

/** The cluster's own target first, then those that parts of the plan override it with. */
export function targetsOf(plan: Plan): ReadonlySet<string> {
  return new Set([
    plan.cluster.target,
    ...[...plan.networks, ...plan.boundaries, ...plan.gateways].map((one) => one.target),
  ]);
}
