import { controller, podOf, type Try, tenant } from "./admission-try.ts";
import type { Answer, CallOptions, ClusterApi } from "./cluster-api.ts";
import type { KubeObject } from "./manifests.ts";

const networksKey = "k8s.v1.cni.cncf.io/networks";
const statusKey = "k8s.v1.cni.cncf.io/network-status";

/** Keys by which any platform attaches a pod. */
const attaching = [
  networksKey,
  "v1.multus-cni.io/default-network",
  "k8s.ovn.org/pod-networks",
  "ovn.kubernetes.io/logical_switch",
  "zone.payments.ovn.kubernetes.io/logical_switch",
  "zone.payments.kubernetes.io/ip_address",
  "networking.gke.io/interfaces",
];
const innocent = ["example.com/scheduled-by", "app.kubernetes.io/name"];

const multus: CallOptions = {
  as: "system:serviceaccount:kube-system:multus",
  asGroups: ["system:serviceaccounts", "system:masters", "system:authenticated"],
};
const node = (group: string): CallOptions => ({ as: "system:node:plb-node", asGroups: [group, "system:masters"] });

/** Doors to a pod's annotations besides the pod itself: a Binding's are merged into it, and its status carries them. */
export function doorTries(api: ClusterApi, member: KubeObject, outside: string): Try[] {
  return [...bindingTries(api, member), ...bindingTries(api, outsiderOf(outside)), ...statusTries(api, member)];
}

/** What stands in a namespace of no zone. */
function outsiderOf(namespace: string): KubeObject {
  const spec = { containers: [{ name: "main", image: "registry.example.com/x:1" }] };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "plb-outsider", namespace, annotations: {} }, spec };
}

async function existing(api: ClusterApi, member: KubeObject, name: string): Promise<KubeObject> {
  const pod = podOf(member, name);
  const created = await api.create(pod, controller);
  return created.status < 300 ? created.object : (await api.get(pod)).object;
}

function bindingTries(api: ClusterApi, member: KubeObject): Try[] {
  const { namespace } = member.metadata;
  const name = `plb-binds-${member.metadata.name}`;
  const bind = async (key: string, resource: "binding" | "bindings", options: CallOptions): Promise<Answer> => {
    const pod = await existing(api, member, name);
    const binding: KubeObject = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: pod.metadata.name, namespace, annotations: { [key]: "storage/backup-net" } },
      target: { apiVersion: "v1", kind: "Node", name: "plb-node" },
    };
    return api.bind(binding, resource, { ...options, dryRun: true });
  };
  const scheduler: CallOptions = { as: "system:kube-scheduler", asGroups: ["system:masters", "system:authenticated"] };
  return (["binding", "bindings"] as const).flatMap((resource) => [
    ...attaching.flatMap((key) =>
      [tenant, scheduler].map(
        (options): Try => ({
          title: `${namespace}: ${resource} with ${key} by ${options.as}`,
          expect: "denied",
          run: () => bind(key, resource, options),
        }),
      ),
    ),
    ...innocent.map(
      (key): Try => ({
        title: `${namespace}: ${resource} with ${key}`,
        expect: "admitted",
        run: () => bind(key, resource, scheduler),
      }),
    ),
  ]);
}

function statusTries(api: ClusterApi, member: KubeObject): Try[] {
  const name = `plb-status-${member.metadata.name}`;
  const write = (title: string, expect: Try["expect"], options: CallOptions, edit: (pod: KubeObject) => void): Try => ({
    title: `${member.metadata.namespace}: ${title}`,
    expect,
    run: async () => {
      const pod = structuredClone(await existing(api, member, name));
      edit(pod);
      return api.writeStatus(pod, { ...options, dryRun: true });
    },
  });
  const put = (key: string) => (pod: KubeObject) => {
    pod.metadata.annotations = { ...pod.metadata.annotations, [key]: "[]" };
  };
  const phase = (pod: KubeObject) => Object.assign(pod, { status: { phase: "Running" } });
  return [
    ...[...attaching, statusKey].map((key) => write(`status with ${key} by a tenant`, "denied", tenant, put(key))),
    write("status without its networks by a tenant", "denied", tenant, (pod) => {
      delete pod.metadata.annotations?.[networksKey];
    }),
    write("status by a tenant, no annotation changed", "admitted", tenant, phase),
    write("status with somebody else's annotation by a tenant", "admitted", tenant, put("example.com/note")),
    write("network-status by Multus", "admitted", multus, put(statusKey)),
    write(
      "network-status by Multus with a certificate of its node",
      "admitted",
      { ...multus, as: "system:multus:plb-node" },
      put(statusKey),
    ),
    write("network-status by a node", "admitted", node("system:nodes"), put(statusKey)),
    write("network-status by who is called like a node", "denied", node("plb-admins"), put(statusKey)),
  ];
}
