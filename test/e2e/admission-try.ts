import type { Answer, CallOptions } from "./cluster-api.ts";
import { type KubeObject, podTemplate } from "./manifests.ts";

/** A try at the API server and what must come of it. */
export interface Try {
  readonly title: string;
  readonly expect: "admitted" | "denied";
  run(): Promise<Answer>;
}

/** Someone with every right that RBAC can give: what denies them is the guard alone. */
export const tenant: CallOptions = { as: "plb-tenant", asGroups: ["plb-admins", "system:authenticated"] };
export const controller: CallOptions = {
  as: "system:serviceaccount:kube-system:replicaset-controller",
  asGroups: ["system:serviceaccounts", "system:authenticated"],
};

/** The pod that a workload would make, without what the suite has no volumes for. */
export function podOf(workload: KubeObject, name: string): KubeObject {
  const template = structuredClone(podTemplate(workload) as KubeObject);
  const { labels, annotations } = template.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: workload.metadata.namespace, labels: { ...labels }, annotations: { ...annotations } },
    spec: withoutClaims(template.spec as Record<string, unknown>),
  };
}

function withoutClaims(spec: Record<string, unknown>): Record<string, unknown> {
  const { volumes, ...rest } = spec;
  void volumes;
  const containers = (rest.containers as Record<string, unknown>[]).map(({ volumeMounts, ...container }) => {
    void volumeMounts;
    return container;
  });
  return { ...rest, containers };
}
