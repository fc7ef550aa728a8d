import type { ExpectedEnd } from "../../ir/expects.ts";
import type { Model } from "../model/model.ts";
import { listParts, listWorkloadIds, type Node } from "../model/pods/node.ts";
import type { Flow, FlowSet, OutsideFlow, PrimaryFlow } from "./flow.ts";

/** What may begin at an end, found without going through everything that begins elsewhere; in the order of the whole. */
export interface FlowIndex {
  secondary(from: ExpectedEnd): readonly Flow[];
  primary(from: ExpectedEnd): readonly PrimaryFlow[];
  /** With the world beyond the cluster, of the pods of an end. */
  outside(of: ExpectedEnd): readonly OutsideFlow[];
  workloads(of: ExpectedEnd): readonly Node[];
}

export function indexFlowsByEnd(model: Model, flows: FlowSet): FlowIndex {
  const secondary = byNode(flows.secondary, ({ from }) => (from.type === "node" ? [from.node] : []));
  const primary = byNode(flows.primary, ({ from }) => from.nodes);
  const outside = byNode(flows.outside, ({ nodes }) => nodes);
  const workloads = byNode(
    model.nodes.filter((node) => node.type === "workload"),
    (node) => [node],
  );
  return { secondary, primary, outside, workloads };
}

/** Items by the namespaces and the names of their nodes. An end that is not told by those may be anything. */
function byNode<Item>(
  items: readonly Item[],
  nodesOf: (item: Item) => readonly Node[],
): (end: ExpectedEnd) => readonly Item[] {
  const namespaces = new Map<string, Set<number>>();
  const ids = new Map<string, Set<number>>();
  const add = (map: Map<string, Set<number>>, key: string, index: number) => {
    const known = map.get(key);
    if (known) known.add(index);
    else map.set(key, new Set([index]));
  };
  for (const [index, item] of items.entries())
    for (const node of nodesOf(item)) {
      for (const one of listParts(node)) add(namespaces, one.namespace, index);
      for (const id of listWorkloadIds(node)) add(ids, id, index);
    }
  return (end) => {
    if (end.cidrs.length > 0 || (!end.workload && end.namespaces.length === 0)) return items;
    const found = end.workload
      ? [ids.get(`${end.workload.kind} ${end.workload.namespace}/${end.workload.name}`)]
      : end.namespaces.map((name) => namespaces.get(name));
    const indexes = [...new Set(found.flatMap((one) => [...(one ?? [])]))].sort((a, b) => a - b);
    return indexes.map((index) => items[index] as Item);
  };
}
