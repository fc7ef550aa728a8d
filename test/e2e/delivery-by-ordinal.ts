import { tenant } from "./admission-try.ts";
import type { CallOptions, ClusterApi } from "./cluster-api.ts";
import { at, type KubeObject, podTemplate } from "./manifests.ts";
import type { OutputCheck } from "./output-checks.ts";
import { until } from "./shell.ts";
import { whileStored } from "./while-stored.ts";

const networksKey = "k8s.v1.cni.cncf.io/networks";
const statefulSets: CallOptions = {
  as: "system:serviceaccount:kube-system:statefulset-controller",
  asGroups: ["system:serviceaccounts", "system:masters", "system:authenticated"],
};

type Data = Readonly<Record<string, string>>;

/** Parameters of workloads whose pods differ by ordinal. */
function byOrdinal(objects: readonly KubeObject[]): readonly Data[] {
  return objects
    .filter((one) => one.kind === "ConfigMap")
    .map((one) => one.data as Data)
    .filter((data) => data?.statefulSet !== undefined);
}

/** Addresses by ordinal: what the controller of a StatefulSet makes gets them, and nobody else does. */
export const ordinalCheck: OutputCheck = {
  claim: "pods of a StatefulSet get the addresses of their ordinal, also after a rollout, and none beyond the list",
  wants: (objects) => byOrdinal(objects).length > 0,
  run: async (context) => {
    const { ground, objects, workloads } = context;
    const problems = await whileStored(context, /AdmissionPolicy/, async () => {
      const found: string[] = [];
      for (const data of byOrdinal(objects)) {
        const workload = workloads.find((one) => one.kind === "StatefulSet" && one.metadata.name === data.statefulSet);
        found.push(...(workload ? await tryOrdinals(ground.api, workload, data) : ["its StatefulSet is not there"]));
      }
      return found;
    });
    return { problems, measured: `${byOrdinal(objects).length} StatefulSets` };
  },
};

async function tryOrdinals(api: ClusterApi, workload: KubeObject, data: Data): Promise<string[]> {
  const name = workload.metadata.name;
  const count = Number(data.pods);
  const create = (pod: KubeObject, options: CallOptions) => api.create(pod, { ...options, dryRun: true });
  const networks = (pod: KubeObject) => pod.metadata?.annotations?.[networksKey];
  const own = (ordinal: number, more: Data = {}) => podOf(workload, ordinal, more);
  // A policy is in force about a second after it was stored.
  await until(async () => networks((await create(own(0), statefulSets)).object) !== undefined, 15_000, 300);
  await until(async () => (await create(own(count), statefulSets)).refusal !== "", 15_000, 300);
  const problems: string[] = [];
  for (const revision of ["old", "new"])
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const { object, refusal } = await create(own(ordinal, { "controller-revision-hash": revision }), statefulSets);
      if (refusal) problems.push(`pod ${ordinal} is refused: ${refusal}`);
      else if (networks(object) !== data[`value.${ordinal}`])
        problems.push(`pod ${ordinal} has ${networks(object)}, not ${data[`value.${ordinal}`]}`);
    }
  const beyond = await create(own(count), statefulSets);
  if (!/add its addresses to perPod/.test(beyond.refusal))
    problems.push(`pod ${count}, beyond the list: ${beyond.refusal || "admitted"}`);
  const denied = async (title: string, pod: KubeObject, options: CallOptions) => {
    const { refusal } = await create(pod, options);
    if (!/ValidatingAdmissionPolicy/.test(refusal)) problems.push(`${title}: ${refusal || "admitted"}`);
  };
  await denied("a tenant's pod that says the StatefulSet owns it", own(0), tenant);
  await denied("a tenant's pod with the addresses of pod 0", taking(own(0), data["value.0"], true), tenant);
  await denied("pod 0 with the addresses of pod 1", taking(own(0), data["value.1"], false), statefulSets);
  const foreign = { ...own(0), metadata: { ...own(0).metadata, ownerReferences: [owner("another")] } } as KubeObject;
  const other = await create(foreign, statefulSets);
  if (networks(other.object) !== undefined) problems.push("a pod of another StatefulSet is given the addresses");
  return problems.map((problem) => `StatefulSet ${name}: ${problem}`);
}

function owner(name: string) {
  const uid = "00000000-0000-4000-8000-000000000001";
  return { apiVersion: "apps/v1", kind: "StatefulSet", name, uid, controller: true, blockOwnerDeletion: true };
}

/** The pod that a StatefulSet's controller makes of an ordinal. */
function podOf(workload: KubeObject, ordinal: number, more: Data): KubeObject {
  const template = structuredClone(podTemplate(workload)) as KubeObject;
  const { name, namespace } = workload.metadata;
  const labels = { ...template.metadata.labels, "apps.kubernetes.io/pod-index": String(ordinal), ...more };
  const metadata = { name: `${name}-${ordinal}`, namespace, labels, ownerReferences: [owner(name)] };
  const spec = structuredClone(at(template, "spec")) as Record<string, unknown>;
  spec.containers = (spec.containers as object[]).map((one) => ({
    ...one,
    securityContext: { capabilities: { drop: ["ALL"] } },
  }));
  return { apiVersion: "v1", kind: "Pod", metadata, spec } as unknown as KubeObject;
}

function taking(pod: KubeObject, value: string | undefined, alone: boolean): KubeObject {
  const { ownerReferences, labels, ...rest } = pod.metadata as unknown as Record<string, unknown>;
  const metadata = {
    ...rest,
    ...(alone ? { labels: { app: "stranger" } } : { ownerReferences, labels }),
    annotations: { [networksKey]: value ?? "" },
  };
  return { ...pod, metadata } as unknown as KubeObject;
}
