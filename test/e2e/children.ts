import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { projectRoot } from "./ground.ts";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Starts a script of the suite in network, mount and process namespaces of its own. Temporary files go to the folder of
 * the job, the second argument: sockets in /tmp named after a process number would meet those of other namespaces.
 */
export function startInside(script: string, args: readonly string[]) {
  const TMPDIR = String(args[1]);
  mkdirSync(TMPDIR, { recursive: true });
  const tsx = join(projectRoot, "node_modules/.bin/tsx");
  return spawn("bash", [join(here, "enter.sh"), tsx, join(here, script), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, TMPDIR },
  });
}

/** Runs a script inside and hands over each line it prints; resolves when it has ended. */
export async function runInside(
  script: string,
  args: readonly string[],
  line: (text: string) => void,
): Promise<number | null> {
  const child = startInside(script, args);
  createInterface({ input: child.stdout }).on("line", line);
  return new Promise((resolve) => child.on("close", resolve));
}
