import { compile } from "../compile.ts";
import { append } from "../diagnostics/append.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { Compiled, Inputs, OutputFile } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { expectsOf } from "../kinds/expects.ts";
import { at } from "../source/place.ts";
import { meaningOf } from "../verify/expected-from-plan.ts";
import { shown } from "../verify/report/format/shown.ts";
import { documentOf } from "./document.ts";
import { foldersOf, inventoryOfFiles } from "./folders.ts";
import type { MigrationPlan } from "./migration-plan.ts";
import { prove } from "./prove.ts";
import type { Ground } from "./reach.ts";
import { migrateRules } from "./rules.ts";
import { type Side, sideOf } from "./side.ts";
import { stepsOf } from "./steps-of.ts";
import { unitsOf } from "./unit.ts";

export interface MigrationOptions {
  readonly to: string;
  readonly clusters: readonly string[];
  /** Only these move, by id, whatever target they name; empty = all that name none. */
  readonly intents: readonly string[];
  readonly allowLoss: readonly string[];
  /** Where it will be written, relative to the project: the document names it. */
  readonly folder: string;
}

export interface Migration {
  /** What the project compiles to as it stands: it must be what is applied. */
  readonly present: Compiled;
  /** Paths are below the folder; empty when there is an error. */
  readonly files: readonly OutputFile[];
  /** Clusters in which nothing would change. */
  readonly unmoved: readonly string[];
  /** What was asked to move, and has no target in any of the clusters; with what there is. */
  readonly strangers: readonly string[];
  readonly known: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The way of clusters from the target that they have to another, step by step, each proved. */
export function migration(inputs: Inputs, options: MigrationOptions): Migration {
  const { to, clusters, intents, allowLoss } = options;
  const before = compile(inputs, { clusters });
  if (hasErrors(before.diagnostics) || !before.project) return failed(before);
  const known = targetedIn(before);
  const strangers = intents.filter((id) => !known.includes(id));
  if (strangers.length > 0) return { ...failed(before, []), strangers, known };
  const { delivery, doc } = before.project;
  if (delivery.patches !== "component")
    return failed(before, [
      migrateRules.diagnose("delivery", at(doc, "spec", "delivery"), { delivery: delivery.patches }),
    ]);
  // What is not given out yet must be the same on both sides.
  const lock = before.lock === undefined ? inputs.lock : { path: before.project.lock, text: before.lock };
  const moved = intents.length > 0 ? { moved: new Set(intents) } : {};
  const after = compile({ ...inputs, lock }, { clusters, allowLoss, target: to, targetIsMeant: true, ...moved });
  if (hasErrors(after.diagnostics)) return failed(before, after.diagnostics);
  const files: OutputFile[] = [];
  const unmoved: string[] = [];
  const diagnostics: Diagnostic[] = [...after.diagnostics];
  for (const cluster of clusters) {
    const plan = planFor(cluster, [before, after], before.project, inputs, options);
    if (plan.steps.length === 0) unmoved.push(cluster);
    else files.push(...written(plan));
    append(diagnostics, plan.proof.diagnostics);
  }
  if (hasErrors(diagnostics)) return failed(before, diagnostics);
  return { present: before, files, unmoved, strangers, known, diagnostics };
}

/** Intents that have a target. */
function targetedIn({ plans }: Compiled): readonly string[] {
  const all = plans.flatMap(({ networks, boundaries, gateways }) => [...networks, ...boundaries, ...gateways]);
  return [...new Set(all.map((one) => one.intent))].sort();
}

function failed(present: Compiled, diagnostics: readonly Diagnostic[] = present.diagnostics): Migration {
  return { present, files: [], unmoved: [], strangers: [], known: [], diagnostics };
}

function planFor(
  cluster: string,
  compiled: readonly [Compiled, Compiled],
  project: Project,
  inputs: Inputs,
  { to, intents, folder }: MigrationOptions,
): MigrationPlan {
  const [before, after] = compiled.map((one) => sideIn(one, cluster, inputs)) as [Side, Side];
  const [first, last] = compiled.map((one) => groundIn(one, cluster)) as [Ground, Ground];
  const steps = stepsOf(before, after, unitsOf(before, after));
  const proof = prove(before, after, { before: first, after: last }, steps);
  const { networks, boundaries, gateways, cluster: own } = before.plan;
  const all = [...networks, ...boundaries, ...gateways];
  const moving = intents.length > 0 ? all.filter((one) => intents.includes(one.intent)) : all;
  const from = [...new Set([...(intents.length > 0 ? [] : [own.target]), ...moving.map((one) => one.target)])];
  const out = project.out.replace(/^\.\//, "").replace(/\/+$/, "");
  return {
    cluster,
    from,
    to,
    intents: [...new Set(moving.map((one) => one.intent))].filter((id) => intents.includes(id)).sort(),
    before,
    after,
    steps,
    proof,
    ...newlySaid(compiled),
    outFolder: `${out}/${cluster}`,
    folder: `${folder}/${cluster}`,
  };
}

function planOf({ plans }: Compiled, cluster: string): Compiled["plans"][number] {
  const plan = plans.find((one) => one.cluster.name === cluster);
  if (!plan) throw new Error(`cluster ${cluster} was compiled without a plan`);
  return plan;
}

function sideIn(compiled: Compiled, cluster: string, inputs: Inputs): Side {
  const own = compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
  const below = own.map(({ path, text }) => ({ path: path.slice(cluster.length + 1), text }));
  return sideOf(planOf(compiled, cluster), below, inputs);
}

function groundIn(compiled: Compiled, cluster: string): Ground {
  const plan = planOf(compiled, cluster);
  const instances = compiled.instances.get(cluster) ?? [];
  const expects = expectsOf(plan, instances);
  const meaning = meaningOf(plan, expects);
  const { platform } = plan.cluster;
  return { cluster, platform, externals: expects.devices, adopted: expects.adopted, guests: meaning.guests, meaning };
}

/** Warnings of what the wanted target asks of the platform: nothing is lost by them, and they are to be mended first. */
const REQUIREMENTS: readonly string[] = ["ovn/no-writer"];

/** What was left out, and what is warned of that was not before. */
function newlySaid([before, after]: readonly [Compiled, Compiled]): Pick<MigrationPlan, "losses" | "requirements"> {
  const words = ({ message, place }: Diagnostic) => `${message}${place ? ` (\`${shown(place)}\`)` : ""}`;
  const known = new Set(before.diagnostics.map(words));
  const said = after.diagnostics.filter(
    (one) => (one.code === "target/lost" || one.severity === "warning") && !known.has(words(one)),
  );
  const required = said.filter((one) => REQUIREMENTS.includes(one.code));
  return {
    losses: said.filter((one) => !required.includes(one)).map(words),
    requirements: required.map((one) => `${one.message}${one.help === undefined ? "" : `: ${one.help}`}`),
  };
}

function written(plan: MigrationPlan): readonly OutputFile[] {
  const files = [
    ...foldersOf(plan),
    { path: "README.md", text: documentOf(plan) },
    { path: "handoff.md", text: plan.after.handoff },
  ];
  const all = [...files, { path: "inventory.json", text: inventoryOfFiles(files) }];
  return all.map(({ path, text }) => ({ path: `${plan.cluster}/${path}`, text })).sort(byPath);
}

function byPath(one: OutputFile, other: OutputFile): number {
  return one.path < other.path ? -1 : 1;
}
