import { applyAll } from "./api-objects.ts";
import type { Claims } from "./claims.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { at, type KubeObject } from "./manifests.ts";
import type { LabelSelector } from "./selectors.ts";
import { sleep } from "./shell.ts";

const key = "k8s.v1.cni.cncf.io/networks";

/** Policies that patch pods are seen to patch: no annotation, a short-form one and a JSON one, each kept. */
export async function checkMutatingPolicies(
  api: ClusterApi,
  objects: readonly KubeObject[],
  prefix: string,
  claims: Claims,
): Promise<void> {
  const policies = objects.filter((object) => object.kind === "MutatingAdmissionPolicy");
  if (policies.length === 0) return;
  const bindings = objects.filter((object) => object.kind === "MutatingAdmissionPolicyBinding");
  await claims.check(`${prefix}admission delivery patches pods of every shape`, async () => {
    const stored = await applyAll(api, [...policies, ...bindings]);
    const problems = [...stored.problems];
    await sleep(1500);
    for (const policy of policies) problems.push(...(await tryPolicy(api, policy)));
    for (const object of [...bindings, ...policies]) await api.remove(object);
    return { problems, measured: `${policies.length} policies` };
  });
}

async function tryPolicy(api: ClusterApi, policy: KubeObject): Promise<string[]> {
  const constraints = at(policy, "spec", "matchConstraints");
  const namespace = namespaceOf(at(constraints, "namespaceSelector") as LabelSelector | undefined);
  const labels = labelsOf(at(constraints, "objectSelector") as LabelSelector | undefined);
  if (!namespace)
    return [`${policy.metadata.name}: its namespaceSelector names no namespace by kubernetes.io/metadata.name`];
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, { manager: "plb-suite" });
  const problems: string[] = [];
  const shapes: readonly [string, string | undefined, string[]][] = [
    ["no annotation", undefined, []],
    ["an empty annotation", "", []],
    ["the short form", "storage/backup-net", ["backup-net"]],
    ["JSON", '[{"name":"backup-net","namespace":"storage"}]', ["backup-net"]],
    ["an empty JSON list", "[ ]", []],
  ];
  const lists: string[][] = [];
  for (const [title, before, kept] of shapes) {
    const answer = await api.create(pod(namespace, labels, before), { dryRun: true });
    const value = answer.object.metadata?.annotations?.[key];
    const names = answer.refusal || value === undefined ? undefined : networkNames(value);
    if (!names) {
      problems.push(`${policy.metadata.name}, ${title}: ${answer.refusal || `the annotation is ${value ?? "absent"}`}`);
      continue;
    }
    const missing = kept.filter((name) => !names.includes(name));
    if (missing.length > 0)
      problems.push(`${policy.metadata.name}, ${title}: ${missing.join(", ")} was lost: ${value}`);
    lists.push(names.filter((name) => !kept.includes(name)));
    const again = await api.create(pod(namespace, labels, value), { dryRun: true });
    const second = again.object.metadata?.annotations?.[key];
    if (!again.refusal && second !== value)
      problems.push(`${policy.metadata.name}, ${title}: patched twice: ${second}`);
  }
  const [first = []] = lists;
  if (first.length === 0) problems.push(`${policy.metadata.name}: adds no network`);
  for (const list of lists) {
    if (list.join() !== first.join())
      problems.push(`${policy.metadata.name}: adds ${list.join()} to one pod and ${first.join()} to another`);
  }
  return problems;
}

function pod(namespace: string, labels: Record<string, string>, value: string | undefined): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "plb-shape",
      namespace,
      labels,
      ...(value === undefined ? {} : { annotations: { [key]: value } }),
    },
    spec: { containers: [{ name: "main", image: "registry.example.com/x:1" }] },
  };
}

/** The network names of an annotation in either form; undefined where it is neither. */
function networkNames(value: string): string[] | undefined {
  try {
    if (value.trim().startsWith("[")) return (JSON.parse(value) as { name: string }[]).map((entry) => entry.name);
  } catch {
    return undefined;
  }
  return value.split(",").map((entry) => entry.trim().replace(/^.*\//, "").replace(/@.*$/, ""));
}

function namespaceOf(selector: LabelSelector | undefined): string | undefined {
  const label = "kubernetes.io/metadata.name";
  return selector?.matchLabels?.[label] ?? selector?.matchExpressions?.find((e) => e.key === label)?.values?.[0];
}

function labelsOf(selector: LabelSelector | undefined): Record<string, string> {
  const pairs = (selector?.matchExpressions ?? [])
    .filter((e) => e.operator === "In" && e.values?.[0] !== undefined)
    .map((e) => [e.key, e.values?.[0] as string]);
  return { ...selector?.matchLabels, ...Object.fromEntries(pairs) };
}
