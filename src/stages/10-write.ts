import { dirname, posix, relative } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { Compiled } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { describeFileError } from "./file-error.ts";
import { type Changes, computeChanges, JOURNAL } from "./write/changes.ts";
import { type Disk, disk as realDisk } from "./write/disk.ts";
import { acquireLock, type LockHolder, releaseLock, removeStaleFiles } from "./write/lock-file.ts";
import { writeRules } from "./write/rules.ts";
import { repairTransaction, runTransaction, type WritePaths } from "./write/transaction.ts";

export interface Written {
  /** Paths relative to the project, sorted, each with what happened to it. */
  readonly changed: readonly { readonly path: string; readonly how: "added" | "changed" | "removed" }[];
  readonly diagnostics: readonly Diagnostic[];
  /**
   * `unfinished`: it failed when the new set counted already; the next run finishes it. `outdated`: the lock is not what
   * was compiled with any more, so nothing was written; compile again.
   */
  readonly state?: "unfinished" | "outdated";
}

export interface WriteOptions {
  /** Only these clusters' folders are looked at; undefined = all. */
  readonly clusters: readonly string[] | undefined;
  readonly process: LockHolder;
  /** The lock that was compiled with: what another process has given out meanwhile is not thrown away. */
  readonly from?: { readonly lock: string | undefined };
  readonly disk?: Disk;
}

/** What compiling would change, without changing it. */
export function findStale(
  root: string,
  project: Project,
  compiled: Compiled,
  options: Pick<WriteOptions, "clusters" | "disk">,
): Written {
  const disk = options.disk ?? realDisk;
  const ground = groundOf(root, project);
  try {
    const changes = computeChanges(
      disk,
      `${root}/${ground.out}`,
      compiled.files,
      options.clusters,
      `${root}/${ground.lock}`,
    );
    return { changed: listChanged(disk, ground, compiled, changes), diagnostics: changes.diagnostics };
  } catch (cause) {
    return nothing([
      writeRules.diagnose("unreadable", undefined, { path: failedPath(cause, root), why: describeFileError(cause) }),
    ]);
  }
}

/** Writes all or nothing: files that did not change are not touched, and nothing of a stranger's is. */
export function writeOutput(root: string, project: Project, compiled: Compiled, options: WriteOptions): Written {
  const disk = options.disk ?? realDisk;
  const ground = groundOf(root, project);
  const out = `${root}/${ground.out}`;
  let held = false;
  try {
    const leaving = [ground.out, posix.dirname(ground.lock)].find((path) => leaves(disk, root, path));
    if (leaving !== undefined) return nothing([writeRules.diagnose("leaves-project", undefined, { path: leaving })]);
    disk.makeFolder(out);
    const who = acquireLock(disk, out, options.process);
    if (who !== undefined) return nothing([writeRules.diagnose("in-use", undefined, { who })]);
    held = true;
    return writeHeld(disk, ground, compiled, options);
  } catch (cause) {
    const unfinished = held && disk.exists(`${out}/${JOURNAL}`);
    const extra = unfinished ? { help: "mend that and compile again: it finishes what this run has begun" } : {};
    const failed = { path: failedPath(cause, root), why: describeFileError(cause) };
    return {
      ...nothing([writeRules.diagnose("failed", undefined, failed, extra)]),
      ...(unfinished && { state: "unfinished" }),
    };
  } finally {
    if (held) releaseLock(disk, out);
  }
}

function nothing(diagnostics: readonly Diagnostic[]): Written {
  return { changed: [], diagnostics };
}

/** `./out/` and `out` are the same folder. */
function groundOf(root: string, project: Project): WritePaths {
  const plain = (path: string) => posix.normalize(path).replace(/(?<=.)\/+$/, "");
  return { root, out: plain(project.out), lock: plain(project.lock) };
}

function writeHeld(disk: Disk, ground: WritePaths, compiled: Compiled, options: WriteOptions): Written {
  const { clusters, from } = options;
  const { root, out, lock } = ground;
  const repaired = repairTransaction(disk, ground);
  if (repaired && "foreign" in repaired)
    return nothing([writeRules.diagnose("foreign-journal", undefined, { path: repaired.foreign })]);
  const notes = repaired ? [writeRules.diagnose("repaired", undefined, { what: repaired.done })] : [];
  if (from && lockText(disk, ground) !== from.lock) return { ...nothing(notes), state: "outdated" };
  const changes = computeChanges(disk, `${root}/${out}`, compiled.files, clusters, `${root}/${lock}`);
  removeStaleFiles(disk, `${root}/${out}`, changes.aside, options.process);
  const diagnostics = [...notes, ...changes.diagnostics];
  if (hasErrors(diagnostics)) return nothing(diagnostics);
  const changed = listChanged(disk, ground, compiled, changes);
  if (changed.length === 0) return { changed, diagnostics };
  const files = changes.write.map((file) => ({ path: `${out}/${file.path}`, text: file.text }));
  const locks = changed.some((one) => one.path === lock) ? [{ path: lock, text: compiled.lock as string }] : [];
  const removes = changes.remove.map((path) => `${out}/${path}`);
  runTransaction(disk, ground, [...files, ...locks], removes);
  return { changed, diagnostics };
}

/** As loading gives it: without a byte order mark. */
function lockText(disk: Disk, { root, lock }: WritePaths): string | undefined {
  if (!disk.exists(`${root}/${lock}`)) return undefined;
  return disk
    .read(`${root}/${lock}`)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}

function listChanged(
  disk: Disk,
  { root, out, lock }: WritePaths,
  compiled: Compiled,
  changes: Changes,
): Written["changed"] {
  const before = disk.exists(`${root}/${lock}`) ? disk.read(`${root}/${lock}`).toString("utf8") : undefined;
  const how = (isNew: boolean) => (isNew ? ("added" as const) : ("changed" as const));
  return [
    ...changes.write.map((one) => ({ path: `${out}/${one.path}`, how: how(one.isNew) })),
    ...changes.remove.map((path) => ({ path: `${out}/${path}`, how: "removed" as const })),
    ...(before === compiled.lock ? [] : [{ path: lock, how: how(before === undefined) }]),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a folder, or the lowest folder above it that exists, is outside the project once links are followed. */
function leaves(disk: Disk, root: string, path: string): boolean {
  let whole = posix.join(root, path);
  while (whole !== root && !disk.exists(whole)) whole = dirname(whole);
  const way = relative(disk.real(root), disk.real(whole));
  return way === ".." || way.startsWith("../");
}

function failedPath(cause: unknown, root: string): string {
  const path = (cause as { dest?: string; path?: string }).dest ?? (cause as { path?: string }).path ?? "the output";
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
