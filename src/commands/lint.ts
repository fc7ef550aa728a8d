import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixFiles, type LintResult, lintFiles } from "../lint/lint.ts";
import type { SourceFile } from "../source/source-file.ts";
import { reason } from "../stages/reason.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { report } from "./report.ts";

export interface LintFlags {
  /** Make the edits that need no choice. */
  readonly fix?: boolean;
}

const STDIN = "<stdin>";
/** Manifests, and the templates of them that people keep. */
const WANTED = /\.(ya?ml|json)(\.(j2|jinja2?|tpl|tmpl|gotmpl))?$/i;
const PASSED_OVER = new Set([".git", "node_modules", ".terraform", ".cache"]);
/** Larger than any manifest that somebody wrote. */
const BYTES_MAX = 4 << 20;

interface Gathered {
  readonly files: SourceFile[];
  /** Files that are too large, or that cannot be read. */
  readonly passed: string[];
}

/** Networks written by hand, in files, folders, or on standard input (`-`). Needs no project. */
export function lint(paths: readonly string[], flags: LintFlags, common: Common, io: Io): ExitCode {
  const gathered: Gathered = { files: [], passed: [] };
  for (const path of paths.length > 0 ? paths : ["."]) {
    const problem = path === "-" ? readStdin(gathered) : gather(common.root, path, gathered);
    if (problem === undefined) continue;
    io.err(`plumbline: ${path} cannot be read: ${problem}\n`);
    return 2;
  }
  const files = unique(gathered.files);
  const { result, failed } = flags.fix ? fix(files, common, io) : { result: lintFiles(files), failed: false };
  const exit = report(result.diagnostics, "", common, io);
  if ((common.format === "text" || common.format === "concise") && !common.quiet)
    io.err(summary(result, files.length, gathered.passed.length));
  return failed ? 2 : exit;
}

function fix(
  files: readonly SourceFile[],
  common: Common,
  io: Io,
): { readonly result: LintResult; readonly failed: boolean } {
  const { changed, result } = fixFiles(files);
  let failed = false;
  for (const { path, text } of changed) {
    if (path === STDIN) continue;
    try {
      writeFileSync(absolute(common.root, path), text);
      if (common.format === "text" || common.format === "concise") io.out(`${path}\n`);
    } catch (cause) {
      io.err(`plumbline: ${path} cannot be written: ${reason(cause)}\n`);
      failed = true;
    }
  }
  const stdin = files.find((file) => file.path === STDIN);
  if (stdin) io.out((changed.find((file) => file.path === STDIN) ?? stdin).text);
  return { result, failed };
}

/** A file that two of the paths lead to is one file. */
function unique(files: readonly SourceFile[]): readonly SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function readStdin({ files }: Gathered): string | undefined {
  try {
    files.push({ path: STDIN, text: readFileSync(0, "utf8") });
    return undefined;
  } catch (cause) {
    return reason(cause);
  }
}

/** The manifests at a path, or what is wrong with it. Links are not followed: what they lead to is read where it is. */
function gather(root: string, path: string, gathered: Gathered): string | undefined {
  const clean = path
    .replaceAll("\\", "/")
    .replace(/^\.\/(?=.)/, "")
    .replace(/(?<=.)\/+$/, "");
  try {
    const whole = clean.startsWith("/") ? clean : join(root, clean);
    const stats = lstatSync(whole);
    if (stats.isDirectory()) walk(root, clean === "." ? "" : clean, gathered);
    else read(root, clean, gathered);
    return undefined;
  } catch (cause) {
    return reason(cause);
  }
}

function walk(root: string, folder: string, gathered: Gathered): void {
  const entries = readdirSync(absolute(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) walk(root, path, gathered);
    else if (entry.isFile() && WANTED.test(entry.name)) attempt(root, path, gathered);
  }
}

/** One file that cannot be read is no reason to look at none. */
function attempt(root: string, path: string, gathered: Gathered): void {
  try {
    read(root, path, gathered);
  } catch {
    gathered.passed.push(path);
  }
}

function read(root: string, path: string, { files, passed }: Gathered): void {
  const bytes = readFileSync(absolute(root, path));
  if (bytes.length > BYTES_MAX) passed.push(path);
  else files.push({ path, text: bytes.toString("utf8") });
}

function absolute(root: string, path: string): string {
  return path.startsWith("/") ? path : join(root, path);
}

function summary({ read: documents, templated, unread }: LintResult, files: number, passed: number): string {
  const parts = [`${counted(documents, "document")} about networks in ${counted(files, "file")}`];
  if (templated.length > 0)
    parts.push(`${counted(templated.length, "file")} with templates, judged only where they hide nothing`);
  if (unread.length > 0) parts.push(`${counted(unread.length, "file")} not readable in full`);
  if (passed > 0) parts.push(`${counted(passed, "file")} passed over`);
  return `plumbline: ${parts.join("; ")}\n`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
