import type { SourceFile } from "../../source/source-file.ts";

export interface MergedLock {
  readonly file: SourceFile;
  /** Keys that came with the other branch: where two values collide, these give way. */
  readonly losers: readonly string[];
}

const ENTRY = /^ {2}([^\s:]+(?::[^\s:]+)*): (.+)$/;

/**
 * A lock with git's conflict markers as one lock: all entries of both sides, those of the branch merged into first.
 * Works on lines, since a lock has one entry on each. A lock without markers is itself.
 */
export function mergeConflictMarkers(file: SourceFile): MergedLock {
  const lines = file.text.split(/\r?\n/);
  if (!lines.some((line) => /^<{7}( |$)/.test(line))) return { file, losers: [] };
  const kept: string[] = [];
  const theirs: { readonly section: string; readonly line: string }[] = [];
  let side: "both" | "ours" | "base" | "theirs" = "both";
  let section = "entries";
  for (const line of lines) {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    if (/^<{7}( |$)/.test(line)) side = "ours";
    else if (/^\|{7}( |$)/.test(line)) side = "base";
    else if (/^={7}$/.test(line) && side !== "both") side = "theirs";
    else if (/^>{7}( |$)/.test(line)) side = "both";
    else if (side === "theirs") theirs.push({ section, line });
    else if (side !== "base") kept.push(line);
  }
  const ours = new Set(kept.flatMap((line) => ENTRY.exec(line)?.[1] ?? []));
  const added = theirs.filter(({ line }) => {
    const key = ENTRY.exec(line)?.[1];
    return key !== undefined && !ours.has(key);
  });
  const linesOf = (fixed: boolean) =>
    added.filter((one) => (one.section === "fixed") === fixed).map(({ line }) => line);
  const text = withLines(withLines(kept, "entries", linesOf(false)), "fixed", linesOf(true)).join("\n");
  return {
    file: { path: file.path, text },
    losers: linesOf(false).map((line) => ENTRY.exec(line)?.[1] as string),
  };
}

/** Lines below the head of a section, which is made where there is none. */
function withLines(lines: readonly string[], section: string, added: readonly string[]): readonly string[] {
  if (added.length === 0) return lines;
  const at = lines.findIndex((line) => line.startsWith(`${section}:`));
  if (at < 0) return [...lines.slice(0, lines.at(-1) === "" ? -1 : undefined), `${section}:`, ...added, ""];
  const head = lines.slice(0, at).concat(`${section}:`);
  return [...head, ...added, ...lines.slice(at + 1)];
}
