import type { Model } from "../model.ts";
import type { Node } from "../pods/node.ts";
import { listRequiredValues, matchesSelector, type Selector } from "./selector.ts";

interface Index {
  readonly byNamespace: ReadonlyMap<string, readonly Node[]>;
  readonly found: Map<string, readonly Node[]>;
}

const indexes = new WeakMap<Model, Index>();
const NAME = "kubernetes.io/metadata.name";

function indexOf(model: Model): Index {
  const known = indexes.get(model);
  if (known) return known;
  const byNamespace = new Map<string, Node[]>();
  for (const node of model.nodes) {
    if (node.type === "external" || node.hostNetwork) continue;
    const list = byNamespace.get(node.namespace);
    if (list) list.push(node);
    else byNamespace.set(node.namespace, [node]);
  }
  const index = { byNamespace, found: new Map<string, readonly Node[]>() };
  indexes.set(model, index);
  return index;
}

/** Pods by selectors, as policies name them. By name this is a look-up, so that many namespaces cost nothing. */
export function selectNodes(model: Model, namespaces: Selector | string, pods: Selector): readonly Node[] {
  const { byNamespace, found } = indexOf(model);
  const key = `${typeof namespaces === "string" ? `=${namespaces}` : namespaces.key} | ${pods.key}`;
  const known = found.get(key);
  if (known) return known;
  const names =
    typeof namespaces === "string" ? [namespaces] : [...(listRequiredValues(namespaces, NAME) ?? byNamespace.keys())];
  const nodes = names
    .filter((name) => typeof namespaces === "string" || matchesSelector(namespaces, readNamespaceLabels(model, name)))
    .flatMap((name) => byNamespace.get(name) ?? [])
    .filter((node) => matchesSelector(pods, node.labels));
  found.set(key, nodes);
  return nodes;
}

/** Labels of a namespace. One that stands in no manifest has its name, and nothing else that is known. */
export function readNamespaceLabels(model: Model, namespace: string): Readonly<Record<string, string>> {
  return model.namespaces.get(namespace) ?? { [NAME]: namespace };
}
