import type { ExpectedEnd } from "../../ir/expects.ts";
import type { Model } from "../model/model.ts";
import { idsOf, type Node, partsOf } from "../model/pods/node.ts";
import type { DefaultFlow, Flow, Flows, OutsideFlow } from "./flow.ts";

/** What may begin at an end, found without going through everything that begins elsewhere; in the order of the whole. */
export interface FlowsByEnd {
  attached(from: ExpectedEnd): readonly Flow[];
  onDefault(from: ExpectedEnd): readonly DefaultFlow[];
  /** With the world beyond the cluster, of the pods of an end. */
  outside(of: ExpectedEnd): readonly OutsideFlow[];
  workloads(of: ExpectedEnd): readonly Node[];
}

export function flowsByEnd(model: Model, flows: Flows): FlowsByEnd {
  const attached = byNode(flows.attached, ({ from }) => (from.type === "node" ? [from.node] : []));
  const onDefault = byNode(flows.onDefault, ({ from }) => from.nodes);
  const outside = byNode(flows.outside, ({ nodes }) => nodes);
  const workloads = byNode(
    model.nodes.filter((node) => node.type === "workload"),
    (node) => [node],
  );
  return { attached, onDefault, outside, workloads };
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
      for (const one of partsOf(node)) add(namespaces, one.namespace, index);
      for (const id of idsOf(node)) add(ids, id, index);
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
