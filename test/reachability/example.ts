import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import type { ClusterKnowledge } from "../../src/verify/verify-cluster.ts";

export const ROOT = new URL("../..", import.meta.url).pathname;

/** What the intents of a project mean, by cluster, without what their target does without. */
export function knownOf(inputs: Inputs): ReadonlyMap<string, ClusterKnowledge> {
  const { plans, instances, diagnostics } = compile(inputs, { skipVerify: true });
  if (plans.length === 0) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return new Map(plans.map((plan) => [plan.cluster.name, { plan, instances: instances.get(plan.cluster.name) ?? [] }]));
}

export function exampleInputs(root = ROOT): Inputs {
  const { inputs } = loadProjectFiles(root);
  if (!inputs) throw new Error("the example does not load");
  return inputs;
}

/** Files of one cluster of an output. */
export function clusterFiles(files: readonly SourceFile[], cluster: string): readonly SourceFile[] {
  return files.filter((file) => file.path.startsWith(`out/${cluster}/`) || file.path.startsWith(`${cluster}/`));
}
