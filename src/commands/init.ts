import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, posix, resolve } from "node:path";
import { reason } from "../stages/reason.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { starter } from "./starter.ts";

/** Files that a repository often has already, and that a project works without. */
const DISPENSABLE = ".gitattributes";

/** A small working project, with comments. Never overwrites anything. */
export function init(folder: string | undefined, common: Common, io: Io): ExitCode {
  const root = resolve(common.root, folder ?? ".");
  const base = folder !== undefined && isAbsolute(folder) ? "" : common.folder;
  const shown = (path: string) => posix.join(base, folder ?? "", path);
  const there = Object.keys(starter).filter((path) => existsSync(join(root, path)));
  const blocking = there.filter((path) => path !== DISPENSABLE).map(shown);
  if (blocking.length > 0) {
    const are = blocking.length === 1 ? "is" : "are";
    io.err(`plumbline: ${blocking.join(", ")} ${are} there already; nothing was written\n`);
    return 1;
  }
  try {
    for (const [path, text] of Object.entries(starter)) {
      if (there.includes(path)) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { flag: "wx" });
      io.out(`${shown(path)}\n`);
    }
  } catch (cause) {
    io.err(`plumbline: the project cannot be written: ${reason(cause)}\n`);
    return 1;
  }
  const where = shown("").replace(/\/$/, "");
  io.err(`Next: plumbline ${where === "" || where === "." ? "" : `-C ${where} `}compile\n`);
  return 0;
}
