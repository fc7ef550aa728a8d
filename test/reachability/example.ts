import { hasErrors } from "../../src/diagnostics/diagnostic.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { kinds } from "../../src/kinds/index.ts";
import { readLock } from "../../src/lock/lock.ts";
import { readProject } from "../../src/project/read-project.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { load } from "../../src/stages/1-load.ts";
import { parse } from "../../src/stages/2-parse.ts";
import { check } from "../../src/stages/3-check.ts";
import { plan } from "../../src/stages/5-plan.ts";
import { instancesOf } from "../../src/stages/instances.ts";
import type { Known } from "../../src/verify.ts";
import { readWorkloads } from "../../src/workloads/read-workloads.ts";

export const ROOT = new URL("../..", import.meta.url).pathname;

/** What the intents of a project mean, by cluster, without writing anything. */
export function knownOf(inputs: Inputs): ReadonlyMap<string, Known> {
  const kindOf = (name: string) => kinds.find((kind) => kind.name === name) ?? (kinds[0] as (typeof kinds)[number]);
  const project = readProject(inputs.project).value;
  if (!project) throw new Error("no project");
  const { intents } = check(parse(inputs.intents).value, kinds).value;
  const instances = instancesOf(intents, project, kindOf).value;
  const workloads = readWorkloads(inputs.workloads).value;
  const planned = plan({ project, intents, instances, workloads, kindOf }, readLock(inputs.lock).value, {
    relock: [],
    gc: false,
    yielding: [],
  });
  if (hasErrors(planned.diagnostics)) throw new Error(planned.diagnostics.map((one) => one.message).join("\n"));
  return new Map(
    planned.value.plans.map((one) => [
      one.cluster.name,
      { plan: one, instances: instances.byCluster.get(one.cluster.name) ?? [] },
    ]),
  );
}

export function exampleInputs(root = ROOT): Inputs {
  const { inputs } = load(root);
  if (!inputs) throw new Error("the example does not load");
  return inputs;
}

/** Files of one cluster of an output. */
export function clusterFiles(files: readonly SourceFile[], cluster: string): readonly SourceFile[] {
  return files.filter((file) => file.path.startsWith(`out/${cluster}/`) || file.path.startsWith(`${cluster}/`));
}
