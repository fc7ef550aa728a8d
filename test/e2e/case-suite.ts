import { existsSync } from "node:fs";
import { join } from "node:path";
import { bindUsers } from "./admission.ts";
import { type Applied, applyAll, ensureNamespaces, removeAll, secondApply } from "./api-objects.ts";
import { type Claim, type Claims, makeClaims, type Verdict } from "./claims.ts";
import type { CallOptions } from "./cluster-api.ts";
import { definitionFiles } from "./ground.ts";
import { idOf, type KubeObject, patchedWorkloads, podTemplate, readCluster, readObjects } from "./manifests.ts";
import { type Walked, walk, ways } from "./migration-suite.ts";
import { outputChecks } from "./output-checks.ts";
import { caseOutputs, gitopsOf, type Output, workloadsOf } from "./outputs.ts";
import { run } from "./shell.ts";
import type { Ground } from "./world.ts";

/** What every test case's expected output comes to on the real API server. */
export async function caseSuite(ground: Ground, print: (line: string) => void): Promise<readonly Claim[]> {
  const claims = makeClaims("api server", "all cases", print);
  const applier = await bindUsers(ground.api, "system:serviceaccount:argocd:argocd-application-controller");
  const outputs = caseOutputs().map((output) => ({ output, objects: readCluster(output.folder) }));
  claims.add("the custom resource definitions are accepted", [], `${definitionFiles(ground.bin).length} files`);
  await over(
    claims,
    "every object is accepted, twice without drift (Strict, no warning; guards in a dry run)",
    outputs,
    {
      unit: "objects",
      of: ({ objects }) => accepted(ground, objects),
    },
  );
  await over(claims, "the objects for Argo CD and Flux are accepted", outputs, {
    unit: "objects",
    of: async ({ output }) => applied(ground, gitopsOf(output.folder), { dryRun: true }),
  });
  await over(claims, "kustomize build gives the same objects", outputs, {
    unit: "objects",
    of: ({ output, objects }) => sameBuild(ground, output.folder, objects),
  });
  await over(claims, "every component builds with its workload, and what comes of it is accepted", outputs, {
    unit: "workloads",
    of: ({ output }) => patched(ground, output),
  });
  await claims.check(
    "every step of a migration is accepted after the one before it (guards in a dry run)",
    async () => {
      const walked: Walked[] = [];
      for (const way of ways()) walked.push(await walk(ground, way));
      const sum = (of: "steps" | "objects") => walked.reduce((all, one) => all + one[of], 0);
      const measured = `${sum("steps")} steps of ${walked.length} migrations, ${sum("objects")} objects`;
      return { problems: walked.flatMap((one) => one.problems), measured };
    },
  );
  for (const check of outputChecks) {
    for (const { output, objects } of outputs.filter((entry) => check.wants(entry.objects, entry.output))) {
      const context = { ground, output, objects, workloads: workloadsOf(output.project), applier };
      await claims.check(`${output.name}: ${check.claim}`, () => check.run(context));
    }
  }
  return claims.list;
}

interface Entry {
  readonly output: Output;
  readonly objects: readonly KubeObject[];
}

interface Found {
  readonly problems: readonly string[];
  readonly count: number;
  /** Kinds without a definition here. */
  readonly unknown?: readonly string[];
}

/** One claim over all outputs; each problem names its case. */
async function over(
  claims: Claims,
  claim: string,
  outputs: readonly Entry[],
  work: { readonly unit: string; of(entry: Entry): Promise<Found> },
): Promise<void> {
  await claims.check(claim, async () => {
    const problems: string[] = [];
    const unknown = new Set<string>();
    let count = 0;
    for (const entry of outputs) {
      const { name, cluster } = entry.output;
      const found = await work
        .of(entry)
        .catch((error: Error): Found => ({ problems: [error.message.split("\n").slice(0, 4).join(" ")], count: 0 }));
      problems.push(...found.problems.map((problem) => `${name} (${cluster}): ${problem}`));
      for (const kind of found.unknown ?? []) unknown.add(kind);
      count += found.count;
    }
    if (count === 0) problems.push(`no case has any ${work.unit} for this`);
    const left = unknown.size > 0 ? `; no definition here for ${[...unknown].sort().join(", ")}` : "";
    return { problems, measured: `${count} ${work.unit} of ${outputs.length} outputs${left}` };
  });
}

async function applied(ground: Ground, objects: readonly KubeObject[], options: CallOptions = {}): Promise<Applied> {
  await ensureNamespaces(ground.api, objects);
  return applyAll(ground.api, objects, options);
}

/** Stores everything but guards, which would judge the next case; those are validated in a dry run. */
async function accepted(ground: Ground, objects: readonly KubeObject[]): Promise<Found> {
  const isGuard = (object: KubeObject) => /AdmissionPolicy(Binding)?$/.test(object.kind);
  const guards = await applied(ground, objects.filter(isGuard), { dryRun: true });
  const others = objects.filter((object) => !isGuard(object));
  const first = await applied(ground, others);
  const again: Verdict = await secondApply(ground.api, others, {});
  await removeAll(ground.api, others);
  return {
    problems: [...guards.problems, ...first.problems, ...(first.problems.length > 0 ? [] : again.problems)],
    count: guards.count + first.count,
    unknown: [...guards.unknown, ...first.unknown],
  };
}

/** Compares what kustomize builds of a folder with the files in it. */
export async function sameBuild(ground: Ground, folder: string, objects: readonly KubeObject[]): Promise<Found> {
  // A cluster that nothing is written for has nothing to build.
  if (objects.length === 0 && !existsSync(join(folder, "kustomization.yaml"))) return { problems: [], count: 0 };
  const built = readObjects(await run(join(ground.bin, "kustomize"), ["build", folder]), folder).map(idOf);
  const written = objects.map(idOf);
  const missing = written.filter((id) => !built.includes(id)).map((id) => `${id} is not in the build`);
  const extra = built.filter((id) => !written.includes(id)).map((id) => `${id} is in no file`);
  return { problems: [...missing, ...extra], count: built.length };
}

/** Patched workloads; those that the server refuses as their owners wrote them are not ours to mend. */
async function patched(ground: Ground, output: Output): Promise<Found> {
  const folder = join(output.project, "workloads");
  const built = await patchedWorkloads(join(ground.bin, "kustomize"), folder, output.folder);
  const owners = workloadsOf(output.project);
  const pairs = built.flatMap((workload, index) => {
    const owner = owners[index] as KubeObject;
    const namespace = workload.metadata.namespace;
    const changed = JSON.stringify(podTemplate(workload)) !== JSON.stringify(podTemplate(owner));
    return changed ? [{ workload, owner: { ...owner, metadata: { ...owner.metadata, namespace } } }] : [];
  });
  const fine: KubeObject[] = [];
  for (const { workload, owner } of pairs) {
    const before = await applied(ground, [owner], { dryRun: true });
    if (before.problems.length === 0 && before.unknown.length === 0) fine.push(workload);
  }
  return applied(ground, fine, { dryRun: true });
}
