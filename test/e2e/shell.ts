import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";

/** What a command left behind. `code` is null where a signal ended it. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds after which the command is killed; default 60,000. */
  readonly timeout?: number;
}

/** Runs a command without a shell and returns what it left behind, whatever its exit code. */
export function attempt(command: string, args: readonly string[], options: Options = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ? { ...process.env, ...options.env } : process.env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeout ?? 60_000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}

/** Runs a command that must succeed and returns its stdout; throws with both outputs where it does not. */
export async function run(command: string, args: readonly string[], options: Options = {}): Promise<string> {
  const outcome = await attempt(command, args, options);
  if (outcome.code !== 0) {
    const output = [outcome.stderr, outcome.stdout].map((text) => text.trim()).filter(Boolean);
    throw new Error(`${command} ${args.join(" ").slice(0, 300)}: exit ${outcome.code}: ${output.join("\n")}`);
  }
  return outcome.stdout;
}

/** Starts a long-running command with both outputs in a log file. */
export function start(command: string, args: readonly string[], log: string): ChildProcess {
  const file = openSync(log, "a");
  return spawn(command, [...args], { stdio: ["ignore", file, file] });
}

/** Waits that many milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks until the answer is true; false where the time (milliseconds) ran out. */
export async function until(ask: () => Promise<boolean>, timeout: number, every = 100): Promise<boolean> {
  const end = performance.now() + timeout;
  while (performance.now() < end) {
    if (await ask()) return true;
    await sleep(every);
  }
  return ask();
}

/** Maps with at most `width` calls under way; results stand in the order of the items. */
export async function pool<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
