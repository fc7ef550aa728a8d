import { pushTo } from "../collections/push-to.ts";
import { POLICY_FOR } from "../lint/annotation/annotation-sites.ts";
import type { NetworkList } from "../lint/annotation/network-list.ts";
import { type Fields, formatObjectName, type LintObject, locateInObject, readField } from "../lint/read/lint-object.ts";
import type { Repository } from "../lint/repository/repository.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../net/cidr.ts";
import { formatValue } from "../source/format-value.ts";
import type { EstateLayout } from "./layout.ts";
import type { ImportLoss } from "./loss.ts";

/** What names networks and is no workload that a project could hold. */
export interface CoLocatedObjects {
  /** Addresses that anybody asks for, by network. */
  readonly asked: ReadonlyMap<string, readonly InterfaceAddress[]>;
  /** Networks that policies are for, or that charts and operators name. */
  readonly names: ReadonlySet<string>;
  /** How often each network is named at all. */
  readonly uses: ReadonlyMap<string, number>;
  /** Whether any pod names a network of another namespace, and not of `default`: Multus lets that pass. */
  readonly crosses: boolean;
  readonly losses: readonly ImportLoss[];
}

/** Which networks there are; who knows which, and why another is not among them. */
export interface KnownNetworks {
  readonly known: ReadonlySet<string>;
  /** Why a network that is named is not carried, in a few words. */
  readonly absent: (id: string, from: LintObject) => string;
}

interface Draft {
  readonly asked: Map<string, InterfaceAddress[]>;
  readonly names: Set<string>;
  readonly uses: Map<string, number>;
  readonly losses: ImportLoss[];
  crosses: boolean;
}

/** Charts, machines and policies that name networks; `own` are the paths of files with workloads. */
export function readCoLocatedObjects(
  repository: Repository,
  layout: EstateLayout,
  networks: KnownNetworks,
  own: ReadonlySet<string>,
): CoLocatedObjects {
  const draft: Draft = { asked: new Map(), names: new Set(), uses: new Map(), losses: [], crosses: false };
  for (const asked of repository.asked) readSite(asked, layout, networks, own, draft);
  for (const policy of repository.policies) {
    const text = (readField(policy, "metadata", "annotations") as Fields | undefined)?.[POLICY_FOR];
    const home = layout.namespaceOf(policy.doc.part.file.path, policy.namespace);
    const ids = typeof text === "string" ? text.split(",").map((one) => idOf(one.trim(), home)) : [];
    for (const id of ids) draft.names.add(id);
    const why = `a policy on ${ids.join(", ") || "no network"}: intents describe allowed traffic in another way`;
    draft.losses.push({
      kind: "beside",
      what: formatObjectName(policy),
      why,
      place: locateInObject(policy, ["metadata", "name"]),
    });
  }
  for (const { object, networks: named } of repository.machines) {
    const home = layout.namespaceOf(object.doc.part.file.path, object.namespace);
    const found = named.flatMap(({ fields }) => (fields.multus as Fields | undefined)?.networkName ?? []);
    if (found.length === 0) continue;
    const ids = found.map((name) => idOf(formatValue(name), home));
    for (const id of ids) draft.names.add(id);
    if (ids.some((id) => isForeign(id, home))) draft.crosses = true;
    const why = `a virtual machine names ${ids.join(", ")}, and continues to do so`;
    draft.losses.push({
      kind: "chart",
      what: formatObjectName(object),
      why,
      place: locateInObject(object, ["metadata", "name"]),
    });
  }
  return draft;
}

function readSite(
  { annotation, selections }: NetworkList,
  layout: EstateLayout,
  { known, absent }: KnownNetworks,
  own: ReadonlySet<string>,
  draft: Draft,
): void {
  const { file } = annotation.object.doc.part;
  const home = layout.namespaceOf(file.path, annotation.namespace);
  const all = selections.flatMap((one) =>
    one.name === undefined ? [] : [{ one, id: `${one.namespace ?? home}/${one.name}` }],
  );
  if (all.some(({ id }) => isForeign(id, home))) draft.crosses = true;
  for (const { one, id } of all.filter(({ id }) => known.has(id))) {
    draft.uses.set(id, (draft.uses.get(id) ?? 0) + 1);
    for (const address of addressesOf(one.fields)) pushTo(draft.asked, id, address);
    if (!own.has(file.path)) draft.names.add(id);
  }
  if (own.has(file.path) || all.length === 0) return;
  const ids = [...new Set(all.map(({ id }) => id))].sort();
  const missing = ids.filter((id) => !known.has(id)).map((id) => `; ${id}: ${absent(id, annotation.object)}`);
  const why = `its pods name ${ids.join(", ")}: a chart or an operator creates them, so their annotation does not change${missing.join("")}`;
  draft.losses.push({
    kind: "chart",
    what: formatObjectName(annotation.object),
    why,
    place: locateInObject(annotation.object, annotation.path, "key"),
  });
}

function isForeign(id: string, home: string): boolean {
  const namespace = id.slice(0, id.indexOf("/"));
  return namespace !== home && namespace !== "default";
}

function idOf(text: string, home: string): string {
  return text.includes("/") ? text : `${home}/${text}`;
}

function addressesOf(fields: Fields): InterfaceAddress[] {
  const { ips } = fields;
  return (Array.isArray(ips) ? (ips as readonly unknown[]) : []).flatMap((one) => {
    const read = parseInterfaceAddress(formatValue(one));
    return typeof read === "string" ? [] : [read];
  });
}
