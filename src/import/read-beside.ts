import { pushTo } from "../collections/push-to.ts";
import { POLICY_FOR } from "../lint/annotation/sites.ts";
import { type Fields, fieldOf, placeIn, shownObject } from "../lint/read/lint-object.ts";
import type { Repository } from "../lint/repository/repository.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import { spelt } from "../source/spelt.ts";
import type { Loss } from "./loss.ts";
import type { NamespaceOf } from "./namespaces.ts";

/** What names networks and is no workload that a project could hold. */
export interface Beside {
  /** Addresses that anybody asks for, by network. */
  readonly asked: ReadonlyMap<string, readonly InterfaceAddress[]>;
  /** Networks that policies are for, or that charts and operators name. */
  readonly names: ReadonlySet<string>;
  /** How often each network is named at all. */
  readonly uses: ReadonlyMap<string, number>;
  readonly losses: readonly Loss[];
}

/** Charts, machines and policies that name networks; `known` are those that are here, `own` the files of workloads. */
export function readBeside(
  repository: Repository,
  namespaceOf: NamespaceOf,
  known: ReadonlySet<string>,
  own: ReadonlySet<SourceFile>,
): Beside {
  const asked = new Map<string, InterfaceAddress[]>();
  const names = new Set<string>();
  const uses = new Map<string, number>();
  const losses: Loss[] = [];
  for (const { site, selections } of repository.asked) {
    const { file } = site.object.doc.part;
    const home = site.namespace ?? namespaceOf(file.path);
    const named = selections
      .map((one) => ({ one, id: `${one.namespace ?? home}/${one.name}` }))
      .filter(({ id }) => known.has(id));
    for (const { one, id } of named) {
      uses.set(id, (uses.get(id) ?? 0) + 1);
      for (const address of addressesOf(one.fields)) pushTo(asked, id, address);
      if (!own.has(file)) names.add(id);
    }
    const ids = [...new Set(named.map(({ id }) => id))].sort().join(", ");
    const why = `it names ${ids}, and is no workload that a patch could be made for`;
    if (ids !== "" && !own.has(file))
      losses.push({
        kind: "beside",
        what: shownObject(site.object),
        why,
        place: placeIn(site.object, site.path, "key"),
      });
  }
  for (const policy of repository.policies) {
    const text = (fieldOf(policy, "metadata", "annotations") as Fields | undefined)?.[POLICY_FOR];
    const home = policy.namespace ?? namespaceOf(policy.doc.part.file.path);
    const ids = typeof text === "string" ? text.split(",").map((one) => idOf(one.trim(), home)) : [];
    for (const id of ids) names.add(id);
    const why = `a policy on ${ids.join(", ") || "no network"}: intents have other words for who may reach whom`;
    losses.push({ kind: "beside", what: shownObject(policy), why, place: placeIn(policy, ["metadata", "name"]) });
  }
  for (const { object, networks } of repository.machines) {
    const home = object.namespace ?? namespaceOf(object.doc.part.file.path);
    const named = networks.flatMap(({ fields }) => (fields.multus as Fields | undefined)?.networkName ?? []);
    if (named.length === 0) continue;
    for (const name of named) names.add(idOf(spelt(name), home));
    const why = "a virtual machine names its networks itself";
    losses.push({ kind: "beside", what: shownObject(object), why, place: placeIn(object, ["metadata", "name"]) });
  }
  return { asked, names, uses, losses };
}

function idOf(text: string, home: string): string {
  return text.includes("/") ? text : `${home}/${text}`;
}

function addressesOf(fields: Fields): InterfaceAddress[] {
  const { ips } = fields;
  return (Array.isArray(ips) ? (ips as readonly unknown[]) : []).flatMap((one) => {
    const read = parseInterfaceAddress(spelt(one));
    return typeof read === "string" ? [] : [read];
  });
}
