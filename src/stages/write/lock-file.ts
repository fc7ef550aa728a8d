import { WRITE_LOCK } from "./changes.ts";
import type { Disk } from "./disk.ts";

/** Identifies this process to another one that finds it at work. */
export interface LockHolder {
  readonly id: number;
  isAlive(id: number): boolean;
}

/** Takes the output folder for this process, or says who has it. What a dead process held is taken over. */
export function acquireLock(disk: Disk, out: string, process: LockHolder): string | undefined {
  const path = `${out}/${WRITE_LOCK}`;
  for (let tries = 0; tries < 2; tries++) {
    try {
      disk.claim(path, String(process.id));
      return undefined;
    } catch (cause) {
      if ((cause as { code?: string }).code !== "EEXIST") throw cause;
    }
    const text = disk.claimed(path);
    if (!/^[1-9]\d*$/.test(text)) return "nobody knows which process";
    // A lock with our own number is left from before: in a container every run may have the same one.
    if (Number(text) !== process.id && process.isAlive(Number(text))) return `process ${text}`;
    if (!takeAway(disk, path, text, process.id)) break;
  }
  return "a process that took it at this moment";
}

/** Two processes may find the same dead one. The lock is moved aside first, so that only one of them takes it. */
function takeAway(disk: Disk, path: string, dead: string, id: number): boolean {
  const aside = `${path}.${id}`;
  try {
    disk.rename(path, aside);
  } catch (cause) {
    if ((cause as { code?: string }).code === "ENOENT") return false;
    throw cause;
  }
  if (disk.claimed(aside) === dead) {
    disk.remove(aside);
    return true;
  }
  disk.rename(aside, path);
  return false;
}

/** Removes what dead processes have left aside. */
export function removeStaleFiles(disk: Disk, out: string, aside: readonly string[], process: LockHolder): void {
  for (const path of aside) {
    const id = Number(path.slice(WRITE_LOCK.length + 1));
    if (Number.isSafeInteger(id) && id > 0 && !process.isAlive(id)) disk.remove(`${out}/${path}`);
  }
}

export function releaseLock(disk: Disk, out: string): void {
  try {
    disk.remove(`${out}/${WRITE_LOCK}`);
  } catch {
    // A lock that cannot be removed names a process that is gone, which the next run takes over.
  }
}
