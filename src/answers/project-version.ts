import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import { placeAt } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { OtherVersion } from "../verify/expected/expected.ts";
import { buildExpectedIndex } from "../verify/expected/expected-index.ts";
import { readManifests } from "../verify/model/manifests/read-manifests.ts";
import { type BorderZones, type Connection, listConnections } from "../verify/report/connections.ts";
import type { Loss } from "../verify/report/diff.ts";
import { formatLocation } from "../verify/report/format/location.ts";
import { type Isolation, readZones } from "../verify/report/isolation-changes.ts";
import { type OutputNetworks, readOutputNetworks } from "../verify/report/network-changes.ts";
import type { OutputObjects } from "../verify/report/object-changes.ts";
import { readCluster } from "../verify/verify-cluster.ts";
import { listWorkloadFiles } from "../workloads/declared.ts";
import type { CompiledProject } from "./verify-files.ts";

/** Who reaches whom on one side, among the parties of both. */
export interface VersionReachability {
  connectionsOf(parties: BorderZones): readonly Connection[];
  /** Namespaces that are known: by their pods, or since a policy names them. */
  readonly namespaces: readonly string[];
  /** Namespaces with a policy that somebody wrote by hand. */
  readonly isolated: readonly string[];
  /** What of its output cannot be read: then there is nothing to compare. */
  readonly unread: readonly Diagnostic[];
}

export interface ClusterVersion extends OutputObjects, OutputNetworks {
  /** Namespaces with their zones. */
  readonly zones: ReadonlyMap<string, Isolation>;
  readonly workloads: readonly WorkloadFile[];
  readonly losses: readonly Loss[];
  /** Reads the side, with what the other one knows. With nothing applied: as if it had no output. */
  analyzeReachability(other: OtherVersion, nothingApplied?: boolean): VersionReachability;
}

/** What one side of a comparison has, by cluster. */
export type ProjectVersion = ReadonlyMap<string, ClusterVersion>;

/** Objects and connections of the files that `filesOf` gives; without it, of what the intents give. */
export function buildVersion(
  project: CompiledProject,
  clusters: readonly string[],
  filesOf?: (cluster: string) => readonly SourceFile[],
  losses: (cluster: string) => readonly Loss[] = () => [],
): ProjectVersion {
  const fresh = (cluster: string) => project.compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
  return new Map(
    clusters.map((cluster): readonly [string, ClusterVersion] => {
      const files = (filesOf ?? fresh)(cluster);
      const instances = project.compiled.instances.get(cluster) ?? [];
      const intents = new Map(instances.map((one) => [one.intent.id, one.intent]));
      const lineOf = (id: string) => {
        const intent = intents.get(id);
        return intent && formatLocation(placeAt(intent.doc, "metadata", "name"));
      };
      const { manifests } = readManifests(files.filter((file) => /\.ya?ml$/.test(file.path)));
      const zones = readZones(manifests);
      const { workloads } = project.inputs;
      const networks = readOutputNetworks(files);
      const reach = (other: OtherVersion, nothingApplied = false) =>
        analyzeReachability(project, cluster, nothingApplied ? [] : files, other);
      return [
        cluster,
        { manifests, networks, zones, workloads, lineOf, losses: losses(cluster), analyzeReachability: reach },
      ];
    }),
  );
}

function analyzeReachability(
  { compiled, inputs }: CompiledProject,
  cluster: string,
  files: readonly SourceFile[],
  other: OtherVersion,
): VersionReachability {
  const plan = compiled.plans.find((one) => one.cluster.name === cluster);
  if (!plan) return { connectionsOf: () => [], namespaces: [], isolated: [], unread: [] };
  const known = { plan, instances: compiled.instances.get(cluster) ?? [] };
  const { model, flows, expected, unread } = readCluster(known, files, listWorkloadFiles(inputs), other);
  return {
    connectionsOf: (parties) => listConnections(flows, buildExpectedIndex(expected), false, parties),
    namespaces: model.nodes.filter((node) => node.type === "anybody").map((node) => node.namespace),
    isolated: [...model.policies.pod]
      .filter(([, policies]) => policies.some((one) => one.manifest.intent === undefined))
      .map(([namespace]) => namespace),
    unread,
  };
}
