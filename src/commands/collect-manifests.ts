import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../source/source-file.ts";
import { describeFileError } from "../stages/file-error.ts";

export const STDIN = "<stdin>";
/** Manifests, and the templates of them that people keep. */
const WANTED = /\.(ya?ml|json)(\.(j2|jinja2?|tpl|tmpl|gotmpl))?$/i;
const PASSED_OVER = new Set([".git", "node_modules", ".terraform", ".cache"]);
/** Larger than any manifest that somebody wrote. What is named is read at any size: it may be a whole cluster's. */
const BYTES_MAX = 4 << 20;

export interface CollectedManifests {
  readonly files: readonly SourceFile[];
  /** Files that are too large, or that cannot be read. */
  readonly passed: readonly string[];
}

interface Found {
  readonly files: SourceFile[];
  readonly passed: string[];
}

/** The manifests of files, folders and standard input (`-`); those of the folder itself where nothing is named. */
export function collectManifests(
  root: string,
  paths: readonly string[],
): CollectedManifests | { readonly problem: string } {
  const found: Found = { files: [], passed: [] };
  for (const path of paths.length > 0 ? paths : ["."]) {
    const problem = path === "-" ? readStdin(found) : gatherFrom(root, path, found);
    if (problem !== undefined) return { problem: `${path} cannot be read: ${problem}` };
  }
  return { files: unique(found.files), passed: found.passed };
}

/** A file that two of the paths lead to is one file. */
function unique(files: readonly SourceFile[]): readonly SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function readStdin({ files }: Found): string | undefined {
  try {
    files.push({ path: STDIN, text: readFileSync(0, "utf8") });
    return undefined;
  } catch (cause) {
    return describeFileError(cause);
  }
}

/** The manifests at a path, or what is wrong with it. Links are not followed: what they lead to is read where it is. */
function gatherFrom(root: string, path: string, gathered: Found): string | undefined {
  const clean = path
    .replaceAll("\\", "/")
    .replace(/^\.\/(?=.)/, "")
    .replace(/(?<=.)\/+$/, "");
  try {
    const whole = clean.startsWith("/") ? clean : join(root, clean);
    const stats = lstatSync(whole);
    if (stats.isDirectory()) walk(root, clean === "." ? "" : clean, gathered);
    else read(root, clean, gathered, Number.POSITIVE_INFINITY);
    return undefined;
  } catch (cause) {
    return describeFileError(cause);
  }
}

function walk(root: string, folder: string, gathered: Found): void {
  const entries = readdirSync(resolvePath(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) walk(root, path, gathered);
    else if (entry.isFile() && WANTED.test(entry.name)) attempt(root, path, gathered);
  }
}

/** One file that cannot be read is no reason to look at none. */
function attempt(root: string, path: string, gathered: Found): void {
  try {
    read(root, path, gathered);
  } catch {
    gathered.passed.push(path);
  }
}

function read(root: string, path: string, { files, passed }: Found, most = BYTES_MAX): void {
  const bytes = readFileSync(resolvePath(root, path));
  if (bytes.length > most) passed.push(path);
  else files.push({ path, text: bytes.toString("utf8") });
}

export function resolvePath(root: string, path: string): string {
  return path.startsWith("/") ? path : join(root, path);
}
