import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { OtherVersion } from "../verify/expected/expected.ts";
import { compareConnections } from "../verify/report/connection-changes.ts";
import type { BorderZones } from "../verify/report/connections.ts";
import type { Difference } from "../verify/report/diff.ts";
import { compareIsolation } from "../verify/report/isolation-changes.ts";
import { compareNetworks } from "../verify/report/network-changes.ts";
import { compareObjects } from "../verify/report/object-changes.ts";
import { compareAdmissionPolicies } from "../verify/report/policy-changes.ts";
import { listRenumberedAddresses, listRenumberings } from "../verify/report/renumbering.ts";
import type { ClusterVersion, VersionReachability } from "./project-version.ts";

export interface ClusterComparison {
  readonly difference: Difference;
  /** What of either output cannot be read: then there is nothing to compare. */
  readonly unread: readonly Diagnostic[];
}

/**
 * Two versions of one cluster. Workloads and namespaces that either side knows are parties on both, so that a zone that
 * is gone opens what it has isolated. A side that is not there is the cluster as if nothing were applied.
 */
export function compareVersions(
  before: ClusterVersion | undefined,
  after: ClusterVersion | undefined,
): ClusterComparison {
  const [old, now] = [before ?? emptyVersionOf(after), after ?? emptyVersionOf(before)];
  const networks = compareNetworks(old, now);
  const renumberings = listRenumberings(networks);
  const zoned = [...old.zones.keys(), ...now.zones.keys()];
  const beside = (other: ClusterVersion, namespaces: readonly string[]): OtherVersion => {
    return { workloads: other.workloads, namespaces, renumbered: listRenumberedAddresses(renumberings) };
  };
  let [was, is] = [old.analyzeReachability(beside(now, zoned)), now.analyzeReachability(beside(old, zoned))];
  // A namespace that only one side names would else be told apart from all others there, and not here.
  const namespaces = [...new Set([...zoned, ...was.namespaces, ...is.namespaces])];
  if (was.namespaces.length < namespaces.length) was = old.analyzeReachability(beside(now, namespaces));
  if (is.namespaces.length < namespaces.length) is = now.analyzeReachability(beside(old, namespaces));
  const watched = new Set([...zoned, ...was.isolated, ...is.isolated]);
  const parties: BorderZones = { zones: now.zones, watched };
  const connections = compareConnections(was.connectionsOf(parties), is.connectionsOf(parties), renumberings);
  return buildComparison(old, now, { networks, connections }, [was, is]);
}

/** Two clusters: what one of them has no zone for is no loss there. */
export function compareTwoClusters(
  first: ClusterVersion | undefined,
  second: ClusterVersion | undefined,
): ClusterComparison {
  const [one, other] = [first ?? emptyVersionOf(second), second ?? emptyVersionOf(first)];
  const alone: OtherVersion = { workloads: [], namespaces: [], renumbered: [] };
  const [a, b] = [one.analyzeReachability(alone), other.analyzeReachability(alone)];
  const own = ({ zones }: ClusterVersion): BorderZones => ({ zones, watched: zones });
  const connections = compareConnections(a.connectionsOf(own(one)), b.connectionsOf(own(other)));
  return buildComparison(one, other, { networks: compareNetworks(one, other), connections }, [a, b]);
}

function buildComparison(
  before: ClusterVersion,
  after: ClusterVersion,
  changes: Pick<Difference, "networks" | "connections">,
  reached: readonly VersionReachability[],
): ClusterComparison {
  const difference: Difference = {
    isolation: compareIsolation(before.zones, after.zones),
    ...changes,
    objects: compareObjects(before, after),
    guards: compareAdmissionPolicies(before, after),
    losses: after.losses.filter(
      (one) => !before.losses.some((known) => known.code === one.code && known.at === one.at),
    ),
  };
  return { difference, unread: reached.flatMap((one) => one.unread) };
}

/** The cluster of the other side as if nothing were applied to it. */
function emptyVersionOf(present: ClusterVersion | undefined): ClusterVersion {
  return {
    manifests: [],
    networks: new Map(),
    zones: new Map(),
    workloads: present?.workloads ?? [],
    losses: [],
    lineOf: () => undefined,
    analyzeReachability: (other) =>
      present?.analyzeReachability(other, true) ?? {
        connectionsOf: () => [],
        namespaces: [],
        isolated: [],
        unread: [],
      },
  };
}
