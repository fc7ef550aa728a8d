import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { loadRules } from "./rules.ts";

/** Larger than any manifest that people review. */
const SIZE_MAX = 4 * 1024 * 1024;

/** A file of the project as text, or why it cannot be one. `path` is relative to `root`. */
export function readText(root: string, path: string): SourceFile | Diagnostic {
  try {
    const whole = join(root, path);
    const stats = lstatSync(whole);
    if (stats.isSymbolicLink() && leaves(root, realpathSync(whole)))
      return loadRules.diagnose("link-leaves-project", undefined, { path });
    const target = stats.isSymbolicLink() ? statSync(whole) : stats;
    if (!target.isFile()) return loadRules.diagnose("not-a-file", undefined, { path, what: whatIs(target) });
    if (target.size > SIZE_MAX)
      return loadRules.diagnose("too-large", undefined, {
        path,
        size: `${(target.size / 1024 / 1024).toFixed(1)} MiB`,
      });
    return decode(path, readFileSync(whole));
  } catch (cause) {
    return loadRules.diagnose("unreadable", undefined, { path, why: reason(cause) });
  }
}

/** A failed call's reason in words. */
export function reason(cause: unknown): string {
  const code = (cause as { code?: string }).code ?? "";
  const words: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EPERM: "not permitted",
    ENOENT: "it does not exist",
    ELOOP: "its links go round in a circle",
    EIO: "the disk reports an error",
    ENOSPC: "the disk is full",
    EDQUOT: "the quota is used up",
    EROFS: "the file system is read-only",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of its path is no folder",
    EMFILE: "too many files are open",
    ENAMETOOLONG: "its name is too long",
  };
  if (!code) throw cause;
  return words[code] ?? code;
}

function leaves(root: string, real: string): boolean {
  const way = relative(realpathSync(root), real);
  return way.startsWith("..") || isAbsolute(way);
}

function whatIs(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function decode(path: string, bytes: Buffer): SourceFile | Diagnostic {
  const not = (what: string) => loadRules.diagnose("not-text", undefined, { path, what });
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return not("UTF-16");
  const text = bytes.toString("utf8");
  // Only a text that holds the replacement character can have had a bad byte: the second look is rare.
  if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes))
    return not(`damaged at byte ${badByte(bytes)}`);
  if (text.includes("\0")) return not("binary");
  return { path, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

/** Offset of the first byte that is not UTF-8. */
function badByte(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString("utf8"), "utf8");
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at++;
  return at;
}
