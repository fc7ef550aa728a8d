import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeProject, zoneText } from "./project.ts";

const BUNDLE = join(import.meta.dirname, "..", "dist", "plumbline.js");
const FLOOR = join(import.meta.dirname, "floor.mjs");
const sizes = process.argv.slice(2).map(Number).filter(Boolean);
const counts = sizes.length > 0 ? sizes : [100, 1_000, 10_000];

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Wall time and peak memory of a whole process: the median of some runs. */
function measure(runs: number, argv: readonly string[], before: () => void = () => undefined): Measured {
  const all = Array.from({ length: runs }, () => {
    before();
    const started = process.hrtime.bigint();
    const result = spawnSync("node", argv, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (result.status !== 0) throw new Error(`node ${argv.join(" ")} failed: ${result.stderr.slice(0, 500)}`);
    return seconds;
  }).sort((a, b) => a - b);
  return { seconds: all[all.length >> 1] as number, mebibytes: peak(argv, before) };
}

/** Peak resident memory, by the kernel's own count of the finished child. */
function peak(argv: readonly string[], before: () => void): number {
  before();
  const script = `import resource,subprocess,sys\nsubprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`;
  const result = spawnSync("python3", ["-c", script, "node", ...argv], { encoding: "utf8" });
  return result.status === 0 ? Number(result.stdout.trim()) / 1024 : Number.NaN;
}

const rows: string[] = [];
const say = (line: string) => {
  console.log(line);
  rows.push(line);
};

const empty = measure(11, ["-e", "0"]);
const help = measure(11, [BUNDLE, "--help"]);
say(
  `node -e 0: ${(empty.seconds * 1000).toFixed(0)} ms, ${empty.mebibytes.toFixed(0)} MiB; --help: ${(help.seconds / empty.seconds).toFixed(2)} × that (goal 1.4)`,
);
say("");
say(
  "| intents | files written | floor | plumbline, cold | of the floor | of node -e 0 | peak | one intent changed, of reading | growth |",
);
say("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
let last: { readonly count: number; readonly seconds: number } | undefined;
for (const count of counts) {
  const root = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  try {
    writeProject(root, count, "mixed");
    const runs = count >= 10_000 ? 3 : 5;
    const clean = () => {
      rmSync(join(root, "out"), { recursive: true, force: true });
      rmSync(join(root, "plumbline.lock.yaml"), { force: true });
    };
    const cold = measure(runs, [BUNDLE, "-C", root, "--quiet", "compile"], clean);
    const written = readdirSync(join(root, "out"), { recursive: true, encoding: "utf8" }).filter((path) =>
      statSync(join(root, "out", path)).isFile(),
    ).length;
    const copy = join(root, "copy");
    const floor = measure(runs, [FLOOR, root, join(root, "out"), copy], () =>
      rmSync(copy, { recursive: true, force: true }),
    );
    rmSync(copy, { recursive: true, force: true });
    const reading = measure(runs, [FLOOR, root]);
    let turn = 0;
    const changed = measure(runs, [BUNDLE, "-C", root, "--quiet", "compile"], () => {
      writeFileSync(join(root, "intents/zone-0.yaml"), zoneText(0, 1400 + turn++));
    });
    const growth = last ? `${(cold.seconds / last.seconds).toFixed(1)} × for ${count / last.count} ×` : "";
    say(
      `| ${count} | ${written} | ${floor.seconds.toFixed(2)} s | ${cold.seconds.toFixed(2)} s | ${(cold.seconds / floor.seconds).toFixed(1)} × | ${(cold.seconds / empty.seconds).toFixed(1)} × | ${cold.mebibytes.toFixed(0)} MiB | ${(changed.seconds / reading.seconds).toFixed(1)} × | ${growth} |`,
    );
    last = { count, seconds: cold.seconds };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
