import { connectionChanges, type Difference, objectChanges } from "../reachability/diff.ts";
import { differenceMarkdown, differenceText } from "../reachability/format/difference.ts";
import { readManifests } from "../reachability/manifests/read-manifests.ts";
import { tableOf } from "../reachability/table.ts";
import type { SourceFile } from "../source/source-file.ts";
import { atRevision } from "./git-revision.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { clustersOf, type Meant, meant, proved } from "./proved.ts";
import { readOutput } from "./read-output.ts";

export interface DiffFlags {
  readonly cluster?: readonly string[];
  /** Two clusters, held against each other. */
  readonly between?: string;
  readonly as?: "text" | "json" | "markdown";
  readonly failOn?: "added";
}

/** What one side has: objects, and connections, by cluster. */
type Side = ReadonlyMap<
  string,
  Pick<Difference, "objects"> & { readonly files: readonly SourceFile[]; readonly rows: Rows }
>;
type Rows = ReturnType<typeof tableOf>;

/** What changes in objects and in who reaches whom: out/ against the intents, or one revision against another. */
export function diff(range: string | undefined, flags: DiffFlags, common: Common, io: Io): ExitCode {
  const sides = range === undefined ? fromFiles(flags, common, io) : fromRevisions(range, flags, common, io);
  if ("exit" in sides) return sides.exit;
  const differences = flags.between === undefined ? byCluster(sides) : acrossClusters(sides.after, flags.between, io);
  if (!differences) return 2;
  io.out(shown(differences, flags.as ?? "text"));
  const opened = [...differences.values()].flatMap((one) => one.connections).some((one) => one.opens);
  return flags.failOn === "added" && opened ? 1 : 0;
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

function fromFiles(flags: DiffFlags, common: Common, io: Io): Sides | { readonly exit: ExitCode } {
  const project = meant(common, io);
  if ("exit" in project) return project;
  const clusters = clustersOf(project.project, flags.cluster, io);
  if (!clusters) return { exit: 2 };
  const written = (cluster: string) => readOutput(common.root, project.project.out, cluster);
  const now = (cluster: string) => project.compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
  return { before: side(project, clusters, written), after: side(project, clusters, now) };
}

function side(project: Meant, clusters: readonly string[], filesOf: (cluster: string) => readonly SourceFile[]): Side {
  return new Map(
    clusters.map((cluster) => {
      const files = filesOf(cluster);
      const done = proved(project, cluster, files);
      const rows = done && files.length > 0 ? tableOf(done.flows, done.watch, { by: "party" }) : [];
      return [cluster, { files, rows, objects: [] }];
    }),
  );
}

function fromRevisions(range: string, flags: DiffFlags, common: Common, io: Io): Sides | { readonly exit: ExitCode } {
  const match = /^(.+?)\.\.\.?(.+)$/.exec(range);
  if (!match) {
    io.err(`plumbline: ${range} is no range; write A..B, as in main..HEAD\n`);
    return { exit: 2 };
  }
  const read = (revision: string) =>
    atRevision(common.root, revision, (folder): Side | { readonly exit: ExitCode } => {
      const project = meant({ ...common, root: folder }, io);
      if ("exit" in project) return project;
      const clusters = clustersOf(project.project, flags.cluster, io);
      if (!clusters) return { exit: 2 };
      return side(project, clusters, (cluster) => readOutput(folder, project.project.out, cluster));
    });
  const sides: Side[] = [];
  for (const revision of [match[1] as string, match[2] as string]) {
    const one = read(revision);
    if ("exit" in one) return one;
    if ("problem" in one) {
      io.err(`plumbline: ${one.problem}\n`);
      return { exit: 2 };
    }
    sides.push(one);
  }
  return { before: sides[0] as Side, after: sides[1] as Side };
}

function byCluster({ before, after }: Sides): ReadonlyMap<string, Difference> {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return new Map(names.map((name) => [name, differenceOf(before.get(name), after.get(name))]));
}

function acrossClusters(all: Side, between: string, io: Io): ReadonlyMap<string, Difference> | undefined {
  const [one = "", other = ""] = between.split(",");
  const unknown = [one, other].find((name) => !all.has(name));
  if (unknown === undefined) return new Map([[`${one} against ${other}`, differenceOf(all.get(one), all.get(other))]]);
  io.err(
    `plumbline: --between wants two clusters, as in east,west; there is no ${unknown === "" ? "second one" : unknown}\n`,
  );
  return undefined;
}

type One = { readonly files: readonly SourceFile[]; readonly rows: Rows } | undefined;

function differenceOf(before: One, after: One): Difference {
  const manifests = (of: One) =>
    readManifests((of?.files ?? []).filter((file) => /\.ya?ml$/.test(file.path))).manifests;
  return {
    objects: objectChanges(manifests(before), manifests(after)),
    connections: connectionChanges(before?.rows ?? [], after?.rows ?? []),
  };
}

function shown(differences: ReadonlyMap<string, Difference>, form: NonNullable<DiffFlags["as"]>): string {
  if (form === "json") return `${JSON.stringify(Object.fromEntries(differences), undefined, 2)}\n`;
  return [...differences]
    .map(([name, one]) =>
      form === "markdown" ? `## ${name}\n\n${differenceMarkdown(one)}` : `${name}\n${differenceText(one)}`,
    )
    .join("\n");
}
