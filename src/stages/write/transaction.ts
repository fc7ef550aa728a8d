import { JOURNAL, STAGING } from "./changes.ts";
import type { Disk } from "./disk.ts";

/** Steps that turn the old set into the new one once everything is staged. Paths are relative to the project. */
export interface Journal {
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  readonly removes: readonly string[];
}

/**
 * Everything is written beside the old set first. Then the journal is put down, and from that moment the new set counts:
 * whoever comes next can finish the moves. Before it, the old set counts, and what was staged is thrown away.
 */
export function transact(
  disk: Disk,
  root: string,
  out: string,
  files: readonly { readonly path: string; readonly text: string }[],
  removes: readonly string[],
): void {
  const staging = `${root}/${out}/${STAGING}`;
  disk.removeTree(staging);
  disk.makeFolder(staging);
  const moves = files.map((file, index) => {
    const from = `${out}/${STAGING}/${index}`;
    disk.write(`${root}/${from}`, file.text);
    return { from, to: file.path };
  });
  const journal: Journal = { moves, removes };
  disk.write(`${staging}/journal`, JSON.stringify(journal), "synced");
  disk.rename(`${staging}/journal`, `${root}/${out}/${JOURNAL}`);
  finish(disk, root, out, journal);
}

function finish(disk: Disk, root: string, out: string, journal: Journal): void {
  const made = new Set<string>();
  for (const { from, to } of journal.moves) {
    if (!disk.exists(`${root}/${from}`)) continue;
    const folder = `${root}/${to.slice(0, Math.max(0, to.lastIndexOf("/")))}`;
    if (!made.has(folder)) disk.makeFolder(folder);
    made.add(folder);
    disk.rename(`${root}/${from}`, `${root}/${to}`);
  }
  for (const path of journal.removes) if (disk.exists(`${root}/${path}`)) disk.remove(`${root}/${path}`);
  for (const path of journal.removes) dropEmptyFolders(disk, root, out, path);
  disk.removeTree(`${root}/${out}/${STAGING}`);
  disk.remove(`${root}/${out}/${JOURNAL}`);
}

function dropEmptyFolders(disk: Disk, root: string, out: string, path: string): void {
  for (let folder = parent(path); folder.length > out.length; folder = parent(folder)) {
    if (!disk.exists(`${root}/${folder}`) || disk.list(`${root}/${folder}`).length > 0) return;
    disk.removeFolder(`${root}/${folder}`);
  }
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Finishes or undoes what an earlier run left; says which, or undefined when there was nothing. */
export function repair(disk: Disk, root: string, out: string): string | undefined {
  const journal = `${root}/${out}/${JOURNAL}`;
  if (disk.exists(journal)) {
    finish(disk, root, out, JSON.parse(disk.read(journal).toString("utf8")) as Journal);
    return "what it had begun to write is now written";
  }
  if (!disk.exists(`${root}/${out}/${STAGING}`)) return undefined;
  disk.removeTree(`${root}/${out}/${STAGING}`);
  return "it had changed nothing; its leftovers are gone";
}
