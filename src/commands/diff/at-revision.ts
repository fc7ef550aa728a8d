import { type Side, sideOf } from "../../answers/side.ts";
import { atRevision } from "../git-revision.ts";
import type { Common, ExitCode, Io } from "../io.ts";
import { clustersOf, meant } from "../proved.ts";
import { readOutput } from "../read-output.ts";

type Stopped = { readonly exit: ExitCode };

/** The output of a project at a revision; a repository that keeps none is taken for what its intents give. */
export function sideAtRevision(
  revision: string,
  wanted: readonly string[] | undefined,
  common: Common,
  io: Io,
): Side | Stopped {
  const side = atRevision(common.root, revision, (folder): Side | Stopped => {
    const project = meant({ ...common, root: folder }, io);
    if ("exit" in project) return project;
    const clusters = clustersOf(project.project, wanted, io);
    if (!clusters) return { exit: 2 };
    const written = (cluster: string) => readOutput(folder, project.project.out, cluster);
    const kept = clusters.some((cluster) => written(cluster).length > 0);
    return sideOf(project, clusters, kept ? written : undefined);
  });
  if (!("problem" in side)) return side;
  io.err(`plumbline: ${side.problem}\n`);
  return { exit: 2 };
}
