import { formatObjectName, locateInObject, readField, readText } from "../lint/read/lint-object.ts";
import type { NetworkEntry, Repository } from "../lint/repository/repository.ts";
import type { EstateLayout } from "./layout.ts";
import type { ImportLoss } from "./loss.ts";

/** Networks that operators make from objects of their own. */
export interface OperatorNetworks {
  /** The object that a network comes from: `SriovNetwork sriov-operator/lane`. */
  makerOf(id: string): string | undefined;
  readonly losses: readonly ImportLoss[];
}

export function readOperatorNetworks(repository: Repository, layout: EstateLayout): OperatorNetworks {
  const own = new Set(repository.nads);
  const makers = new Map<string, string>();
  const losses: ImportLoss[] = [];
  for (const entry of [...repository.networks.values()].flat()) {
    if (entry.nad && own.has(entry.nad)) continue;
    const what = formatObjectName(entry.object);
    makers.set(`${namespaceOf(entry, layout)}/${entry.name}`, what);
    const why = `an operator makes the network ${entry.name} from it: it stays, and so do the annotations that name it`;
    losses.push({ kind: "beside", what, why, place: locateInObject(entry.object, ["metadata", "name"]) });
  }
  for (const object of repository.udns.filter((one) => one.apiVersion.startsWith("kubeovn.io/")))
    losses.push({
      kind: "beside",
      what: formatObjectName(object),
      why: "it stays as it is",
      place: locateInObject(object, ["kind"]),
    });
  const makerOf = (id: string) => makers.get(id) ?? makers.get(`*/${id.slice(id.indexOf("/") + 1)}`);
  return { makerOf, losses };
}

/** Where an operator puts the network; a cluster-wide one is in whatever namespaces it selects. */
function namespaceOf({ object, namespace, nad }: NetworkEntry, layout: EstateLayout): string {
  if (object.kind === "ClusterUserDefinedNetwork") return "*";
  if (nad) return nad.namespace ?? "default";
  const { path } = object.doc.part.file;
  if (object.apiVersion.startsWith("mellanox.com/"))
    return readText(readField(object, "spec", "networkNamespace")) ?? "default";
  return namespace ?? layout.namespaceOf(path, object.namespace);
}
