import { addTo } from "../collections/add-to.ts";
import type { Nad } from "../lint/nad/read-nad.ts";
import { locateInObject } from "../lint/read/lint-object.ts";
import type { Repository } from "../lint/repository/repository.ts";
import type { EstateLayout } from "./layout.ts";
import type { ImportLoss } from "./loss.ts";

export interface InferredNamespaces {
  readonly of: ReadonlyMap<Nad, string>;
  readonly losses: readonly ImportLoss[];
}

/**
 * Namespaces of networks of which no file says one. Pods that name a network without a namespace find it in their own
 * alone: where all of them are in one namespace, the network is there as well, or none of them starts.
 */
export function inferNamespaces(repository: Repository, layout: EstateLayout): InferredNamespaces {
  const users = new Map<string, Set<string>>();
  const written = new Set<string>();
  const open: Nad[] = [];
  for (const nad of repository.nads) {
    const { path } = nad.object.doc.part.file;
    if (nad.name === undefined) continue;
    if (nad.namespace === undefined && !layout.saysNamespace(path)) open.push(nad);
    else written.add(`${layout.namespaceOf(path, nad.namespace)}/${nad.name}`);
  }
  if (open.length === 0) return { of: new Map(), losses: [] };
  for (const { annotation, selections } of repository.asked) {
    const { path } = annotation.object.doc.part.file;
    const isSaid = annotation.namespace !== undefined || layout.saysNamespace(path);
    for (const { name, namespace, anyNamespace } of selections) {
      if (name === undefined || namespace !== undefined || anyNamespace) continue;
      // Pods of a namespace that no file says either are where the network is.
      if (isSaid) addTo(users, name, layout.namespaceOf(path, annotation.namespace));
    }
  }
  const of = new Map<Nad, string>();
  const losses: ImportLoss[] = [];
  for (const nad of open) {
    const name = nad.name as string;
    const [namespace, other] = [...(users.get(name) ?? [])];
    if (namespace === undefined || other !== undefined || written.has(`${namespace}/${name}`)) continue;
    of.set(nad, namespace);
    losses.push({
      kind: "assumed",
      what: `NetworkAttachmentDefinition ${namespace}/${name}`,
      why: `no file says its namespace; all pods that name it are in ${namespace}, and name it without a namespace`,
      place: locateInObject(nad.object, ["metadata", "name"]),
    });
  }
  return { of, losses };
}
