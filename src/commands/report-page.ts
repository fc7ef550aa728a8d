import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { compareVersions } from "../answers/compare-versions.ts";
import { renderReportPage } from "../answers/page/report-page.ts";
import { buildVersion } from "../answers/project-version.ts";
import { type CompiledProject, type VerifiedCluster, verifyFiles } from "../answers/verify-files.ts";
import { appendAll } from "../diagnostics/append-all.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { describeFileError } from "../stages/file-error.ts";
import type { Difference } from "../verify/report/diff.ts";
import { buildVersionAtRevision } from "./diff/version-at-revision.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { loadProjectOrReport, selectClusters } from "./load-project.ts";
import { readOutput } from "./read-output.ts";
import { reportFindings } from "./report.ts";

export interface ReportFlags {
  readonly cluster?: readonly string[];
  /** A revision; the page then shows what has changed since. */
  readonly since?: string;
  /** `-` or absent: standard output. */
  readonly output?: string;
}

/** One page with everything that is known of out/: who reaches whom, by which way, and because of which lines. */
export function writeReport(flags: ReportFlags, common: CommonOptions, io: Io): ExitCode {
  const project = loadProjectOrReport(common, io);
  if ("exit" in project) return project.exit;
  const clusters = selectClusters(project.project, flags.cluster, io);
  if (!clusters) return 2;
  const done: VerifiedCluster[] = [];
  for (const cluster of clusters) {
    const files = readOutput(common.root, project.project.out, cluster);
    const one = files.length > 0 ? verifyFiles(project, cluster, files) : undefined;
    if (!one) {
      io.err(`plumbline: nothing is written for ${cluster}; run "plumbline compile" first\n`);
      return 1;
    }
    if (!one.readable) return reportFindings(one.diagnostics, `Nothing is known of ${cluster}.`, common, io);
    done.push(one);
  }
  const changes = flags.since === undefined ? undefined : changesSince(flags.since, project, clusters, common, io);
  if (changes && "exit" in changes) return changes.exit;
  const content = {
    view: "picture",
    ...(changes ? { differences: changes } : {}),
    compared: comparedWords(flags),
  } as const;
  const page = renderReportPage(project, done, content);
  const problem = put(page, flags.output, io);
  if (problem !== undefined) {
    io.err(`plumbline: ${flags.output} cannot be written: ${problem}\n`);
    return 2;
  }
  const found: Diagnostic[] = [];
  for (const one of done) appendAll(found, one.diagnostics);
  const exit = reportFindings(found, "The page shows an output that does not do what the intents say.", common, io);
  if (flags.output !== undefined && flags.output !== "-" && !common.quiet && !hasErrors(found))
    io.err(`wrote ${flags.output} (${Math.ceil(page.length / 1024)} KiB); open it in a browser\n`);
  return exit;
}

function comparedWords({ since }: ReportFlags): string | undefined {
  return since === undefined ? undefined : `${since} and out/`;
}

function changesSince(
  since: string,
  project: CompiledProject,
  clusters: readonly string[],
  common: CommonOptions,
  io: Io,
): ReadonlyMap<string, Difference> | { readonly exit: ExitCode } {
  const before = buildVersionAtRevision(since, undefined, common, io);
  if ("exit" in before) return before;
  const after = buildVersion(project, clusters, (cluster) => readOutput(common.root, project.project.out, cluster));
  const found = new Map<string, Difference>();
  for (const cluster of clusters) {
    const { difference, unread } = compareVersions(before.get(cluster), after.get(cluster));
    if (unread.length > 0) return { exit: reportFindings(unread, "Nothing was compared.", common, io) };
    found.set(cluster, difference);
  }
  return found;
}

function put(page: string, output: string | undefined, io: Io): string | undefined {
  if (output === undefined || output === "-") {
    io.out(page);
    return undefined;
  }
  try {
    writeFileSync(resolve(io.cwd, output), page);
    return undefined;
  } catch (cause) {
    return describeFileError(cause);
  }
}
