import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyAll } from "./api-objects.ts";
import type { Claims } from "./claims.ts";
import type { CallOptions, ClusterApi } from "./cluster-api.ts";
import { at, type KubeObject, podTemplate, readObjects, yamlFiles } from "./manifests.ts";
import type { LabelSelector } from "./selectors.ts";
import { until } from "./shell.ts";

const networksKey = "k8s.v1.cni.cncf.io/networks";
const controller: CallOptions = {
  as: "system:serviceaccount:kube-system:replicaset-controller",
  asGroups: ["system:serviceaccounts", "system:masters", "system:authenticated"],
};

/** Who applies the output of a test case: an applier by default. */
const argoCd: CallOptions = {
  as: "system:serviceaccount:argocd:argocd-application-controller",
  asGroups: ["system:masters", "system:authenticated"],
};

/** A pod that is created without our networks: what its annotation holds, and what must come out. */
interface Shape {
  readonly title: string;
  readonly before: string | undefined;
  /** Elements that must be kept, before ours. */
  readonly kept: readonly unknown[];
}

const backup = { name: "backup-net", namespace: "storage" };
const shapes: readonly Shape[] = [
  { title: "no annotation", before: undefined, kept: [] },
  { title: "an empty annotation", before: "", kept: [] },
  { title: "an empty JSON list", before: "[ ]", kept: [] },
  {
    title: "the short form",
    before: "storage/backup-net, other@net7",
    kept: [backup, { name: "other", interface: "net7" }],
  },
  { title: "JSON", before: '[ {"name": "backup-net", "namespace": "storage"} ]', kept: [backup] },
];

/** Policies that change pods are seen to: first alone, with annotations of every shape, then beside the guards. */
export async function checkAdmissionDelivery(
  api: ClusterApi,
  objects: readonly KubeObject[],
  workloads: readonly KubeObject[],
  prefix: string,
  claims: Claims,
  applier: CallOptions = argoCd,
): Promise<void> {
  const bindings = objects.filter((object) => object.kind === "MutatingAdmissionPolicyBinding");
  if (bindings.length === 0) return;
  const own = objects.filter(
    (object) => object.kind.startsWith("MutatingAdmissionPolicy") || ["Namespace", "ConfigMap"].includes(object.kind),
  );
  const remove = async (what: readonly KubeObject[]) => {
    for (const object of [...what].reverse()) if (/AdmissionPolicy/.test(object.kind)) await api.remove(object);
  };
  await claims.check(`${prefix}admission delivery changes pods of every shape`, async () => {
    const problems = [...(await applyAll(api, own, applier)).problems];
    for (const binding of bindings) problems.push(...(await tryBinding(api, binding, objects)));
    return { problems, measured: `${bindings.length} bindings, ${shapes.length} shapes each` };
  });
  const guards = objects.filter((object) => object.kind.startsWith("ValidatingAdmissionPolicy"));
  await claims.check(`${prefix}admission delivery: the guards admit what comes of it, and nothing else`, async () => {
    const problems = [...(await applyAll(api, guards, applier)).problems];
    const made = workloads.filter((one) => bindings.some((binding) => isFor(binding, one)));
    for (const workload of made) problems.push(...(await tryGuarded(api, workload, objects)));
    return { problems, measured: `${made.length} workloads` };
  });
  await remove([...own, ...guards]);
}

/** The workloads of a test case. */
export function workloadsOf(folder: string): KubeObject[] {
  const workloads = join(folder, "workloads");
  if (!existsSync(workloads)) return [];
  return yamlFiles(workloads).flatMap((file) => readObjects(readFileSync(file, "utf8"), file));
}

function matchOf(binding: KubeObject): { namespace: string; labels: Record<string, string> } {
  const match = at(binding, "spec", "matchResources");
  const namespaces = at(match, "namespaceSelector") as LabelSelector;
  const namespace = namespaces.matchExpressions?.find((e) => e.key === "kubernetes.io/metadata.name")?.values?.[0];
  const labels = (at(match, "objectSelector") as LabelSelector).matchLabels ?? {};
  return { namespace: namespace ?? "", labels: { ...labels } };
}

function isFor(binding: KubeObject, workload: KubeObject): boolean {
  const { namespace, labels } = matchOf(binding);
  const own = podTemplate(workload)?.metadata.labels ?? {};
  return (
    workload.metadata.namespace === namespace && Object.entries(labels).every(([key, value]) => own[key] === value)
  );
}

function dataOf(binding: KubeObject, objects: readonly KubeObject[]): Record<string, string> {
  const name = at(binding, "spec", "paramRef", "name");
  const found = objects.find((object) => object.kind === "ConfigMap" && object.metadata.name === name);
  return { ...(found?.data as Record<string, string>) };
}

async function tryBinding(api: ClusterApi, binding: KubeObject, objects: readonly KubeObject[]): Promise<string[]> {
  const { namespace, labels } = matchOf(binding);
  const data = dataOf(binding, objects);
  const ours = JSON.parse(`[${data.networks}]`) as unknown[];
  const create = async (value: string | undefined, own = labels) =>
    api.create(podWith(namespace, own, value, data), { dryRun: true });
  const networks = (object: KubeObject) => object.metadata?.annotations?.[networksKey];
  // A policy is in force about a second after it was stored.
  await until(async () => networks((await create(undefined)).object) !== undefined, 10_000, 300);
  const problems: string[] = [];
  for (const { title, before, kept } of shapes) {
    const { object, refusal } = await create(before);
    const value = networks(object);
    const wanted = JSON.stringify([...kept, ...ours]);
    if (refusal || value === undefined || !isSame(value, wanted)) {
      problems.push(`${title}: ${refusal || `the annotation is ${value ?? "absent"}, not ${wanted}`}`);
      continue;
    }
    problems.push(...besides(object, data).map((problem) => `${title}: ${problem}`));
    const again = await create(value);
    if (networks(again.object) !== value) problems.push(`${title}: changed twice: ${networks(again.object)}`);
  }
  const other = await create(undefined, { unrelated: "pod" });
  if (networks(other.object) !== undefined) problems.push("a pod without the labels was changed");
  const broken = await create("no network!");
  if (networks(broken.object) !== "no network!") problems.push("an annotation that cannot be read was changed");
  return problems.map((problem) => `${binding.metadata.name}, ${problem}`);
}

function isSame(value: string, wanted: string): boolean {
  try {
    return JSON.stringify(JSON.parse(value)) === wanted;
  } catch {
    return false;
  }
}

/** What else the parameters say of a pod. */
function besides(pod: KubeObject, data: Record<string, string>): string[] {
  const pairs = (text = "") => text.split("\n").map((line) => line.split("=") as [string, string]);
  const wrong: string[] = [];
  const same = (what: string, found: unknown, wanted: string) => {
    if (String(found) !== wanted) wrong.push(`${what} is ${JSON.stringify(found)}, not ${wanted}`);
  };
  same("the hash", at(pod, "metadata", "annotations", "plumbline.dev/networks-hash"), data.hash ?? "");
  if (data.nodeSelector)
    for (const [key, value] of pairs(data.nodeSelector)) same(key, at(pod, "spec", "nodeSelector", key), value);
  if (data.resolvers) {
    same("dnsPolicy", at(pod, "spec", "dnsPolicy"), "None");
    same("nameservers", at(pod, "spec", "dnsConfig", "nameservers"), data.resolvers.replaceAll("\n", ","));
  }
  const containers = at(pod, "spec", "containers") as KubeObject[];
  const container = containers.find((one) => (one as unknown as { name: string }).name === data.container);
  if (data.devices)
    for (const [key, value] of pairs(data.devices))
      for (const kind of ["requests", "limits"])
        same(`${kind} of ${key}`, at(container, "resources", kind, key), value);
  return wrong;
}

function podWith(
  namespace: string,
  labels: Record<string, string>,
  value: string | undefined,
  data: Record<string, string>,
): KubeObject {
  const image = "registry.example.com/x:1";
  const annotations = value === undefined ? {} : { annotations: { [networksKey]: value } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "plb-shape", namespace, labels, ...annotations },
    spec: {
      containers: [
        { name: "plb-first", image },
        { name: data.container ?? "main", image },
      ],
    },
  };
}

/** A workload's own pod passes the guards once admission has changed it; with a network more it does not. */
async function tryGuarded(api: ClusterApi, workload: KubeObject, objects: readonly KubeObject[]): Promise<string[]> {
  const template = structuredClone(podTemplate(workload)) as KubeObject;
  const { namespace } = workload.metadata;
  const { labels, annotations } = template.metadata;
  const spec = template.spec as Record<string, unknown>;
  const pod = (own: Record<string, string>): KubeObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "plb-guarded", namespace, labels: { ...labels }, annotations: own },
    spec,
  });
  const create = (own: Record<string, string>) => api.create(pod(own), { ...controller, dryRun: true });
  const before = annotations?.[networksKey];
  const foreign = { ...annotations, [networksKey]: `${before ? `${before},` : ""}elsewhere/foreign` };
  const zones = objects.filter((one) => one.kind === "ConfigMap" && (one.data as object)[namespace as never]);
  const problems: string[] = [];
  const isDenied = async () => /ValidatingAdmissionPolicy/.test((await create(foreign)).refusal);
  const denied = zones.length === 0 || (await until(isDenied, 10_000, 300));
  if (!denied) problems.push("a pod that names a foreign network besides is admitted");
  const { object, refusal } = await create({ ...annotations });
  if (refusal) problems.push(`its own pod is refused: ${refusal}`);
  else if (object.metadata.annotations?.[networksKey] === before) problems.push("its own pod was not changed");
  return problems.map((problem) => `${workload.kind} ${workload.metadata.name}: ${problem}`);
}
