import { checkImmutableFields } from "./allocation/lock/immutable-fields.ts";
import { type Lock, readLock } from "./allocation/lock/lock.ts";
import { mergeConflictMarkers } from "./allocation/lock/merge-lock.ts";
import { appendAll } from "./diagnostics/append-all.ts";
import { type Diagnostic, hasErrors } from "./diagnostics/diagnostic.ts";
import { addCluster } from "./diagnostics/in-cluster.ts";
import type { Compiled, CompileOptions, Inputs, OutputFile } from "./ir/compiled.ts";
import type { CommonSpec, Intent } from "./ir/intent.ts";
import type { Plan } from "./ir/plan.ts";
import type { Project } from "./ir/project.ts";
import { kinds } from "./kinds/index.ts";
import type { Kind } from "./kinds/kind.ts";
import { readProject } from "./project/read-project.ts";
import type { SourceFile } from "./source/source-file.ts";
import { parseFiles } from "./stages/2-parse.ts";
import { checkDocuments, checkSecrets } from "./stages/3-check.ts";
import { matchAnyName, resolveReferences } from "./stages/4-resolve.ts";
import { planClusters } from "./stages/5-plan.ts";
import { lowerPlans } from "./stages/6-lower.ts";
import { renderFiles } from "./stages/7-render.ts";
import { checkRoundtrip } from "./stages/8-roundtrip.ts";
import { deriveIntents } from "./stages/derive.ts";
import { buildInstances, type Instances } from "./stages/instances.ts";
import { readOwnTemplates } from "./stages/render/own-templates.ts";
import { completeWorkloadKinds } from "./stages/workload-kinds.ts";
import { targets } from "./targets/index.ts";
import { verifyCluster } from "./verify/verify-cluster.ts";
import { listWorkloadFiles } from "./workloads/declared.ts";
import { readKustomizations } from "./workloads/kustomizations.ts";
import { readWorkloads } from "./workloads/read-workloads.ts";

/** Sources in, files and diagnostics out. Touches no file, clock, environment or network. */
export function compile(inputs: Inputs, options: CompileOptions = {}): Compiled {
  const diagnostics: Diagnostic[] = [];
  const take = <Value>(step: { readonly value: Value; readonly diagnostics: readonly Diagnostic[] }): Value => {
    appendAll(diagnostics, step.diagnostics);
    return step.value;
  };
  const nothing = (project: Compiled["project"]): Compiled => ({
    project,
    files: [],
    lock: undefined,
    plans: [],
    instances: new Map(),
    diagnostics,
  });

  const project = overrideTarget(take(readProject(inputs.project)), options);
  const merged = options.merge && inputs.lock ? mergeConflictMarkers(inputs.lock) : undefined;
  const lock = take(readLock(merged?.file ?? inputs.lock));
  options.onProgress?.("reading workloads and intents");
  const manifests = listWorkloadFiles(inputs);
  const workloads = take(readWorkloads(manifests));
  const parsed = parseFiles(inputs.intents);
  const documents = take(parsed);
  appendAll(diagnostics, checkSecrets([inputs.project, ...inputs.intents]));
  const checked = excludeIntents(take(checkDocuments(documents, kinds)), options.without);
  if (!project) return nothing(undefined);
  const written = retargetIntents(
    take(completeWorkloadKinds(take(buildInstances(checked.intents, project, kindOf)), workloads)),
    options,
  );
  const { instances, intents: more } = take(deriveIntents(written, { workloads, project }, kindOf));
  const intents = [...checked.intents, ...more];
  const broken = hasErrors(parsed.diagnostics) ? matchAnyName : checked.broken;
  appendAll(diagnostics, resolveReferences(intents, instances, broken, workloads, kindOf));
  if (hasErrors(diagnostics)) return nothing(project);

  options.onProgress?.("allocating");
  const whole = { project, intents, instances, workloads, kindOf };
  const planned = take(
    planClusters(whole, lock, { relock: options.relock ?? [], gc: options.gc ?? false, losers: merged?.losers ?? [] }),
  );
  if (hasErrors(diagnostics)) return nothing(project);

  options.onProgress?.("writing manifests");
  const wanted = planned.plans.filter(({ cluster }) => options.clusters?.includes(cluster.name) ?? true);
  const left = planned.plans.filter((one) => !wanted.includes(one)).map(({ cluster }) => cluster.name);
  const spelt = take(lowerAndRender(wanted, left, project, lock, inputs, options));
  if (!spelt || hasErrors(diagnostics)) return nothing(project);
  if (!options.skipVerify)
    for (const one of spelt.plans) {
      options.onProgress?.(`verifying ${one.cluster.name}`);
      const known = { plan: one, instances: instances.byCluster.get(one.cluster.name) ?? [] };
      const folder = `${spelt.out}${one.cluster.name}/`;
      const own = spelt.written.filter((file) => file.path.startsWith(folder));
      const found = verifyCluster(known, own, manifests).diagnostics;
      appendAll(diagnostics, project.clusters.length > 1 ? addCluster(found, one.cluster.name, folder) : found);
    }
  if (hasErrors(diagnostics)) return nothing(project);
  return {
    project,
    files: spelt.files,
    lock: planned.lockText(spelt.fixed),
    plans: spelt.plans,
    instances: instances.byCluster,
    diagnostics,
  };
}

interface Spelt {
  /** As they were lowered: without what was lost by consent. */
  readonly plans: readonly Plan[];
  readonly files: readonly OutputFile[];
  /** The folder that all of `written` is in, with a slash at its end. */
  readonly out: string;
  readonly written: readonly SourceFile[];
  /** What an API server takes once, for the lock. */
  readonly fixed: ReadonlyMap<string, string>;
}

/**
 * From plans to texts, held against what was meant; undefined where an error came first. The objects between are let go
 * with this function: proving what the texts let through needs none of them, and has to hold a model beside all that is left.
 */
function lowerAndRender(
  plans: readonly Plan[],
  left: readonly string[],
  project: Project,
  lock: Lock,
  inputs: Inputs,
  options: CompileOptions,
): { readonly value: Spelt | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const allowLoss = [...project.allowLoss, ...(options.allowLoss ?? [])];
  const beside = inputs.workloads.map((one) => one.file);
  const kustomizations = readKustomizations(inputs.kustomizations ?? [], beside, project.delivery.flux.pathPrefix);
  const lowered = lowerPlans(plans, { ...project, allowLoss }, targets, kustomizations);
  const fixed = checkImmutableFields(lowered.value, left, lock, options.relock ?? []);
  const found = [...lowered.diagnostics, ...fixed.diagnostics];
  if (hasErrors(found)) return { value: undefined, diagnostics: found };
  const own = readOwnTemplates(inputs.templates);
  appendAll(found, own.diagnostics);
  if (hasErrors(found)) return { value: undefined, diagnostics: found };
  const files = renderFiles(lowered.value, project, own.value);
  const out = `${project.out.replace(/\/+$/, "")}/`;
  // One object for each file: whoever reads it second is handed what the first one read.
  const written = files.map((file) => ({ path: out + file.path, text: file.text }));
  appendAll(found, checkRoundtrip(written, out, lowered.value, own.value, project.templateDomains).diagnostics);
  const lean = lowered.value.map(({ plan }) => plan);
  return { value: { plans: lean, files, out, written, fixed: fixed.value }, diagnostics: found };
}

function overrideTarget(project: Compiled["project"], options: CompileOptions): Compiled["project"] {
  const { target, isTargetFinal, moved } = options;
  if (!project || target === undefined) return project;
  // A target that is only tried needs nobody's consent: nothing of it is written.
  const experimental = project.experimental || !isTargetFinal;
  if (moved) return { ...project, experimental };
  return { ...project, experimental, clusters: project.clusters.map((cluster) => ({ ...cluster, target })) };
}

/** Some intents on a target of their own, as if they said so. */
function retargetIntents(instances: Instances, { target, moved }: CompileOptions): Instances {
  if (!moved || target === undefined) return instances;
  const byCluster = new Map(
    [...instances.byCluster].map(([cluster, list]) => [
      cluster,
      list.map((one) => (moved.has(one.intent.id) ? { ...one, spec: { ...(one.spec as CommonSpec), target } } : one)),
    ]),
  );
  return { byCluster };
}

function excludeIntents<Checked extends { readonly intents: readonly Intent[] }>(
  checked: Checked,
  without: ReadonlySet<string> | undefined,
): Checked {
  return without ? { ...checked, intents: checked.intents.filter((one) => !without.has(one.id)) } : checked;
}

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

function kindOf(name: string): Kind {
  const kind = byName.get(name);
  if (!kind) throw new Error(`an intent of the unknown kind ${name} came through the check`);
  return kind;
}
