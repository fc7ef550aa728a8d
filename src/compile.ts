import { append } from "./diagnostics/append.ts";
import { type Diagnostic, hasErrors } from "./diagnostics/diagnostic.ts";
import type { Compiled, CompileOptions, Inputs } from "./ir/compiled.ts";
import type { CommonSpec, Intent } from "./ir/intent.ts";
import { kinds } from "./kinds/index.ts";
import type { Kind } from "./kinds/kind.ts";
import { settleFixed } from "./lock/fixed.ts";
import { readLock } from "./lock/lock.ts";
import { mergeLock } from "./lock/merge-lock.ts";
import { readProject } from "./project/read-project.ts";
import { parse } from "./stages/2-parse.ts";
import { check, checkSecrets } from "./stages/3-check.ts";
import { resolve } from "./stages/4-resolve.ts";
import { plan } from "./stages/5-plan.ts";
import { lower } from "./stages/6-lower.ts";
import { render } from "./stages/7-render.ts";
import { verify } from "./stages/8-verify.ts";
import { type Instances, instancesOf } from "./stages/instances.ts";
import { ownTemplates } from "./stages/render/own-templates.ts";
import { targets } from "./targets/index.ts";
import { verifyCluster } from "./verify.ts";
import { readWorkloads } from "./workloads/read-workloads.ts";

/** Sources in, files and diagnostics out. Touches no file, clock, environment or network. */
export function compile(inputs: Inputs, options: CompileOptions = {}): Compiled {
  const diagnostics: Diagnostic[] = [];
  const take = <Value>(step: { readonly value: Value; readonly diagnostics: readonly Diagnostic[] }): Value => {
    append(diagnostics, step.diagnostics);
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

  const project = retargeted(take(readProject(inputs.project)), options);
  const merged = options.merge && inputs.lock ? mergeLock(inputs.lock) : undefined;
  const lock = take(readLock(merged?.file ?? inputs.lock));
  const workloads = take(readWorkloads(inputs.workloads));
  const documents = take(parse(inputs.intents));
  append(diagnostics, checkSecrets([inputs.project, ...inputs.intents]));
  const checked = chosen(take(check(documents, kinds)), options.without);
  if (!project) return nothing(undefined);
  const instances = moved(take(instancesOf(checked.intents, project, kindOf)), options);
  append(diagnostics, resolve(checked.intents, instances, checked.broken, workloads, kindOf));
  if (hasErrors(diagnostics)) return nothing(project);

  const whole = { project, intents: checked.intents, instances, workloads, kindOf };
  const planned = take(
    plan(whole, lock, { relock: options.relock ?? [], gc: options.gc ?? false, yielding: merged?.yielding ?? [] }),
  );
  if (hasErrors(diagnostics)) return nothing(project);

  const wanted = planned.plans.filter(({ cluster }) => options.clusters?.includes(cluster.name) ?? true);
  const left = planned.plans.filter((one) => !wanted.includes(one)).map(({ cluster }) => cluster.name);
  const allowLoss = [...project.allowLoss, ...(options.allowLoss ?? [])];
  const lowered = take(lower(wanted, { ...project, allowLoss }, targets));
  const fixed = take(settleFixed(lowered, left, lock, options.relock ?? []));
  if (hasErrors(diagnostics)) return nothing(project);
  const own = take(ownTemplates(inputs.templates));
  if (hasErrors(diagnostics)) return nothing(project);
  const files = render(lowered, project, own);
  const out = project.out.replace(/\/+$/, "");
  // One object for each file: whoever reads it second is handed what the first one read.
  const written = files.map((file) => ({ path: `${out}/${file.path}`, text: file.text }));
  take(verify(written, `${out}/`, lowered, own, project.templateDomains));
  if (!hasErrors(diagnostics) && !options.unproved)
    for (const { plan: one } of lowered) {
      const known = { plan: one, instances: instances.byCluster.get(one.cluster.name) ?? [] };
      const own = written.filter((file) => file.path.startsWith(`${out}/${one.cluster.name}/`));
      append(diagnostics, verifyCluster(known, own, inputs.workloads).diagnostics);
    }
  if (hasErrors(diagnostics)) return nothing(project);
  return {
    project,
    files,
    lock: planned.lockText(fixed),
    plans: lowered.map((one) => one.plan),
    instances: instances.byCluster,
    diagnostics,
  };
}

function retargeted(project: Compiled["project"], options: CompileOptions): Compiled["project"] {
  const { target, targetIsMeant, moved } = options;
  if (!project || target === undefined) return project;
  // A target that is only tried needs nobody's consent: nothing of it is written.
  const experimental = project.experimental || !targetIsMeant;
  if (moved) return { ...project, experimental };
  return { ...project, experimental, clusters: project.clusters.map((cluster) => ({ ...cluster, target })) };
}

/** Some intents on a target of their own, as if they said so. */
function moved(instances: Instances, { target, moved }: CompileOptions): Instances {
  if (!moved || target === undefined) return instances;
  const byCluster = new Map(
    [...instances.byCluster].map(([cluster, list]) => [
      cluster,
      list.map((one) => (moved.has(one.intent.id) ? { ...one, spec: { ...(one.spec as CommonSpec), target } } : one)),
    ]),
  );
  return { byCluster };
}

function chosen<Checked extends { readonly intents: readonly Intent[] }>(
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
