import { compile } from "../compile.ts";
import { appendAll } from "../diagnostics/append-all.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { Compiled, Inputs, OutputFile } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { collectExpectations } from "../kinds/expects.ts";
import { placeAt } from "../source/place.ts";
import { buildExpectedState } from "../verify/expected-from-plan.ts";
import { formatLocation } from "../verify/report/format/location.ts";
import { writeMigrationDocument } from "./document.ts";
import { type EndpointState, readEndpointState } from "./endpoint-state.ts";
import { writeInventory, writeMigrationFolders } from "./folders.ts";
import type { MigrationPlan } from "./migration-plan.ts";
import { groupUnits } from "./migration-unit.ts";
import type { ClusterContext } from "./reachability.ts";
import { migrateRules } from "./rules.ts";
import { planSteps } from "./steps-of.ts";
import { verifySteps } from "./verify-steps.ts";

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
  readonly unknownIntents: readonly string[];
  readonly known: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The way of clusters from the target that they have to another, step by step, each proved. */
export function planMigration(inputs: Inputs, options: MigrationOptions): Migration {
  const { to, clusters, intents, allowLoss } = options;
  const before = compile(inputs, { clusters });
  if (hasErrors(before.diagnostics) || !before.project) return failed(before);
  const known = listTargetedIntents(before);
  const unknownIntents = intents.filter((id) => !known.includes(id));
  if (unknownIntents.length > 0) return { ...failed(before, []), unknownIntents, known };
  const { delivery, doc } = before.project;
  if (delivery.patches !== "component")
    return failed(before, [
      migrateRules.diagnose("delivery", placeAt(doc, "spec", "delivery"), { delivery: delivery.patches }),
    ]);
  // What is not given out yet must be the same on both sides.
  const lock = before.lock === undefined ? inputs.lock : { path: before.project.lock, text: before.lock };
  const moved = intents.length > 0 ? { moved: new Set(intents) } : {};
  const after = compile({ ...inputs, lock }, { clusters, allowLoss, target: to, isTargetFinal: true, ...moved });
  if (hasErrors(after.diagnostics)) return failed(before, after.diagnostics);
  const files: OutputFile[] = [];
  const unmoved: string[] = [];
  const diagnostics: Diagnostic[] = [...after.diagnostics];
  for (const cluster of clusters) {
    const plan = planFor(cluster, [before, after], before.project, inputs, options);
    if (plan.steps.length === 0) unmoved.push(cluster);
    else files.push(...listOutputFiles(plan));
    appendAll(diagnostics, plan.proof.diagnostics);
  }
  if (hasErrors(diagnostics)) return failed(before, diagnostics);
  return { present: before, files, unmoved, unknownIntents, known, diagnostics };
}

/** Intents that have a target. */
function listTargetedIntents({ plans }: Compiled): readonly string[] {
  const all = plans.flatMap(({ networks, zones, gateways }) => [...networks, ...zones, ...gateways]);
  return [...new Set(all.map((one) => one.intent))].sort();
}

function failed(present: Compiled, diagnostics: readonly Diagnostic[] = present.diagnostics): Migration {
  return { present, files: [], unmoved: [], unknownIntents: [], known: [], diagnostics };
}

function planFor(
  cluster: string,
  compiled: readonly [Compiled, Compiled],
  project: Project,
  inputs: Inputs,
  { to, intents, folder }: MigrationOptions,
): MigrationPlan {
  const [before, after] = compiled.map((one) => sideIn(one, cluster, inputs)) as [EndpointState, EndpointState];
  const [first, last] = compiled.map((one) => groundIn(one, cluster)) as [ClusterContext, ClusterContext];
  const steps = planSteps(before, after, groupUnits(before, after));
  const proof = verifySteps(before, after, { before: first, after: last }, steps);
  const { networks, zones, gateways, cluster: own } = before.plan;
  const all = [...networks, ...zones, ...gateways];
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
    ...findNewFindings(compiled),
    outFolder: `${out}/${cluster}`,
    folder: `${folder}/${cluster}`,
  };
}

function planOf({ plans }: Compiled, cluster: string): Compiled["plans"][number] {
  const plan = plans.find((one) => one.cluster.name === cluster);
  if (!plan) throw new Error(`cluster ${cluster} was compiled without a plan`);
  return plan;
}

function sideIn(compiled: Compiled, cluster: string, inputs: Inputs): EndpointState {
  const own = compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
  const below = own.map(({ path, text }) => ({ path: path.slice(cluster.length + 1), text }));
  return readEndpointState(planOf(compiled, cluster), below, inputs);
}

function groundIn(compiled: Compiled, cluster: string): ClusterContext {
  const plan = planOf(compiled, cluster);
  const instances = compiled.instances.get(cluster) ?? [];
  const expects = collectExpectations(plan, instances);
  const meaning = buildExpectedState(plan, expects);
  const { platform } = plan.cluster;
  return {
    cluster,
    platform,
    externals: expects.devices,
    externallyManaged: expects.adopted,
    guests: meaning.guests,
    meaning,
  };
}

/** Warnings of what the wanted target asks of the platform: nothing is lost by them, and they are to be mended first. */
const REQUIREMENTS: readonly string[] = ["ovn/no-writer"];

/** What was left out, and what is warned of that was not before. */
function findNewFindings([before, after]: readonly [Compiled, Compiled]): Pick<
  MigrationPlan,
  "losses" | "requirements"
> {
  const words = ({ message, place }: Diagnostic) => `${message}${place ? ` (\`${formatLocation(place)}\`)` : ""}`;
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

function listOutputFiles(plan: MigrationPlan): readonly OutputFile[] {
  const files = [
    ...writeMigrationFolders(plan),
    { path: "README.md", text: writeMigrationDocument(plan) },
    { path: "handoff.md", text: plan.after.handoff },
  ];
  const all = [...files, { path: "inventory.json", text: writeInventory(files) }];
  return all.map(({ path, text }) => ({ path: `${plan.cluster}/${path}`, text })).sort(byPath);
}

function byPath(one: OutputFile, other: OutputFile): number {
  return one.path < other.path ? -1 : 1;
}
