import type { SourceFile } from "../source/source-file.ts";
import { readBlockYaml } from "./read-block-yaml.ts";

const kept = new WeakMap<SourceFile, readonly unknown[]>();

/**
 * What `readBlockYaml` gives for a file. A file is read by two who know nothing of each other, to compile it and to prove
 * what it lets through: the second is handed what the first one's reading gave, and then it is let go. Nobody changes it.
 */
export function readCached(file: SourceFile): readonly unknown[] | undefined {
  const known = kept.get(file);
  if (known) {
    kept.delete(file);
    return known;
  }
  const read = readBlockYaml(file.text);
  if (read) kept.set(file, read);
  return read;
}
