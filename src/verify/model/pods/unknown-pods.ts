import { groupBy } from "../../../collections/group-by.ts";
import type { Policies } from "../model.ts";
import {
  type Labels,
  listRequiredValues,
  matchEverything,
  matchesSelector,
  type Selector,
} from "../policies/selector.ts";
import type { Node } from "./node.ts";

/** A pod that no manifest shows and that a policy's selectors mean. */
export interface UnknownPod {
  readonly id: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Labels of its namespace, where that is in no manifest either. */
  readonly namespaceLabels?: Labels;
}

const NAME = "kubernetes.io/metadata.name";

/** Whom a selector of a policy means: undefined as namespaces: those that have the name. */
interface Meant {
  readonly namespaces: Selector | string;
  readonly pods: Selector;
}

/**
 * Pods that policies let in, let out or are for by labels that no pod of any manifest has: charts, operators and people make
 * such pods, and a policy opens for them all the same. One for each selector. Where a known pod has the labels, it stands for the others.
 */
export function unknownPods(
  policies: Policies,
  nodes: readonly Pick<Node, "namespace" | "labels">[],
  namespaces: ReadonlyMap<string, Labels>,
): readonly UnknownPod[] {
  const byNamespace = groupBy(nodes, (node) => node.namespace);
  const found = new Map<string, UnknownPod>();
  for (const { namespaces: where, pods } of meantBy(policies)) {
    const labels = labelsFor(pods);
    if (!labels) continue;
    const words = pods.key === "" ? "" : ` with ${wordsOf(pods)}`;
    const names = typeof where === "string" ? new Set([where]) : listRequiredValues(where, NAME);
    if (names) {
      for (const namespace of pods.key === "" ? [] : names)
        if (!(byNamespace.get(namespace) ?? []).some((node) => matchesSelector(pods, node.labels)))
          found.set(`${namespace} ${pods.key}`, { id: `any pod${words} of ${namespace}`, namespace, labels });
    } else if (typeof where !== "string" && where.key !== "") {
      const ofNamespace = labelsFor(where);
      // One that is without a label is as any other that nobody listed.
      if (!ofNamespace || Object.keys(ofNamespace).length === 0) continue;
      if ([...namespaces.values()].some((one) => matchesSelector(where, one))) continue;
      const namespace = `(any namespace with ${wordsOf(where)})`;
      const id = `any pod${words} of any namespace with ${wordsOf(where)}`;
      found.set(`${namespace} ${pods.key}`, { id, namespace, labels, namespaceLabels: ofNamespace });
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Every pair of selectors once. */
function meantBy(policies: Policies): Iterable<Meant> {
  const found = new Map<string, Meant>();
  const add = (namespaces: Selector | string, pods: Selector) => {
    const key = `${typeof namespaces === "string" ? `=${namespaces}` : namespaces.key} | ${pods.key}`;
    if (!found.has(key)) found.set(key, { namespaces, pods });
  };
  for (const policy of [...policies.pod.values()].flat()) {
    add(policy.namespace, policy.pods);
    for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
      for (const peer of rule.peers ?? [])
        if (peer.type === "pods") add(peer.namespaces ?? policy.namespace, peer.pods);
  }
  for (const rule of [...policies.admin, ...policies.baseline].flatMap((one) => [...one.ingress, ...one.egress]))
    for (const peer of rule.action === "accept" ? rule.peers : [])
      if (peer.type === "pods") add(peer.namespaces, peer.pods);
  return found.values();
}

/** Labels that a selector selects; undefined: there are none. */
function labelsFor(selector: Selector): Labels | undefined {
  const labels: Record<string, string> = {};
  for (const { key, operator, values } of selector.requirements) {
    if (operator === "Exists") labels[key] ??= "any";
    if (operator !== "In") continue;
    const fits = [...values].find((value) =>
      selector.requirements.every(
        (other) =>
          other.key !== key || matchesSelector({ ...matchEverything, requirements: [other] }, { [key]: value }),
      ),
    );
    if (fits === undefined) return undefined;
    labels[key] = fits;
  }
  return matchesSelector(selector, labels) ? labels : undefined;
}

function wordsOf({ requirements }: Selector): string {
  return requirements
    .map(({ key, operator, values }) => {
      const list = [...values].sort().join(" or ");
      if (operator === "In") return `${key}=${list}`;
      if (operator === "NotIn") return `${key} not ${list}`;
      return operator === "Exists" ? key : `no ${key}`;
    })
    .join(", ");
}
