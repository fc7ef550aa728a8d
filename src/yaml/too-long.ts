import type { SourceFile } from "../source/source-file.ts";

/** As much as the `yaml` package composes in about a second, within memory that a pipeline has. */
const VALUES_MAX = 40_000;
const CHARACTERS_MAX = 2 * 1024 * 1024;

/** An upper bound of how many values a text holds: none stands without a line end or a comma behind the one before it. */
export function countValues(text: string): number {
  let count = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x2c) count++;
  }
  return count;
}

const known = new WeakMap<SourceFile, boolean>();

/** Whether a file is read by the fast reader or not at all, and never composed whole to find a place in it. */
export function isTooLong(file: SourceFile): boolean {
  const before = known.get(file);
  if (before !== undefined) return before;
  const long = file.text.length > CHARACTERS_MAX || countValues(file.text) > VALUES_MAX;
  known.set(file, long);
  return long;
}

/** A document of a long file, as a file of its own. */
export interface LongFilePart {
  /** Whether it is composed to find a place in it: the first documents of a file are, as many as the slower reader reads. */
  readonly composed: boolean;
  readonly alone: SourceFile;
  /** Where it starts in the long file. */
  readonly start: number;
}

const divided = new WeakMap<SourceFile, readonly LongFilePart[]>();

/**
 * The documents of a long file that hold anything. A line that starts with `---` separates documents wherever it stands, in
 * scalars too (YAML 1.2.2, 9.1.2).
 */
export function splitLongFile(file: SourceFile): readonly LongFilePart[] {
  const before = divided.get(file);
  if (before) return before;
  const starts = [0, ...Array.from(file.text.matchAll(/^---(?=\s|$)/gm), (marker) => marker.index)];
  const parts: LongFilePart[] = [];
  let values = 0;
  for (const [at, start] of starts.entries()) {
    const text = file.text.slice(start, starts[at + 1]);
    if (!holdsAnything(text)) continue;
    values += countValues(text);
    parts.push({
      start,
      alone: { path: file.path, text },
      composed: values <= VALUES_MAX && text.length <= CHARACTERS_MAX,
    });
  }
  divided.set(file, parts);
  return parts;
}

function holdsAnything(text: string): boolean {
  return /^(?!#|%|\.\.\.(?:\s|$))[ \t]*[^\s#]/m.test(text.replace(/^---/, "   "));
}
