import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { reason } from "../stages/reason.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { starter } from "./starter.ts";

/** A small working project, with comments. Never overwrites anything. */
export function init(folder: string | undefined, common: Common, io: Io): ExitCode {
  const root = folder === undefined ? common.root : join(common.root, folder);
  const there = Object.keys(starter).filter((path) => existsSync(join(root, path)));
  if (there.length > 0) {
    io.err(`plumbline: ${there.join(", ")} ${there.length === 1 ? "is" : "are"} there already; nothing was written\n`);
    return 1;
  }
  try {
    for (const [path, text] of Object.entries(starter)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { flag: "wx" });
      io.out(`${path}\n`);
    }
  } catch (cause) {
    io.err(`plumbline: the project cannot be written: ${reason(cause)}\n`);
    return 1;
  }
  io.err(`Next: plumbline ${folder === undefined ? "" : `-C ${folder} `}compile\n`);
  return 0;
}
