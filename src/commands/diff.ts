import pc from "picocolors";
import { type ClusterComparison, compareTwoClusters, compareVersions } from "../answers/compare-versions.ts";
import { buildVersion, type ProjectVersion } from "../answers/project-version.ts";
import type { Difference } from "../verify/report/diff.ts";
import { formatDifferencesMarkdown } from "../verify/report/format/difference-markdown.ts";
import { formatDifference } from "../verify/report/format/difference-text.ts";
import { sidesAtRevisions } from "./diff/version-at-revision.ts";
import { buildVersionOnTarget } from "./diff/version-on-target.ts";
import { findMergeBase } from "./git-revision.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { loadProjectOrReport, selectClusters } from "./load-project.ts";
import { readOutput } from "./read-output.ts";
import { reportFindings } from "./report.ts";

export interface DiffFlags {
  readonly cluster?: readonly string[];
  /** Two clusters, held against each other. */
  readonly clusters?: string;
  /** Two targets, for the same intents. */
  readonly targets?: string;
  readonly failOn?: "added";
}

interface Sides {
  readonly before: ProjectVersion;
  readonly after: ProjectVersion;
}

type Stopped = { readonly exit: ExitCode };

/** What changes in objects and in who reaches whom: out/ against the intents, revisions, clusters or targets. */
export async function diff(
  range: string | undefined,
  flags: DiffFlags,
  common: CommonOptions,
  io: Io,
): Promise<ExitCode> {
  const asked = [range, flags.clusters, flags.targets].filter((one) => one !== undefined);
  if (asked.length > 1) return usage("A..B, --clusters and --targets are three questions; ask one", io).exit;
  const sides = sidesOf(range, flags, common, io);
  if ("exit" in sides) return sides.exit;
  const compared = flags.clusters === undefined ? byCluster(sides) : acrossClusters(sides.after, flags.clusters, io);
  if ("exit" in compared) return compared.exit;
  const unread = [...compared.values()].flatMap((one) => one.unread);
  if (unread.length > 0) return reportFindings(unread, "Nothing was compared.", common, io);
  const differences = new Map([...compared].map(([name, one]) => [name, one.difference]));
  io.out(common.form === "html" ? await page(differences, range, flags) : formatDifferences(differences, common));
  const opened = [...differences.values()].flatMap((one) => one.connections).some((one) => one.opened.length > 0);
  const lost = [...differences.values()].flatMap((one) => one.isolation).some((one) => one.loss);
  return flags.failOn === "added" && (opened || lost) ? 1 : 0;
}

/** What is compared stands in the page, since nobody sees the command there. */
async function page(
  differences: ReadonlyMap<string, Difference>,
  range: string | undefined,
  flags: DiffFlags,
): Promise<string> {
  const { renderChangesPage } = await import("../answers/page/report-page.ts");
  const sides = range ?? flags.targets ?? flags.clusters ?? "out/ and the intents";
  return renderChangesPage("What changes", differences, sides);
}

function usage(problem: string, io: Io): { readonly exit: 2 } {
  io.err(`plumbline: ${problem}\n`);
  return { exit: 2 };
}

function sidesOf(range: string | undefined, flags: DiffFlags, common: CommonOptions, io: Io): Sides | Stopped {
  if (range !== undefined) return fromRevisions(range, flags, common, io);
  if (flags.targets !== undefined) return fromTargets(flags.targets, flags, common, io);
  const project = loadProjectOrReport(common, io);
  if ("exit" in project) return project;
  const clusters = selectClusters(project.project, flags.cluster, io);
  if (!clusters) return { exit: 2 };
  const written = (cluster: string) => readOutput(common.root, project.project.out, cluster);
  return { before: buildVersion(project, clusters, written), after: buildVersion(project, clusters) };
}

function fromRevisions(range: string, flags: DiffFlags, common: CommonOptions, io: Io): Sides | Stopped {
  const match = /^(.*?)(\.\.\.?)(.*)$/.exec(range);
  if (!match) return usage(`${range} is no range; write A..B, as in main..HEAD`, io);
  const [first, dots, second] = [match[1] || "HEAD", match[2], match[3] || "HEAD"];
  const base = dots === "..." ? findMergeBase(common.root, first, second) : first;
  if (typeof base !== "string") return usage(base.problem, io);
  return sidesAtRevisions([base, second], flags.cluster, common, io);
}

function fromTargets(names: string, flags: DiffFlags, common: CommonOptions, io: Io): Sides | Stopped {
  const [first, second, more] = names.split(",");
  if (!first || !second || more !== undefined)
    return usage("--targets wants two targets, as in multus,ovn-kubernetes", io);
  const before = buildVersionOnTarget(first, flags.cluster, common, io);
  if ("exit" in before) return before;
  const after = buildVersionOnTarget(second, flags.cluster, common, io);
  return "exit" in after ? after : { before, after };
}

function byCluster({ before, after }: Sides): ReadonlyMap<string, ClusterComparison> {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return new Map(names.map((name) => [name, compareVersions(before.get(name), after.get(name))]));
}

function acrossClusters(all: ProjectVersion, names: string, io: Io): ReadonlyMap<string, ClusterComparison> | Stopped {
  const [one = "", other = ""] = names.split(",");
  const unknown = [one, other].find((name) => !all.has(name));
  if (unknown === undefined)
    return new Map([[`${one} against ${other}`, compareTwoClusters(all.get(one), all.get(other))]]);
  return usage(
    `--clusters wants two clusters, as in east,west; there is no ${unknown === "" ? "second one" : unknown}`,
    io,
  );
}

function formatDifferences(
  differences: ReadonlyMap<string, Difference>,
  { form, outColour = false }: CommonOptions,
): string {
  if (form === "json") return `${JSON.stringify(Object.fromEntries(differences), undefined, 2)}\n`;
  if (form === "markdown") return formatDifferencesMarkdown(differences);
  const { red, green } = pc.createColors(outColour);
  const paints = { opens: red, closes: green };
  return [...differences].map(([name, one]) => `${name}\n${formatDifference(one, paints)}`).join("\n");
}
