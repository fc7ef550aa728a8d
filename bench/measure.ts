import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A whole process that is measured. */
export interface Contestant {
  readonly name: string;
  /** Arguments of node; or of a program, where `program` says which. */
  readonly argv: readonly string[];
  readonly program?: string;
  /** Makes the ground ready; not measured. */
  readonly before?: () => void;
}

export interface Sample {
  readonly seconds: number;
  /** Processor time, of all threads. */
  readonly cpu: number;
  /** Peak resident memory. */
  readonly mebibytes: number;
}

export interface Measured {
  readonly samples: readonly Sample[];
  /** Medians. */
  readonly seconds: number;
  readonly cpu: number;
  readonly mebibytes: number;
}

/**
 * Wall time, processor time and peak memory of each, turn by turn: whatever else the machine does falls on all of them
 * alike. Of five rounds or more there is one before them that only warms the disk up, and does not count.
 */
export function race(contestants: readonly Contestant[], rounds: number): readonly Measured[] {
  const all = contestants.map((): Sample[] => []);
  for (let round = rounds >= 5 ? -1 : 0; round < rounds; round++)
    for (const [index, contestant] of contestants.entries()) {
      contestant.before?.();
      const sample = contestant.program ? ofProgram(contestant.program, contestant) : ofNode(contestant);
      if (round >= 0) all[index]?.push(sample);
    }
  return all.map((samples) => ({
    samples,
    seconds: median(samples.map((one) => one.seconds)),
    cpu: median(samples.map((one) => one.cpu)),
    mebibytes: median(samples.map((one) => one.mebibytes)),
  }));
}

/** How often the second goes into the first, round by round: the median, the lowest and the highest. */
export function ratio(one: Measured, other: Measured, of: "seconds" | "cpu" = "seconds") {
  const each = one.samples.map((sample, index) => sample[of] / (other.samples[index] as Sample)[of]);
  return { median: median(each), low: Math.min(...each), high: Math.max(...each) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function ofNode({ name, argv }: Contestant): Sample {
  const hook = join(import.meta.dirname, "usage.cjs");
  const started = process.hrtime.bigint();
  const done = spawnSync("node", ["--require", hook, ...argv], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (done.status !== 0) throw new Error(`${name} failed: ${String(done.stderr).slice(0, 1000)}`);
  const [cpu, mebibytes] = JSON.parse(String(done.output[3])) as [number, number];
  return { seconds, cpu, mebibytes };
}

/** Of what is no Node: by GNU time, where it is there. */
function ofProgram(program: string, { name, argv }: Contestant): Sample {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-time-"));
  try {
    const told = join(folder, "usage");
    const started = process.hrtime.bigint();
    const done = spawnSync("time", ["-f", "%U %S %M", "-o", told, program, ...argv], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (done.status !== 0) throw new Error(`${name} failed: ${done.error ?? String(done.stderr).slice(0, 1000)}`);
    const [user, system, kibibytes] = readFileSync(told, "utf8").trim().split(" ").map(Number) as [
      number,
      number,
      number,
    ];
    return { seconds, cpu: user + system, mebibytes: kibibytes / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
