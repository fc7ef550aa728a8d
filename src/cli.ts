import { runProgram } from "./commands/program.ts";

/** A reader that went away (`plumbline … | head`) is no error. The run ends as it would have: wrong intents still exit 1. */
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EPIPE") throw cause;
  });

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

const io = {
  cwd: process.cwd(),
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  outTerminal: process.stdout.isTTY === true,
  columns: process.stderr.isTTY ? process.stderr.columns : process.stdout.isTTY ? process.stdout.columns : undefined,
  process: { id: process.pid, isAlive },
  now: () => Date.now(),
  // Made only when asked for: standard input is opened then.
  get streams() {
    return { input: process.stdin, output: process.stdout };
  },
  onInterrupt: (end: () => void) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  },
};

runProgram(process.argv.slice(2), io, {
  noColor: (process.env.NO_COLOR ?? "") !== "" || process.env.TERM === "dumb",
}).then((exit) => {
  process.exitCode = exit;
});
