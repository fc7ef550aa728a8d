import { STAGING } from "./changes.ts";

/** Steps that turn the old set into the new one once everything is staged. Paths are relative to the project. */
export interface Journal {
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  readonly removes: readonly string[];
}

/**
 * Where the lock is staged: beside itself, not with the output. The output may be on a file system of its own, and a
 * rename does not cross from one to another.
 */
export function formatStagedLockPath(lock: string): string {
  return `${lock}.plumbline-tmp`;
}

export function formatJournal(journal: Journal): string {
  return JSON.stringify(journal);
}

/**
 * Undefined where the text is none of ours: a journal comes with the folder, so it may come from a stranger, and must
 * not be able to move or remove anything but the output and the lock.
 */
export function readJournal(text: string, out: string, lock: string): Journal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { moves, removes } = (value ?? {}) as { moves?: unknown; removes?: unknown };
  if (!Array.isArray(moves) || !Array.isArray(removes)) return undefined;
  const staged = `${out}/${STAGING}/`;
  const movesAreOurs = moves.every((one: unknown) => {
    const { from, to } = (one ?? {}) as { from?: unknown; to?: unknown };
    return to === lock ? from === formatStagedLockPath(lock) : isBelow(from, staged) && isBelow(to, `${out}/`);
  });
  return movesAreOurs && removes.every((path) => isBelow(path, `${out}/`)) ? { moves, removes } : undefined;
}

function isBelow(path: unknown, folder: string): path is string {
  if (typeof path !== "string" || !path.startsWith(folder)) return false;
  return path
    .slice(folder.length)
    .split("/")
    .every((step) => step !== "" && step !== "." && step !== "..");
}
