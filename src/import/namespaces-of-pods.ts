import { addTo } from "../collections/add-to.ts";
import type { Nad } from "../lint/nad/read-nad.ts";
import { placeIn } from "../lint/read/lint-object.ts";
import type { Repository } from "../lint/repository/repository.ts";
import type { Layout } from "./layout.ts";
import type { Loss } from "./loss.ts";

export interface GuessedNamespaces {
  readonly of: ReadonlyMap<Nad, string>;
  readonly losses: readonly Loss[];
}

/**
 * Namespaces of networks of which no file says one. Pods that name a network without a namespace find it in their own
 * alone: where all of them are in one namespace, the network is there as well, or none of them starts.
 */
export function guessNamespaces(repository: Repository, layout: Layout): GuessedNamespaces {
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
  for (const { site, selections } of repository.asked) {
    const { path } = site.object.doc.part.file;
    const isSaid = site.namespace !== undefined || layout.saysNamespace(path);
    for (const { name, namespace, anyNamespace } of selections) {
      if (name === undefined || namespace !== undefined || anyNamespace) continue;
      // Pods of a namespace that no file says either are where the network is.
      if (isSaid) addTo(users, name, layout.namespaceOf(path, site.namespace));
    }
  }
  const of = new Map<Nad, string>();
  const losses: Loss[] = [];
  for (const nad of open) {
    const name = nad.name as string;
    const [namespace, other] = [...(users.get(name) ?? [])];
    if (namespace === undefined || other !== undefined || written.has(`${namespace}/${name}`)) continue;
    of.set(nad, namespace);
    losses.push({
      kind: "assumed",
      what: `NetworkAttachmentDefinition ${namespace}/${name}`,
      why: `no file says its namespace; all pods that name it are in ${namespace}, and name it without a namespace`,
      place: placeIn(nad.object, ["metadata", "name"]),
    });
  }
  return { of, losses };
}
