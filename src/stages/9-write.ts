import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { Compiled } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { reason } from "./reason.ts";
import { type Changes, changesIn, WRITE_LOCK } from "./write/changes.ts";
import { type Disk, disk as realDisk } from "./write/disk.ts";
import { writeRules } from "./write/rules.ts";
import { repair, transact } from "./write/transaction.ts";

export interface Written {
  /** Paths relative to the project, sorted, each with what happened to it. */
  readonly changed: readonly { readonly path: string; readonly how: "added" | "changed" | "removed" }[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface WriteOptions {
  /** Only these clusters' folders are looked at; undefined = all. */
  readonly clusters: readonly string[] | undefined;
  /** Identifies this process to another one that finds it at work. */
  readonly process: { readonly id: number; isAlive(id: number): boolean };
  readonly disk?: Disk;
}

/** What compiling would change, without changing it. */
export function stale(
  root: string,
  project: Project,
  compiled: Compiled,
  options: Pick<WriteOptions, "clusters" | "disk">,
): Written {
  const disk = options.disk ?? realDisk;
  const changes = changesIn(disk, `${root}/${project.out}`, compiled.files, options.clusters);
  return { changed: listed(disk, root, project, compiled, changes), diagnostics: changes.diagnostics };
}

/** Writes all or nothing: files that did not change are not touched, and nothing of a stranger's is. */
export function write(root: string, project: Project, compiled: Compiled, options: WriteOptions): Written {
  const disk = options.disk ?? realDisk;
  const out = `${root}/${project.out}`;
  const notes: Diagnostic[] = [];
  let held = false;
  try {
    disk.makeFolder(out);
    const other = takeLock(disk, out, options);
    if (other !== undefined)
      return { changed: [], diagnostics: [writeRules.diagnose("in-use", undefined, { who: other })] };
    held = true;
    const what = repair(disk, root, project.out);
    if (what !== undefined) notes.push(writeRules.diagnose("repaired", undefined, { what }));
    const changes = changesIn(disk, out, compiled.files, options.clusters);
    const diagnostics = [...notes, ...changes.diagnostics];
    if (hasErrors(diagnostics)) return { changed: [], diagnostics };
    const changed = listed(disk, root, project, compiled, changes);
    if (changed.length > 0) {
      const files = changes.write.map((file) => ({ path: `${project.out}/${file.path}`, text: file.text }));
      const lock = changed.some((one) => one.path === project.lock)
        ? [{ path: project.lock, text: compiled.lock as string }]
        : [];
      transact(
        disk,
        root,
        project.out,
        [...files, ...lock],
        changes.remove.map((path) => `${project.out}/${path}`),
      );
    }
    return { changed, diagnostics };
  } catch (cause) {
    return {
      changed: [],
      diagnostics: [
        ...notes,
        writeRules.diagnose("failed", undefined, { path: failedPath(cause, root), why: reason(cause) }),
      ],
    };
  } finally {
    if (held) releaseLock(disk, out);
  }
}

function listed(disk: Disk, root: string, project: Project, compiled: Compiled, changes: Changes): Written["changed"] {
  const lock = `${root}/${project.lock}`;
  const before = disk.exists(lock) ? disk.read(lock).toString("utf8") : undefined;
  const lockChange =
    before === compiled.lock
      ? []
      : [{ path: project.lock, how: before === undefined ? ("added" as const) : ("changed" as const) }];
  return [
    ...changes.write.map((one) => ({
      path: `${project.out}/${one.path}`,
      how: one.isNew ? ("added" as const) : ("changed" as const),
    })),
    ...changes.remove.map((path) => ({ path: `${project.out}/${path}`, how: "removed" as const })),
    ...lockChange,
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Who holds the output folder, or undefined once it is ours. A lock whose process is gone is taken over. */
function takeLock(disk: Disk, out: string, { process }: WriteOptions): string | undefined {
  const path = `${out}/${WRITE_LOCK}`;
  for (let tries = 0; tries < 2; tries++) {
    try {
      disk.write(path, String(process.id), "fresh");
      return undefined;
    } catch (cause) {
      if ((cause as { code?: string }).code !== "EEXIST") throw cause;
      const holder = Number(disk.read(path).toString("utf8"));
      if (process.isAlive(holder)) return `process ${holder}`;
      disk.remove(path);
    }
  }
  return "a process that keeps taking the lock";
}

function releaseLock(disk: Disk, out: string): void {
  try {
    disk.remove(`${out}/${WRITE_LOCK}`);
  } catch {
    // A lock that cannot be removed names a process that is gone, which the next run takes over.
  }
}

function failedPath(cause: unknown, root: string): string {
  const path = (cause as { dest?: string; path?: string }).dest ?? (cause as { path?: string }).path ?? "the output";
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
