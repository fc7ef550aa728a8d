import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { mergeThreeWay } from "../allocation/lock/merge-three-way.ts";
import { describeFileError } from "../stages/file-error.ts";
import type { ExitCode, Io } from "./io.ts";

/**
 * What git runs for a lock that two branches changed: `%O %A %B` are the lock of what they come from, of the branch merged
 * into, and of the other one. The second file is written. Exit 1 is git's word for a conflict.
 */
export function runMergeDriver(files: readonly string[], io: Io): ExitCode {
  const [base, ours, theirs] = files;
  if (base === undefined || ours === undefined || theirs === undefined || files.length > 3) {
    io.err("plumbline: --merge takes no files, or three: %O %A %B of a git merge driver\n");
    return 2;
  }
  try {
    const read = (path: string) => ({ path, text: readFileSync(resolve(io.cwd, path), "utf8") });
    const merged = mergeThreeWay(read(base), read(ours), read(theirs));
    if (!merged) {
      io.err("plumbline: a lock of this merge cannot be read, so both sides are left to you\n");
      return 1;
    }
    writeFileSync(resolve(io.cwd, ours), merged.text);
    if (!merged.conflict) return 0;
    io.err("plumbline: both branches gave out the same value; run plumbline compile --merge\n");
    return 1;
  } catch (cause) {
    io.err(`plumbline: the locks of this merge cannot be read or written: ${describeFileError(cause)}\n`);
    return 2;
  }
}
