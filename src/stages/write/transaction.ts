import { JOURNAL, STAGING } from "./changes.ts";
import type { Disk } from "./disk.ts";
import { formatJournal, formatStagedLockPath, type Journal, readJournal } from "./journal.ts";
import { INVENTORY } from "./managed-files.ts";

/** Where a transaction takes place. `out` and `lock` are relative to `root`. */
export interface WritePaths {
  readonly root: string;
  readonly out: string;
  readonly lock: string;
}

/**
 * Everything is written beside the old set first. Then the journal is put down, and from that moment the new set counts:
 * whoever comes next can finish the moves. Before it, the old set counts, and what was staged is thrown away. So what
 * can be known to fail has to fail before it. Only what cannot be made again is synced: an inventory says what is ours,
 * the lock says what was given out.
 */
export function runTransaction(
  disk: Disk,
  { root, out, lock }: WritePaths,
  files: readonly { readonly path: string; readonly text: string }[],
  removes: readonly string[],
): void {
  const staging = `${root}/${out}/${STAGING}`;
  disk.removeTree(staging);
  disk.removeTree(`${root}/${formatStagedLockPath(lock)}`);
  disk.makeFolder(staging);
  disk.makeFolder(`${root}/${parent(lock)}`);
  const moves = files.map((file, index) => {
    const from = file.path === lock ? formatStagedLockPath(lock) : `${out}/${STAGING}/${index}`;
    const precious = file.path === lock || file.path.endsWith(`/${INVENTORY}`);
    disk.write(`${root}/${from}`, file.text, precious ? "synced" : "plain");
    return { from, to: file.path };
  });
  mayChangeAll(disk, root, [...moves.map((one) => one.to), ...removes]);
  const journal: Journal = { moves, removes };
  disk.write(`${staging}/journal`, formatJournal(journal), "synced");
  disk.rename(`${staging}/journal`, `${root}/${out}/${JOURNAL}`);
  finish(disk, root, out, journal);
}

/** Fails for the first folder, or the lowest one above it that exists, whose names may not be changed. */
function mayChangeAll(disk: Disk, root: string, paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths)
    for (let folder = parent(path); !seen.has(folder); folder = parent(folder)) {
      seen.add(folder);
      if (!disk.exists(`${root}/${folder}`)) continue;
      disk.mayChange(`${root}/${folder}`);
      break;
    }
}

function finish(disk: Disk, root: string, out: string, journal: Journal): void {
  const made = new Set<string>();
  for (const { from, to } of journal.moves) {
    if (!disk.exists(`${root}/${from}`)) continue;
    const folder = `${root}/${parent(to)}`;
    if (!made.has(folder)) disk.makeFolder(folder);
    made.add(folder);
    disk.rename(`${root}/${from}`, `${root}/${to}`);
  }
  for (const path of journal.removes) if (disk.exists(`${root}/${path}`)) disk.remove(`${root}/${path}`);
  dropEmptyFolders(disk, root, out, journal.removes);
  disk.removeTree(`${root}/${out}/${STAGING}`);
  disk.remove(`${root}/${out}/${JOURNAL}`);
}

/** The folders below `out` that the removed files stood in, lowest first, as far as they hold nothing any more. */
function dropEmptyFolders(disk: Disk, root: string, out: string, removed: readonly string[]): void {
  const folders = new Set<string>();
  for (const path of removed)
    for (let folder = parent(path); folder.length > out.length && !folders.has(folder); folder = parent(folder))
      folders.add(folder);
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    try {
      disk.removeFolder(`${root}/${folder}`);
    } catch (cause) {
      // Something else stands in it, or an earlier run has come so far.
      if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes((cause as { code?: string }).code ?? "")) throw cause;
    }
  }
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/**
 * Finishes or undoes what an earlier run left. `undefined` when there was nothing; `foreign` when what lies there is no
 * journal of ours, and nothing was touched.
 */
export function repairTransaction(
  disk: Disk,
  { root, out, lock }: WritePaths,
): { readonly done: string } | { readonly foreign: string } | undefined {
  const path = `${out}/${JOURNAL}`;
  if (disk.exists(`${root}/${path}`)) {
    const journal = readJournal(disk.read(`${root}/${path}`).toString("utf8"), out, lock);
    if (!journal) return { foreign: path };
    finish(disk, root, out, journal);
    return { done: "what it had begun to write is now written" };
  }
  const leftovers = [`${root}/${out}/${STAGING}`, `${root}/${formatStagedLockPath(lock)}`].filter((one) =>
    disk.exists(one),
  );
  if (leftovers.length === 0) return undefined;
  for (const one of leftovers) disk.removeTree(one);
  return { done: "it had changed nothing; its leftovers are gone" };
}
