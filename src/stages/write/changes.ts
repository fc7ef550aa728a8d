import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { OutputFile } from "../../ir/compiled.ts";
import type { Disk } from "./disk.ts";
import {
  explainUnreadable,
  hashText,
  INVENTORY,
  isInventory,
  isMarkedGenerated,
  readManagedFiles,
} from "./managed-files.ts";
import { writeRules } from "./rules.ts";

/** What writing would do. Paths are below `out`. */
export interface Changes {
  readonly write: readonly (OutputFile & { readonly isNew: boolean })[];
  readonly remove: readonly string[];
  /** Locks that processes moved aside (hold.ts); one that was killed at that moment leaves its behind. */
  readonly aside: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Names that writing itself uses in the output folder. */
export const STAGING = ".plumbline-staging";
export const JOURNAL = ".plumbline-journal.json";
export const WRITE_LOCK = ".plumbline.lock";

/**
 * Compares what shall be there with what is there. `clusters`: the folders that are looked at; undefined = all. `lock`:
 * where the lock is, should it stand in the output too.
 * Nothing that plumbline did not write is ever overwritten or removed.
 */
export function computeChanges(
  disk: Disk,
  out: string,
  files: readonly OutputFile[],
  clusters: readonly string[] | undefined,
  lock: string,
): Changes {
  const listed = disk.exists(out) ? disk.list(out) : [];
  const all = listed.filter((path) => !isOwnName(path) && `${out}/${path}` !== lock);
  const present = clusters ? all.filter((path) => clusters.includes(path.split("/")[0] as string)) : all;
  const owned = readManagedFiles(disk, out, present);
  const wanted = new Map(files.map((file) => [file.path, file]));
  const here = new Set(present);
  const diagnostics: Diagnostic[] = [];
  const write: (OutputFile & { isNew: boolean })[] = [];
  const foreign = new Set<string>();
  /** Inventories, and why: without one nobody knows who wrote the rest. */
  const unread = new Map<string, string>();
  for (const file of files) {
    if (!here.has(file.path)) {
      const isFolder = disk.isFolder(`${out}/${file.path}`);
      if (isFolder && isInventory(file.path)) {
        unread.set(file.path, "it is a folder");
        continue;
      }
      const blocking = isFolder ? file.path : foldersOf(file.path).find((one) => here.has(one));
      if (blocking !== undefined) foreign.add(blocking);
      write.push({ ...file, isNew: true });
      continue;
    }
    const text = disk.read(`${out}/${file.path}`).toString("utf8");
    if (text === file.text) continue;
    const why = isInventory(file.path) ? explainUnreadable(text) : undefined;
    if (why !== undefined) {
      unread.set(file.path, why);
      continue;
    }
    const known = owned.get(file.path);
    // An empty file is nobody's work; a power cut may leave one.
    if (text !== "" && !owned.has(file.path) && !isMarkedGenerated(text)) foreign.add(file.path);
    else if (known !== undefined && hashText(text) !== known)
      diagnostics.push(writeRules.diagnose("edited", undefined, { path: file.path }));
    write.push({ ...file, isNew: false });
  }
  for (const [path, why] of unread)
    diagnostics.push(writeRules.diagnose("unreadable-inventory", undefined, { path, why }));
  for (const path of foreign) diagnostics.push(writeRules.diagnose("not-ours", undefined, { path }));
  const remove: string[] = [];
  for (const path of present) {
    if (wanted.has(path)) continue;
    if (owned.has(path)) remove.push(path);
    else if (!foreign.has(path) && !unread.has(inventoryOf(path)))
      diagnostics.push(writeRules.diagnose("stranger", undefined, { path }));
  }
  return { write, remove, aside: listed.filter((path) => path.startsWith(`${WRITE_LOCK}.`)), diagnostics };
}

function inventoryOf(path: string): string {
  return `${path.slice(0, path.indexOf("/"))}/${INVENTORY}`;
}

/** The folders that a path needs. What is listed under such a name is a file, or a link that leads who knows where. */
function foldersOf(path: string): readonly string[] {
  const steps = path.split("/");
  return steps.slice(1).map((_step, index) => steps.slice(0, index + 1).join("/"));
}

function isOwnName(path: string): boolean {
  return path.startsWith(`${STAGING}/`) || path === JOURNAL || path.startsWith(WRITE_LOCK);
}
