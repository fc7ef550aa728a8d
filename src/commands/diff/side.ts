import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { at } from "../../source/place.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { readManifests } from "../../verify/model/manifests/read-manifests.ts";
import { type Connection, connectionsOf } from "../../verify/report/connections.ts";
import type { Loss } from "../../verify/report/diff.ts";
import { shown } from "../../verify/report/format/shown.ts";
import { type Networks, networksIn } from "../../verify/report/network-changes.ts";
import type { Objects } from "../../verify/report/object-changes.ts";
import { type Meant, proved } from "../proved.ts";

export interface SideOfCluster extends Objects, Networks {
  readonly connections: readonly Connection[];
  readonly losses: readonly Loss[];
  /** What of its output cannot be read: then there is nothing to compare. */
  readonly unread: readonly Diagnostic[];
}

/** What one side of a comparison has, by cluster. */
export type Side = ReadonlyMap<string, SideOfCluster>;

export const noSide: SideOfCluster = {
  manifests: [],
  networks: new Map(),
  connections: [],
  losses: [],
  unread: [],
  lineOf: () => undefined,
};

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
      const done = files.length > 0 ? proved(project, cluster, files) : undefined;
      const instances = project.compiled.instances.get(cluster) ?? [];
      const intents = new Map(instances.map((one) => [one.intent.id, one.intent]));
      const lineOf = (id: string) => {
        const intent = intents.get(id);
        return intent && shown(at(intent.doc, "metadata", "name"));
      };
      const { manifests } = readManifests(files.filter((file) => /\.ya?ml$/.test(file.path)));
      const connections = done ? connectionsOf(done.flows, done.watch) : [];
      const unread = done && !done.readable ? done.diagnostics : [];
      const networks = networksIn(files);
      return [cluster, { manifests, networks, connections, lineOf, losses: losses(cluster), unread }];
    }),
  );
}
