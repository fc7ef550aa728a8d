import { statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { countValues } from "../../yaml/too-long.ts";
import { MIB, placeOfPath, type SizeLimit } from "./read-text.ts";
import { loadRules } from "./rules.ts";

/** Of all files of a project but its lock: eight times the bytes of a hundred thousand intents, and nearly three times the lines. */
export const ALL_MAX: SizeLimit = { bytes: 256 * MIB, values: 5_000_000 };

export interface TotalSize {
  /** What the files' sizes alone say, before any is read. */
  readonly tooLarge: Diagnostic | undefined;
  /** Counts the values of a text that was read; what is wrong once they are too many. */
  count(text: string): Diagnostic | undefined;
}

/** Bounds what a run reads: each file has a bound of its own, but nothing else bounds how many there are. */
export function checkTotalSize(root: string, project: string, paths: readonly string[], most: SizeLimit): TotalSize {
  let bytes = 0;
  for (const path of paths) bytes += sizeOf(join(root, path));
  let values = 0;
  const refused = (size: string, limit: string): Diagnostic =>
    loadRules.diagnose("too-much", placeOfPath(project), { files: paths.length, size, most: limit });
  return {
    tooLarge:
      bytes > most.bytes
        ? refused(`${(bytes / MIB).toFixed(1)} MiB`, `${(most.bytes / MIB).toFixed(0)} MiB`)
        : undefined,
    count(text) {
      // No text has more values than bytes, and most projects have fewer bytes than the limit of values.
      if (bytes <= most.values || values > most.values) return undefined;
      values += countValues(text);
      if (values <= most.values) return undefined;
      const limit = most.values.toLocaleString("en");
      return refused(`more than ${limit} lines and commas`, limit);
    },
  };
}

/** What cannot be looked at is for the reader to refuse. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
