import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { type Sample, subjects } from "./subjects.ts";

/**
 * Runs random documents until the time is up: `npm run fuzz -- --seconds 3600 --seed 1`. A finding is an exception that is
 * no diagnostic, a second run with other bytes, or a document that takes too long. Each is made small and written to a
 * folder, and the rest goes on. Exit code 1 when there was one.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seconds: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const SLOW_MS = 2000;
const HANGS_MS = 20_000;
const BATCH = 200;

const folder = mkdtempSync(join(tmpdir(), "plumbline-fuzz-"));
const last = join(folder, "running.json");

/** A document that never comes back keeps this thread, so another one watches. */
const beat = new Int32Array(new SharedArrayBuffer(4));
new Worker(
  `const { workerData: { beat, last, hangs } } = require("node:worker_threads");
  let seen = -1, since = Date.now();
  setInterval(() => {
    const now = Atomics.load(beat, 0);
    if (now !== seen) { seen = now; since = Date.now(); }
    else if (Date.now() - since > hangs) { console.error("hangs: see " + last); process.kill(process.pid, "SIGKILL"); }
  }, 500).unref();`,
  { eval: true, workerData: { beat, last, hangs: HANGS_MS } },
).unref();

let done = 0;
let slowest = 0;
const findings = new Set<string>();

function attempt(sample: Sample): void {
  writeFileSync(last, JSON.stringify(sample.texts));
  Atomics.add(beat, 0, 1);
  const before = process.cpuUsage();
  sample.run();
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1000;
  slowest = Math.max(slowest, took);
  done++;
  if (took > SLOW_MS) throw new Error(`takes ${Math.round(took)} ms of the processor`);
}

/** What tells one finding from another: the words, and where in our code. */
function signature(cause: unknown): string {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const place = /(?:src|test)\/[\w./-]+:\d+/.exec(error.stack ?? "")?.[0] ?? "";
  return `${place} ${error.message.replace(/\d+/g, "N").slice(0, 60)}`;
}

function keep(sample: Sample, subject: string, seed: number, cause: unknown): void {
  const name = signature(cause);
  if (findings.has(name)) return;
  findings.add(name);
  const into = join(folder, `${subject}-${findings.size}`);
  for (const [path, text] of Object.entries(sample.texts)) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  }
  writeFileSync(join(into, "error.txt"), `${subject}, seed ${seed}\n${cause instanceof Error ? cause.stack : cause}\n`);
  console.log(`finding ${findings.size} in ${subject}, seed ${seed}: ${name}\n  ${into}`);
}

const started = Date.now();
const wanted = subjects.filter((one) => values.only === undefined || one.name === values.only);
const over = () =>
  values.seconds === undefined ? done >= Number(values.runs) : Date.now() - started > Number(values.seconds) * 1000;
for (let seed = Number(values.seed); !over(); seed++)
  for (const { name, documents } of wanted) {
    const known = new Set(findings);
    const property = fc.property(documents, (sample) => {
      try {
        attempt(sample);
      } catch (cause) {
        // What was found before is not looked for again.
        if (!known.has(signature(cause))) throw cause;
      }
    });
    const result = fc.check(property, { numRuns: BATCH, seed, interruptAfterTimeLimit: 120_000 });
    if (result.failed && result.counterexample) keep(result.counterexample[0], name, seed, result.errorInstance);
    if (over()) break;
  }
console.log(
  `${done} documents in ${Math.round((Date.now() - started) / 1000)} s, from seed ${values.seed}; the slowest took ${Math.round(slowest)} ms; ${findings.size} findings`,
);
process.exitCode = findings.size > 0 ? 1 : 0;
