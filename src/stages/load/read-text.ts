import { isUtf8 } from "node:buffer";
import { readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { placeAtFile, type TextPlace } from "../../source/place.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { countValues } from "../../yaml/too-long.ts";
import { describeFileError } from "../file-error.ts";
import type { PathLocation } from "./path-location.ts";
import { loadRules } from "./rules.ts";

export const MIB = 1024 * 1024;

/** The most that is read of a file. */
export interface SizeLimit {
  readonly bytes: number;
  /** Lines and commas: what bounds time and memory. */
  readonly values: number;
}

/** Larger than any manifest that people review. */
const MANIFEST_MAX: SizeLimit = { bytes: 4 * MIB, values: 100_000 };

/** The lock of a hundred thousand intents. It is written by machine, and read by the fast reader alone. */
export const LOCK_MAX: SizeLimit = { bytes: 64 * MIB, values: 1_500_000 };

/** A file of the project as text, or why it cannot be one. `path` is relative to `root`. */
export function readText(
  root: string,
  path: string,
  whereabouts: (path: string) => PathLocation,
  most: SizeLimit = MANIFEST_MAX,
): SourceFile | Diagnostic {
  const place = placeOfPath(path);
  try {
    const where = whereabouts(path);
    if (where !== "inside")
      return loadRules.diagnose(where === "link" ? "link-leaves-project" : "outside-project", place, { path });
    const stats = statSync(join(root, path));
    if (!stats.isFile()) return loadRules.diagnose("not-a-file", place, { path, what: whatIs(stats) });
    if (stats.size > most.bytes) {
      const size = `${(stats.size / MIB).toFixed(1)} MiB`;
      return loadRules.diagnose("too-large", place, { path, size, most: `${most.bytes / MIB} MiB` });
    }
    const file = decode(path, readFileSync(join(root, path)));
    const values = "text" in file ? countValues(file.text) : 0;
    if (values <= most.values) return file;
    const size = `${values.toLocaleString("en")} lines and commas`;
    return loadRules.diagnose("too-large", place, { path, size, most: most.values.toLocaleString("en") });
  } catch (cause) {
    return loadRules.diagnose("unreadable", place, { path, why: describeFileError(cause) });
  }
}

/** A file as a whole, for one whose text is not to be had. */
export function placeOfPath(path: string): TextPlace {
  return placeAtFile({ path, text: "" });
}

function whatIs(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function decode(path: string, bytes: Buffer): SourceFile | Diagnostic {
  const not = (what: string, place = placeOfPath(path)) => loadRules.diagnose("not-text", place, { path, what });
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return not("UTF-16");
  if (bytes.includes(0)) return not("binary");
  const text = bytes.toString("utf8");
  const file = { path, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
  if (isUtf8(bytes)) return file;
  const { byte, index } = firstBadByte(bytes, text);
  const start = index - (text.length - file.text.length);
  return not(`damaged at byte ${byte}`, { file, start, end: start + 1 });
}

/** The first byte that is not UTF-8, and where it stands in the text that decoding gave in its place. */
function firstBadByte(bytes: Buffer, text: string): { readonly byte: number; readonly index: number } {
  let byte = 0;
  let done = 0;
  for (let index = text.indexOf("\ufffd"); index !== -1; index = text.indexOf("\ufffd", index + 1)) {
    byte += Buffer.byteLength(text.slice(done, index));
    // The replacement character itself may stand in a text.
    if (!(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)) return { byte, index };
    done = index;
  }
  throw new Error("a text that is not UTF-8 has no byte that says so");
}
