import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { load } from "../../src/stages/1-load.ts";
import type { Known } from "../../src/verify/verify-cluster.ts";

export const ROOT = new URL("../..", import.meta.url).pathname;

/** What the intents of a project mean, by cluster, without what their target does without. */
export function knownOf(inputs: Inputs): ReadonlyMap<string, Known> {
  const { plans, instances, diagnostics } = compile(inputs, { unproved: true });
  if (plans.length === 0) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return new Map(plans.map((plan) => [plan.cluster.name, { plan, instances: instances.get(plan.cluster.name) ?? [] }]));
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
