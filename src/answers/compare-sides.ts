import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { OtherVersion } from "../verify/expected/expected.ts";
import { connectionChanges } from "../verify/report/connection-changes.ts";
import type { Parties } from "../verify/report/connections.ts";
import type { Difference } from "../verify/report/diff.ts";
import { guardChanges } from "../verify/report/guard-changes.ts";
import { isolationChanges } from "../verify/report/isolation-changes.ts";
import { networkChanges } from "../verify/report/network-changes.ts";
import { objectChanges } from "../verify/report/object-changes.ts";
import { renumberedIn, renumberingsOf } from "../verify/report/renumbering.ts";
import type { Reached, SideOfCluster } from "./side.ts";

export interface Compared {
  readonly difference: Difference;
  /** What of either output cannot be read: then there is nothing to compare. */
  readonly unread: readonly Diagnostic[];
}

/**
 * Two versions of one cluster. Workloads and namespaces that either side knows are parties on both, so that a zone that
 * is gone opens what it has isolated. A side that is not there is the cluster as if nothing were applied.
 */
export function compareSides(before: SideOfCluster | undefined, after: SideOfCluster | undefined): Compared {
  const [old, now] = [before ?? absent(after), after ?? absent(before)];
  const networks = networkChanges(old, now);
  const renumberings = renumberingsOf(networks);
  const zoned = [...old.zones.keys(), ...now.zones.keys()];
  const beside = (other: SideOfCluster, namespaces: readonly string[]): OtherVersion => {
    return { workloads: other.workloads, namespaces, renumbered: renumberedIn(renumberings) };
  };
  let [was, is] = [old.reach(beside(now, zoned)), now.reach(beside(old, zoned))];
  // A namespace that only one side names would else be told apart from all others there, and not here.
  const namespaces = [...new Set([...zoned, ...was.namespaces, ...is.namespaces])];
  if (was.namespaces.length < namespaces.length) was = old.reach(beside(now, namespaces));
  if (is.namespaces.length < namespaces.length) is = now.reach(beside(old, namespaces));
  const watched = new Set([...zoned, ...was.isolated, ...is.isolated]);
  const parties: Parties = { zones: now.zones, watched };
  const connections = connectionChanges(was.connectionsOf(parties), is.connectionsOf(parties), renumberings);
  return compared(old, now, { networks, connections }, [was, is]);
}

/** Two clusters: what one of them has no zone for is no loss there. */
export function compareClusters(first: SideOfCluster | undefined, second: SideOfCluster | undefined): Compared {
  const [one, other] = [first ?? absent(second), second ?? absent(first)];
  const alone: OtherVersion = { workloads: [], namespaces: [], renumbered: [] };
  const [a, b] = [one.reach(alone), other.reach(alone)];
  const own = ({ zones }: SideOfCluster): Parties => ({ zones, watched: zones });
  const connections = connectionChanges(a.connectionsOf(own(one)), b.connectionsOf(own(other)));
  return compared(one, other, { networks: networkChanges(one, other), connections }, [a, b]);
}

function compared(
  before: SideOfCluster,
  after: SideOfCluster,
  changes: Pick<Difference, "networks" | "connections">,
  reached: readonly Reached[],
): Compared {
  const difference: Difference = {
    isolation: isolationChanges(before.zones, after.zones),
    ...changes,
    objects: objectChanges(before, after),
    guards: guardChanges(before, after),
    losses: after.losses.filter(
      (one) => !before.losses.some((known) => known.code === one.code && known.at === one.at),
    ),
  };
  return { difference, unread: reached.flatMap((one) => one.unread) };
}

/** The cluster of the other side as if nothing were applied to it. */
function absent(present: SideOfCluster | undefined): SideOfCluster {
  return {
    manifests: [],
    networks: new Map(),
    zones: new Map(),
    workloads: present?.workloads ?? [],
    losses: [],
    lineOf: () => undefined,
    reach: (other) =>
      present?.reach(other, true) ?? { connectionsOf: () => [], namespaces: [], isolated: [], unread: [] },
  };
}
