import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { readLabels } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { listWorkloadIds, type Node } from "../model/pods/node.ts";
import { hasSeveralPods } from "../model/pods/pod-count.ts";
import { verifyRules } from "../rules.ts";

/** The label that a single node has (well-known labels of Kubernetes). */
const HOSTNAME = "kubernetes.io/hostname";

/**
 * Networks of intents whose addresses `host-local` gives: it keeps its leases in a folder of the node, so each node gives
 * the first address of the range to its first pod. That is one book only where all pods run on one node.
 */
export function checkPerNodePools(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const users = new Map<string, Node[]>();
  for (const node of model.nodes) {
    if (node.type !== "workload") continue;
    for (const { network } of node.interfaces) {
      const { intent } = network?.manifest ?? {};
      if (!network?.book?.startsWith("host-local ") || intent === undefined) continue;
      const list = users.get(intent);
      if (list) list.push(node);
      else users.set(intent, [node]);
    }
  }
  return watch.expected.links.flatMap((link) => {
    const nodes = users.get(link.network) ?? [];
    const hosts = new Set(nodes.map((node) => readLabels(node.pod?.spec, "nodeSelector")[HOSTNAME]));
    const many = nodes.length > 1 || nodes.some(hasSeveralPods);
    if (!many || (hosts.size === 1 && !hosts.has(undefined))) return [];
    const all = nodes.flatMap(listWorkloadIds);
    const pods = all.length > 3 ? `${all.slice(0, 3).join(", ")} and ${all.length - 3} more` : all.join(", ");
    return [verifyRules.diagnose("one-node-pool", link.origin, { what: link.network, pods })];
  });
}
