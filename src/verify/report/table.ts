import type { Place } from "../../source/place.ts";
import type { MetExpectation } from "../checks/expectations.ts";
import { formatServices, type ServiceSet, uniteServices } from "../headerspace/service-set.ts";
import type { Connection, Extent } from "./connections.ts";
import type { GuardedScope } from "./guarded.ts";

/** Who reaches whom: one line for two parties and a way. */
export interface TableRow {
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
  /** `eth0`, or the gateways on the way, or the link that both are on. */
  readonly way: readonly string[];
  /** What is taken for granted. */
  readonly assumed: readonly string[];
  /** Lines of the intents that mean it. */
  readonly origins: readonly Place[];
}

/** The table of one cluster, with what its proof takes for granted. */
export interface ClusterTable {
  readonly cluster: string;
  readonly rows: readonly TableRow[];
  readonly assumed: readonly string[];
  readonly admission?: GuardedScope | undefined;
  /** Checks of Expectations, and those that hold. */
  readonly expectations?: { readonly checked: number; readonly met: number; readonly held: readonly MetExpectation[] };
}

export interface TableOptions {
  /** Parties are zones and what lies outside of them, or workloads one by one. */
  readonly by: "party" | "workload";
  /** Only rows whose end has this in its name. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface Draft {
  readonly from: string;
  readonly to: string;
  readonly way: readonly string[];
  services: ServiceSet;
  readonly assumed: Set<string>;
  readonly origins: Set<Place>;
}

/** The rows of a cluster, sorted. */
export function buildTable(connections: readonly Connection[], options: TableOptions): readonly TableRow[] {
  const drafts = new Map<string, Draft>();
  for (const connection of connections)
    for (const from of names(connection.from, options.by))
      for (const to of names(connection.to, options.by)) {
        if (options.from !== undefined && !from.includes(options.from)) continue;
        if (options.to !== undefined && !to.includes(options.to)) continue;
        add(drafts, from, to, connection);
      }
  return [...drafts.values()]
    .map(({ services, assumed, origins, ...row }) => ({
      ...row,
      services: formatServices(services),
      assumed: [...assumed].sort(),
      origins: [...origins],
    }))
    .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.way.join(), b.way.join()));
}

function add(drafts: Map<string, Draft>, from: string, to: string, connection: Connection): void {
  const { way, services, assumed, origins } = connection;
  const key = JSON.stringify([from, to, way]);
  const none = { services: [], assumed: new Set<string>(), origins: new Set<Place>() };
  const draft = drafts.get(key) ?? { from, to, way, ...none };
  draft.services = uniteServices(draft.services, services);
  for (const one of assumed) draft.assumed.add(one);
  for (const one of origins) draft.origins.add(one);
  drafts.set(key, draft);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function names({ party, pods }: Extent, by: TableOptions["by"]): readonly string[] {
  return by === "party" || pods.length === 0 ? [party] : pods;
}
