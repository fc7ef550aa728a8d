import { join } from "node:path";
import type { Answer, CallOptions, ClusterApi } from "./cluster-api.ts";
import { idOf, type KubeObject, patchedWorkloads, podTemplate } from "./manifests.ts";
import type { OutputCheck, OutputContext } from "./output-checks.ts";
import { until } from "./shell.ts";
import { whileStored } from "./while-stored.ts";

/** Groups of the targets other than multus, whose guards the examples do not try. */
const native =
  /^(resource\.k8s\.io|networking\.gke\.io|k8s\.ovn\.org|kubeovn\.io|multinetwork\.networking\.x-k8s\.io)\//;

/** Annotations that attach a pod, by whichever platform reads them. */
const attaching = ["k8s.v1.cni.cncf.io/networks", "networking.gke.io/interfaces", "ovn.kubernetes.io/logical_switch"];

const controller: CallOptions = {
  as: "system:serviceaccount:kube-system:replicaset-controller",
  asGroups: ["system:serviceaccounts", "system:masters", "system:authenticated"],
};

/** The guards of an output whose target has objects of its own, tried with the project's own pods. */
export const guardCheck: OutputCheck = {
  claim: "guards admit the project's own pods, and deny the node's network, foreign networks and tenants' claims",
  wants: (objects) => objects.some((object) => native.test(object.apiVersion)) && zonesOf(objects).size > 0,
  run: async (context) => {
    const { ground, objects, output } = context;
    const zones = zonesOf(objects);
    const workloads = await patchedWorkloads(
      join(ground.bin, "kustomize"),
      join(output.project, "workloads"),
      output.folder,
    );
    const members = workloads.filter((one) => podTemplate(one) && zones.has(one.metadata.namespace ?? ""));
    const problems = await whileStored(context, /^ValidatingAdmissionPolicy/, async () => [
      ...(await tryMembers(context, members)),
      ...(await tryClaims(context)),
    ]);
    if (members.length === 0) problems.push("no workload stands in a zone");
    return { problems, measured: `${members.length} workloads` };
  },
};

/** Namespaces that the guards' parameters of a zone name. */
function zonesOf(objects: readonly KubeObject[]): ReadonlySet<string> {
  const parameters = objects.filter((o) => o.kind === "ConfigMap" && o.metadata.name.startsWith("zone-"));
  return new Set(
    parameters.flatMap((object) => Object.keys((object.data ?? {}) as object).filter((key) => !key.includes("."))),
  );
}

async function tryMembers({ ground }: OutputContext, members: readonly KubeObject[]): Promise<string[]> {
  // A policy is in force about a second after it was stored.
  // Each zone's binding comes into force at a time of its own.
  for (const member of members)
    await until(async () => isDenied(await create(ground.api, member, onTheNode)), 10_000, 300);
  const problems: string[] = [];
  for (const member of members) {
    const name = `${member.kind} ${member.metadata.namespace}/${member.metadata.name}`;
    const own = await create(ground.api, member, () => {});
    if (own.refusal) problems.push(`${name}: its own pod is refused: ${own.refusal}`);
    for (const [title, change] of escapes(member)) {
      // The policies that look at other things than the node's network come into force at times of their own, too.
      await until(async () => isDenied(await create(ground.api, member, change)), 10_000, 300);
      const answer = await create(ground.api, member, change);
      if (!isDenied(answer)) problems.push(`${name}: ${title}: ${answer.refusal || "admitted"}`);
    }
  }
  return problems;
}

type Change = (pod: KubeObject) => void;

const onTheNode: Change = (pod) => Object.assign(pod.spec as object, { hostNetwork: true });

/** Ways out of a zone: those of every platform, and those by the annotations that attach this pod. */
function escapes(member: KubeObject): (readonly [string, Change])[] {
  const template = podTemplate(member);
  const used = attaching.filter((key) => template?.metadata?.annotations?.[key] !== undefined);
  const keys = [...new Set(["k8s.v1.cni.cncf.io/networks", ...used])];
  const foreign = keys.map(
    (key) =>
      [
        `a foreign network in ${key}`,
        (pod: KubeObject) => {
          const value =
            '[{"name":"plb-foreign","namespace":"elsewhere","network":"plb-foreign","interfaceName":"eth7"}]';
          pod.metadata.annotations = { ...pod.metadata.annotations, [key]: value };
        },
      ] as const,
  );
  return [["the node's network", onTheNode], ...foreign];
}

const tenant: CallOptions = { as: "plb-tenant", asGroups: ["plb-admins", "system:authenticated"] };

/** A claim on a network's device is a way into it: only appliers write such claims; others are nobody's business. */
async function tryClaims({ ground, objects, applier }: OutputContext): Promise<string[]> {
  const templates = objects.filter((object) => object.kind === "ResourceClaimTemplate");
  const problems: string[] = [];
  for (const template of templates.slice(0, 3)) {
    const { spec } = template.spec as { spec: object };
    const { namespace } = template.metadata;
    const copy: KubeObject = { ...template, metadata: { name: "plb-claim", namespace } };
    const claim: KubeObject = { ...copy, kind: "ResourceClaim", spec };
    const other = JSON.parse(
      JSON.stringify(copy).replace(/"deviceClassName":"[^"]*"/g, '"deviceClassName":"gpu.example.com"'),
    ) as KubeObject;
    // It comes into force at a time of its own, after the guard of pods perhaps.
    const judged = async () => isDenied(await ground.api.create(copy, { ...tenant, dryRun: true }));
    if (template === templates[0]) await until(judged, 10_000, 300);
    for (const object of [copy, claim, { ...claim, metadata: { name: "plb-claim", namespace: "default" } }]) {
      const answer = await ground.api.create(object, { ...tenant, dryRun: true });
      if (!isDenied(answer))
        problems.push(`${object.kind} of a tenant like ${idOf(template)}: ${answer.refusal || "admitted"}`);
      const allowed = await ground.api.create(object, { ...applier, dryRun: true });
      if (allowed.refusal) problems.push(`${object.kind} of an applier like ${idOf(template)}: ${allowed.refusal}`);
    }
    const free = await ground.api.create(other, { ...tenant, dryRun: true });
    if (free.refusal) problems.push(`a claim of another class by a tenant: ${free.refusal}`);
  }
  return problems;
}

async function create(api: ClusterApi, member: KubeObject, change: Change): Promise<Answer> {
  const template = structuredClone(podTemplate(member)) as KubeObject;
  const { labels, annotations } = template.metadata ?? {};
  const pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "plb-try", namespace: member.metadata.namespace, labels, annotations },
    spec: template.spec,
  };
  change(pod);
  return api.create(pod, { ...controller, dryRun: true });
}

function isDenied(answer: Answer): boolean {
  return /ValidatingAdmissionPolicy/.test(answer.refusal);
}
