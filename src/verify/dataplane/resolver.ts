import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";

/** Whether a pod is the cluster's resolver: the one Service of the default network that nodes translate for others. */
export function isResolver({ platform }: Model, node: Node): boolean {
  const { namespace, podLabels } = platform.dns;
  return node.namespace === namespace && Object.entries(podLabels).every(([key, value]) => node.labels[key] === value);
}
