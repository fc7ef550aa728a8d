import type { SourceFile } from "../source/source-file.ts";

export interface MergedLock {
  readonly file: SourceFile;
  /** Keys that came with the other branch: where two values collide, these give way. */
  readonly yielding: readonly string[];
}

const ENTRY = /^ {2}([^\s:]+(?::[^\s:]+)*): (.+)$/;

/**
 * A lock with git's conflict markers as one lock: all entries of both sides, those of the branch merged into first.
 * Works on lines, since a lock has one entry on each. A lock without markers is itself.
 */
export function mergeLock(file: SourceFile): MergedLock {
  const lines = file.text.split(/\r?\n/);
  if (!lines.some((line) => /^<{7}( |$)/.test(line))) return { file, yielding: [] };
  const kept: string[] = [];
  const theirs: string[] = [];
  let side: "both" | "ours" | "base" | "theirs" = "both";
  for (const line of lines) {
    if (/^<{7}( |$)/.test(line)) side = "ours";
    else if (/^\|{7}( |$)/.test(line)) side = "base";
    else if (/^={7}$/.test(line) && side !== "both") side = "theirs";
    else if (/^>{7}( |$)/.test(line)) side = "both";
    else if (side === "theirs") theirs.push(line);
    else if (side !== "base") kept.push(line);
  }
  const ours = new Set(kept.flatMap((line) => ENTRY.exec(line)?.[1] ?? []));
  const added = theirs.filter((line) => {
    const key = ENTRY.exec(line)?.[1];
    return key !== undefined && !ours.has(key);
  });
  const at = kept.findIndex((line) => line.startsWith("entries:"));
  const head = kept.slice(0, at + 1).map((line) => (line === "entries: {}" ? "entries:" : line));
  const text = [...head, ...added, ...kept.slice(at + 1)].join("\n");
  return { file: { path: file.path, text }, yielding: added.map((line) => ENTRY.exec(line)?.[1] as string) };
}
