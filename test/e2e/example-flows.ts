import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { compile } from "../../src/compile.ts";
import type { WorkloadFile } from "../../src/ir/compiled.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import type { FlowSet } from "../../src/verify/dataplane/flow.ts";
import { verifyCluster } from "../../src/verify/verify-cluster.ts";
import type { Expectations, ExtraPod } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { yamlFiles } from "./manifests.ts";

/** What the reachability model reads out of an example's manifests, and out of what the suite adds to it. */
export function exampleFlows({ project = "", cluster, out, extraPods, extraObjects }: Expectations): FlowSet {
  const { inputs } = loadProjectFiles(join(projectRoot, project));
  if (!inputs) throw new Error(`${project} does not load`);
  const { plans, instances } = compile(inputs, { skipVerify: true });
  const plan = plans.find((one) => one.cluster.name === cluster);
  if (!plan) throw new Error(`${project} has no cluster ${cluster}`);
  const folder = join(projectRoot, out);
  const files = yamlFiles(folder).map((path) => ({
    path: `out/${cluster}/${relative(folder, path)}`,
    text: readFileSync(path, "utf8"),
  }));
  const extra = extraObjects.map((object, index) => ({
    path: `out/${cluster}/extra-${index}.yaml`,
    text: stringify(object),
  }));
  const workloads = [...inputs.workloads, ...extraPods.map(workloadOf)];
  return verifyCluster({ plan, instances: instances.get(cluster) ?? [] }, [...files, ...extra], workloads).flows;
}

function workloadOf({ namespace, name, labels }: ExtraPod): WorkloadFile {
  const text = stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { ...labels } },
    spec: { containers: [{ name: "main", image: "registry.example.com/extra:1" }] },
  });
  return { file: { path: `workloads/extra-${namespace}-${name}.yaml`, text }, namespace: undefined };
}
