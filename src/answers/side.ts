import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import { at } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { OtherVersion } from "../verify/expected/expected.ts";
import { watch } from "../verify/expected/index.ts";
import { readManifests } from "../verify/model/manifests/read-manifests.ts";
import { type Connection, connectionsOf, type Parties } from "../verify/report/connections.ts";
import type { Loss } from "../verify/report/diff.ts";
import { shown } from "../verify/report/format/shown.ts";
import { type Isolation, zonesIn } from "../verify/report/isolation-changes.ts";
import { type Networks, networksIn } from "../verify/report/network-changes.ts";
import type { Objects } from "../verify/report/object-changes.ts";
import { readCluster } from "../verify/verify-cluster.ts";
import { workloadsOf } from "../workloads/declared.ts";
import type { Meant } from "./prove-cluster.ts";

/** Who reaches whom on one side, among the parties of both. */
export interface Reached {
  connectionsOf(parties: Parties): readonly Connection[];
  /** Namespaces that are known: by their pods, or since a policy names them. */
  readonly namespaces: readonly string[];
  /** Namespaces with a policy that somebody wrote by hand. */
  readonly isolated: readonly string[];
  /** What of its output cannot be read: then there is nothing to compare. */
  readonly unread: readonly Diagnostic[];
}

export interface SideOfCluster extends Objects, Networks {
  /** Namespaces with their zones. */
  readonly zones: ReadonlyMap<string, Isolation>;
  readonly workloads: readonly WorkloadFile[];
  readonly losses: readonly Loss[];
  /** Reads the side, with what the other one knows. With nothing applied: as if it had no output. */
  reach(other: OtherVersion, nothingApplied?: boolean): Reached;
}

/** What one side of a comparison has, by cluster. */
export type Side = ReadonlyMap<string, SideOfCluster>;

/** Objects and connections of the files that `filesOf` gives; without it, of what the intents give. */
export function sideOf(
  project: Meant,
  clusters: readonly string[],
  filesOf?: (cluster: string) => readonly SourceFile[],
  losses: (cluster: string) => readonly Loss[] = () => [],
): Side {
  const fresh = (cluster: string) => project.compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
  return new Map(
    clusters.map((cluster): readonly [string, SideOfCluster] => {
      const files = (filesOf ?? fresh)(cluster);
      const instances = project.compiled.instances.get(cluster) ?? [];
      const intents = new Map(instances.map((one) => [one.intent.id, one.intent]));
      const lineOf = (id: string) => {
        const intent = intents.get(id);
        return intent && shown(at(intent.doc, "metadata", "name"));
      };
      const { manifests } = readManifests(files.filter((file) => /\.ya?ml$/.test(file.path)));
      const zones = zonesIn(manifests);
      const { workloads } = project.inputs;
      const networks = networksIn(files);
      const reach = (other: OtherVersion, nothingApplied = false) =>
        reachOf(project, cluster, nothingApplied ? [] : files, other);
      return [cluster, { manifests, networks, zones, workloads, lineOf, losses: losses(cluster), reach }];
    }),
  );
}

function reachOf(
  { compiled, inputs }: Meant,
  cluster: string,
  files: readonly SourceFile[],
  other: OtherVersion,
): Reached {
  const plan = compiled.plans.find((one) => one.cluster.name === cluster);
  if (!plan) return { connectionsOf: () => [], namespaces: [], isolated: [], unread: [] };
  const known = { plan, instances: compiled.instances.get(cluster) ?? [] };
  const { model, flows, meaning, unread } = readCluster(known, files, workloadsOf(inputs), other);
  return {
    connectionsOf: (parties) => connectionsOf(flows, watch(meaning), false, parties),
    namespaces: model.nodes.filter((node) => node.type === "anybody").map((node) => node.namespace),
    isolated: [...model.policies.pod]
      .filter(([, policies]) => policies.some((one) => one.manifest.intent === undefined))
      .map(([namespace]) => namespace),
    unread,
  };
}
