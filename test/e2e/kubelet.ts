import { join } from "node:path";
import { canonical } from "./address.ts";
import type { Agent } from "./agents.ts";
import type { ClusterApi } from "./cluster-api.ts";
import type { Container } from "./containers.ts";
import { makeNamespace } from "./links.ts";
import { at, idOf, type KubeObject, podTemplate } from "./manifests.ts";
import type { Multus } from "./multus.ts";
import type { OvnCluster } from "./ovn-cluster.ts";
import type { Attachment } from "./policy-standin.ts";
import type { Labels } from "./selectors.ts";

/** A pod of a workload, before anything runs. */
export interface PodPlan {
  readonly namespace: string;
  /** Name of the workload; several pods share it. */
  readonly workload: string;
  readonly name: string;
  readonly controller: string;
  readonly template: KubeObject;
  /** Written by the compiler: its containers are run. Others get an agent in their place. */
  readonly gateway: boolean;
}

/** A pod with its network namespace and addresses. */
export interface Pod extends PodPlan {
  readonly netns: string;
  readonly folder: string;
  readonly labels: Labels;
  readonly uid: string;
  /** The addresses of eth0, and the node's end of it. */
  readonly addresses: readonly string[];
  readonly link: string;
  readonly attachments: readonly Attachment[];
  containers: Container[];
  /** Addresses that a gateway's script gives it, where nothing else does; the virtual ones are not among them. */
  ownAddresses?: readonly string[];
  agent?: Agent;
}

const controllers: Readonly<Record<string, string>> = {
  Deployment: "replicaset-controller",
  ReplicaSet: "replicaset-controller",
  StatefulSet: "statefulset-controller",
  DaemonSet: "daemon-set-controller",
  Job: "job-controller",
  CronJob: "job-controller",
};

/** The pods of the objects that have a pod template, at most `replicas` of each. */
export function planPods(objects: readonly KubeObject[], gateway: boolean, replicas: number): PodPlan[] {
  return objects.flatMap((object) => {
    const template = podTemplate(object);
    if (!template) return [];
    const parallel = at(object, "spec", "jobTemplate", "spec", "parallelism") ?? at(object, "spec", "parallelism");
    const wanted = Number(at(object, "spec", "replicas") ?? parallel ?? 1);
    const count = object.kind === "Pod" ? 1 : Math.min(replicas, object.kind === "DaemonSet" ? 1 : wanted);
    return Array.from({ length: count }, (_, index) => ({
      namespace: object.metadata.namespace ?? "default",
      workload: object.metadata.name,
      name: object.kind === "Pod" ? object.metadata.name : `${object.metadata.name}-${index}`,
      controller: controllers[object.kind] ?? "",
      template: withClaims(template, object),
      gateway,
    }));
  });
}

/** A StatefulSet's volume claims stand in as empty folders. */
function withClaims(template: KubeObject, object: KubeObject): KubeObject {
  const claims = (at(object, "spec", "volumeClaimTemplates") as KubeObject[] | undefined) ?? [];
  if (claims.length === 0) return template;
  const spec = template.spec as { volumes?: unknown[] };
  const volumes = [...(spec.volumes ?? []), ...claims.map((claim) => ({ name: claim.metadata.name, emptyDir: {} }))];
  return { ...template, spec: { ...spec, volumes } };
}

export interface Kubelet {
  readonly api: ClusterApi;
  readonly multus: Multus;
  /** Makes what a pod's interfaces are put on, where its networks are OVN's. */
  readonly ovn?: Pick<OvnCluster, "addPod"> | undefined;
  readonly prefix: string;
  readonly folder: string;
}

/** A pod that could not be attached: the API server's or Multus's words. */
export class PodRefused extends Error {}

/** Creates the pod object, its network namespace, and its interfaces by Multus. */
export async function startPod(kubelet: Kubelet, plan: PodPlan): Promise<Pod> {
  const object = podObject(plan);
  const as = plan.controller === "" ? undefined : `system:serviceaccount:kube-system:${plan.controller}`;
  let answer = await kubelet.api.create(object, {
    as,
    asGroups: as ? ["system:serviceaccounts", "system:authenticated"] : undefined,
  });
  if (answer.status === 409) {
    await kubelet.api.remove(object);
    answer = await kubelet.api.create(object, { as });
  }
  if (answer.refusal) throw new PodRefused(`${idOf(object)}: the API server refused it: ${answer.refusal}`);
  await kubelet.ovn?.addPod(object);
  const uid = String(answer.object.metadata.uid);
  const netns = `${kubelet.prefix}-${plan.namespace}-${plan.name}`;
  await makeNamespace(netns);
  const added = await kubelet.multus.add({ namespace: plan.namespace, name: plan.name, uid, netns });
  if (added.refusal) throw new PodRefused(`${idOf(object)}: Multus refused it: ${added.refusal}`);
  const stored = await kubelet.api.get(object);
  const status = networkStatus(stored.object);
  const interfaces = (at(added.result, "interfaces") as { name: string; sandbox?: string }[] | undefined) ?? [];
  return {
    ...plan,
    netns,
    uid,
    folder: join(kubelet.folder, "pods", plan.namespace, plan.name),
    labels: stored.object.metadata.labels ?? {},
    addresses: status.find((entry) => entry.default)?.ips.map(canonical) ?? [],
    link: interfaces.find((entry) => !entry.sandbox)?.name ?? "",
    attachments: status
      .filter((entry) => !entry.default)
      .map((entry) => ({
        network: entry.name,
        interface: entry.interface,
        addresses: (entry.ips ?? []).map(canonical),
      }))
      // A definition of `loopback` and `tuning` makes no interface: what it reports is lo's.
      .filter(({ addresses }) => !addresses.includes("127.0.0.1")),
    containers: [],
  };
}

interface StatusEntry {
  readonly name: string;
  readonly interface: string;
  readonly ips: readonly string[];
  readonly default?: boolean;
}

function networkStatus(pod: KubeObject): StatusEntry[] {
  const text = pod.metadata.annotations?.["k8s.v1.cni.cncf.io/network-status"];
  if (text === undefined) throw new PodRefused(`${idOf(pod)}: Multus wrote no network-status`);
  return JSON.parse(text) as StatusEntry[];
}

function podObject(plan: PodPlan): KubeObject {
  const { labels, annotations } = plan.template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
    spec: plan.template.spec,
  };
}
