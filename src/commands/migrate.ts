import { posix } from "node:path";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { isForPeople } from "../diagnostics/format/names.ts";
import { formatIdSuggestion, formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { Compiled } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { planMigration } from "../migrate/migrate.ts";
import { loadProjectFiles } from "../stages/1-load.ts";
import { findStale, type Written, writeOutput } from "../stages/10-write.ts";
import { writeRules } from "../stages/write/rules.ts";
import { targets } from "../targets/index.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { selectClusters } from "./load-project.ts";
import { reportFindings, selectFailing } from "./report.ts";

export interface MigrateFlags {
  readonly to: string;
  readonly cluster?: readonly string[];
  readonly intent?: readonly string[];
  readonly out: string;
  readonly allowLoss?: readonly string[];
}

const NOTHING = "Nothing was written.";

/** Writes the way to another target, step by step; nothing if any state on it opens what is apart on both sides. */
export function runMigrate(flags: MigrateFlags, common: CommonOptions, io: Io): ExitCode {
  const wrong = (why: string): ExitCode => {
    io.err(`plumbline: ${why}\n`);
    return 2;
  };
  const names = targets.map((one) => one.name);
  if (!names.includes(flags.to))
    return wrong(
      `no target is called ${flags.to}; ${formatSuggestion(flags.to, names) ?? `the targets are: ${formatList(names)}`}`,
    );
  const { inputs, project, diagnostics } = loadProjectFiles(common.root);
  if (!inputs || !project) return reportFindings(diagnostics, NOTHING, common, io);
  const clusters = selectClusters(project, flags.cluster, io);
  if (!clusters) return 2;
  const folder = normalizePath(flags.out);
  const taken = [project.out, project.templates].filter((one) => one !== undefined).map(normalizePath);
  if (outside(folder)) return wrong(`${flags.out} is not below the project's folder`);
  const clash = taken.find((one) => isWithin(folder, one) || isWithin(one, folder));
  if (clash !== undefined) return wrong(`a migration is not written into ${clash}; name another folder with --out`);
  const { to, intent: intents = [], allowLoss = [] } = flags;
  const planned = planMigration(inputs, { to, clusters, intents, allowLoss, folder });
  const [stranger] = planned.unknownIntents;
  if (stranger !== undefined)
    return wrong(
      `no intent ${stranger} has a target; ${formatIdSuggestion(stranger, planned.known) ?? `those that have: ${formatList(planned.known)}`}`,
    );
  const found = [...diagnostics, ...staleIn(common.root, project, planned.present, clusters), ...planned.diagnostics];
  if (selectFailing(found, common).length > 0) return reportFindings(found, NOTHING, common, io);
  // Paths and ownership are as for the output, and the lock stays as it is.
  const ground = { ...project, out: folder };
  const compiled = {
    project: ground,
    files: planned.files,
    lock: inputs.lock?.text,
    plans: [],
    instances: new Map(),
    diagnostics: [],
  };
  const nothing: Written = { changed: [], diagnostics: [] };
  const options = { clusters, process: io.process };
  const written = planned.files.length > 0 ? writeOutput(common.root, ground, compiled, options) : nothing;
  const outcome = hasErrors(written.diagnostics) ? NOTHING : "";
  const exit = reportFindings([...found, ...written.diagnostics], outcome, common, io);
  if (exit !== 0 || !isForPeople(common.format)) return exit;
  for (const { path, how } of written.changed)
    io.out(`${how === "removed" ? "removed " : ""}${common.folder}${path}\n`);
  const why = intents.length > 0 ? "none of these intents moves there" : `it is on ${to}`;
  for (const one of planned.unmoved) io.err(`plumbline: nothing changes in ${one}: ${why}\n`);
  return exit;
}

/** The way begins at what is applied, and that is what is written. */
function staleIn(
  root: string,
  project: Project,
  present: Compiled,
  clusters: readonly string[],
): readonly Diagnostic[] {
  if (hasErrors(present.diagnostics)) return [];
  const { changed, diagnostics } = findStale(root, project, present, { clusters });
  const words = { added: "is missing", changed: "is out of date", removed: "is no longer needed" } as const;
  return [
    ...diagnostics,
    ...changed.map(({ path, how }) => writeRules.diagnose("stale", undefined, { path, how: words[how] })),
  ];
}

function normalizePath(path: string): string {
  return posix.normalize(path.replaceAll("\\", "/")).replace(/(?<=.)\/+$/, "");
}

function outside(path: string): boolean {
  return path === "." || path.startsWith("/") || path === ".." || path.startsWith("../");
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
