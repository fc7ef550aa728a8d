import type { CallOptions, ClusterApi } from "./cluster-api.ts";
import { at, type KubeObject, podTemplate } from "./manifests.ts";
import type { OutputCheck } from "./output-checks.ts";
import type { LabelSelector } from "./selectors.ts";
import { until } from "./shell.ts";
import { whileStored } from "./while-stored.ts";

const networksKey = "k8s.v1.cni.cncf.io/networks";
const controller: CallOptions = {
  as: "system:serviceaccount:kube-system:replicaset-controller",
  asGroups: ["system:serviceaccounts", "system:masters", "system:authenticated"],
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

function bindingsOf(objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter(
    (object) => object.kind === "MutatingAdmissionPolicyBinding" && dataOf(object, objects).statefulSet === undefined,
  );
}

const wants = (objects: readonly KubeObject[]) => bindingsOf(objects).length > 0;

/** Policies that change pods are seen to: first alone, with annotations of every shape, then beside the guards. */
export const admissionDeliveryChecks: readonly OutputCheck[] = [
  {
    claim: "admission delivery changes pods of every shape",
    wants,
    run: async (context) => {
      const { ground, objects } = context;
      const bindings = bindingsOf(objects);
      const problems = await whileStored(context, /^MutatingAdmissionPolicy/, async () => {
        const found: string[] = [];
        for (const binding of bindings) found.push(...(await tryBinding(ground.api, binding, objects)));
        return found;
      });
      return { problems, measured: `${bindings.length} bindings, ${shapes.length} shapes each` };
    },
  },
  {
    claim: "admission delivery: the guards admit what comes of it, and nothing else",
    wants,
    run: async (context) => {
      const { ground, objects, workloads } = context;
      const made = workloads.filter((one) => bindingsOf(objects).some((binding) => isFor(binding, one)));
      const problems = await whileStored(context, /AdmissionPolicy/, async () => {
        const found: string[] = [];
        for (const workload of made) found.push(...(await tryGuarded(ground.api, workload, objects)));
        return found;
      });
      return { problems, measured: `${made.length} workloads` };
    },
  },
];

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
  // A workload that is on no network of its own is changed in what it drops alone.
  if (data.networks === "") {
    await until(async () => besides((await create(undefined)).object, data).length === 0, 10_000, 300);
    return besides((await create("storage/backup-net")).object, data).map((one) => `${binding.metadata.name}, ${one}`);
  }
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
  if (data.drop) wrong.push(...withoutDrop(pod));
  if (data.networks)
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

/** What a container dropped before stays, and NET_RAW comes once. */
function withoutDrop(pod: KubeObject): string[] {
  const dropped = (list: string) =>
    ((at(pod, "spec", list) ?? []) as KubeObject[]).map((one) => {
      const drop = (at(one, "securityContext", "capabilities", "drop") ?? []) as string[];
      return `${(one as unknown as { name: string }).name}: ${drop.join(",")}`;
    });
  const [first, second, ...more] = dropped("containers");
  const wanted = ["plb-first: NET_RAW", "plb-all: ALL", "plb-some: MKNOD,NET_RAW", "plb-user: NET_RAW"];
  const found = [first, ...more];
  const wrong = found.filter((one) => one !== undefined && !wanted.includes(one));
  if (!second?.endsWith(": NET_RAW")) wrong.push(second);
  if (dropped("initContainers").join() !== "plb-init: NET_RAW")
    wrong.push(`init containers ${dropped("initContainers")}`);
  return wrong.map((one) => `drops of ${one}`);
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
        { name: "plb-all", image, securityContext: { capabilities: { drop: ["ALL"] } } },
        { name: "plb-some", image, securityContext: { capabilities: { drop: ["MKNOD"] } } },
        { name: "plb-user", image, securityContext: { runAsNonRoot: true } },
      ],
      initContainers: [{ name: "plb-init", image, securityContext: { capabilities: { add: ["CHOWN"] } } }],
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
  const changed = async () => {
    const { status, object } = await create({ ...annotations });
    return status < 300 && object.metadata.annotations?.[networksKey] !== before;
  };
  await until(changed, 10_000, 300);
  const { object, refusal } = await create({ ...annotations });
  if (refusal) problems.push(`its own pod is refused: ${refusal}`);
  else if (object.metadata.annotations?.[networksKey] === before) problems.push("its own pod was not changed");
  return problems.map((problem) => `${workload.kind} ${workload.metadata.name}: ${problem}`);
}
