import { writeFileSync } from "node:fs";
import { formatList } from "../diagnostics/suggest.ts";
import { fixFiles, type LintResult, lintFiles } from "../lint/lint.ts";
import type { SourceFile } from "../source/source-file.ts";
import { describeFileError } from "../stages/file-error.ts";
import { collectManifests, resolvePath, STDIN } from "./collect-manifests.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { reportFindings } from "./report.ts";

export interface LintFlags {
  /** Make the edits that need no choice. */
  readonly fix?: boolean;
}

/** Networks written by hand, in files, folders, or on standard input (`-`). Needs no project. */
export function runLint(paths: readonly string[], flags: LintFlags, common: CommonOptions, io: Io): ExitCode {
  const gathered = collectManifests(common.root, paths);
  if ("problem" in gathered) {
    io.err(`plumbline: ${gathered.problem}\n`);
    return 2;
  }
  const { files } = gathered;
  const isFiltering = flags.fix === true && files.some((file) => file.path === STDIN);
  const { result, failed } = flags.fix ? fix(files, common, io) : { result: lintFiles(files), failed: false };
  // With --fix, standard output may be the mended file.
  const write = isFiltering ? io.err : io.out;
  const exit = reportFindings(result.diagnostics, "", common, io, write);
  if ((common.format === "text" || common.format === "concise") && !common.quiet)
    write(summary(result, files.length, gathered.passed));
  return failed ? 2 : exit;
}

function fix(
  files: readonly SourceFile[],
  common: CommonOptions,
  io: Io,
): { readonly result: LintResult; readonly failed: boolean } {
  const { changed, result } = fixFiles(files);
  let failed = false;
  for (const { path, text } of changed) {
    if (path === STDIN) continue;
    try {
      writeFileSync(resolvePath(common.root, path), text);
      if (common.format === "text" || common.format === "concise") io.out(`${path}\n`);
    } catch (cause) {
      io.err(`plumbline: ${path} cannot be written: ${describeFileError(cause)}\n`);
      failed = true;
    }
  }
  const stdin = files.find((file) => file.path === STDIN);
  if (stdin) io.out((changed.find((file) => file.path === STDIN) ?? stdin).text);
  return { result, failed };
}

function summary({ read: documents, templated, unread }: LintResult, files: number, passed: readonly string[]): string {
  const parts = [`${counted(documents, "document")} about networks in ${counted(files, "file")}`];
  if (templated.length > 0)
    parts.push(`${counted(templated.length, "file")} with templates, judged only where they hide nothing`);
  if (unread.length > 0) parts.push(`${counted(unread.length, "file")} not readable in full: ${formatList(unread)}`);
  if (passed.length > 0) parts.push(`${counted(passed.length, "file")} passed over: ${formatList(passed)}`);
  return `plumbline: ${parts.join("; ")}\n`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
