import { buildVersion, type ProjectVersion } from "../../answers/project-version.ts";
import { type AtRevision, withRevisions } from "../git-revision.ts";
import type { CommonOptions, ExitCode, Io } from "../io.ts";
import { loadProjectOrReport, selectClusters } from "../load-project.ts";
import { readOutput } from "../read-output.ts";

type Stopped = { readonly exit: ExitCode };

/** The output of a project at a revision; a repository that keeps none is taken for what its intents give. */
export function buildVersionAtRevision(
  revision: string,
  wanted: readonly string[] | undefined,
  common: CommonOptions,
  io: Io,
): ProjectVersion | Stopped {
  return withRevisions(common.root, (at) => readSide(at, revision, wanted, common, io));
}

/** The same of two revisions. */
export function sidesAtRevisions(
  [first, second]: readonly [string, string],
  wanted: readonly string[] | undefined,
  common: CommonOptions,
  io: Io,
): { readonly before: ProjectVersion; readonly after: ProjectVersion } | Stopped {
  return withRevisions(common.root, (at) => {
    const before = readSide(at, first, wanted, common, io);
    if ("exit" in before) return before;
    const after = readSide(at, second, wanted, common, io);
    return "exit" in after ? after : { before, after };
  });
}

function readSide(
  at: AtRevision,
  revision: string,
  wanted: readonly string[] | undefined,
  common: CommonOptions,
  io: Io,
): ProjectVersion | Stopped {
  const side = at(revision, (folder): ProjectVersion | Stopped => {
    const project = loadProjectOrReport({ ...common, root: folder }, io);
    if ("exit" in project) return project;
    const clusters = selectClusters(project.project, wanted, io);
    if (!clusters) return { exit: 2 };
    const written = (cluster: string) => readOutput(folder, project.project.out, cluster);
    const kept = clusters.some((cluster) => written(cluster).length > 0);
    return buildVersion(project, clusters, kept ? written : undefined);
  });
  if (!("problem" in side)) return side;
  io.err(`plumbline: ${side.problem}\n`);
  return { exit: 2 };
}
