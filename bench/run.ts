// npm run bench : measures everything that bench/README.md says, in one run, and writes it.
// npm run bench -- --quick : the same with fewer rounds and smaller peers, and without 100,000 intents.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contestant, type Measured, race } from "./measure.ts";
import { cdk8s, kustomize } from "./peers.ts";
import { type Mixture, writeProject, zoneText } from "./project.ts";
import { type Figures, report } from "./report.ts";

const BUNDLE = join(import.meta.dirname, "../dist/plumbline.js");
const FLOOR = join(import.meta.dirname, "floor.mjs");
const quick = process.argv.includes("--quick");

const nothing: Contestant = { name: "node -e 0", argv: ["-e", "0"] };

/** Works in a folder of a project of so many intents, which is gone afterwards. */
function within<Value>(count: number, mixture: Mixture, work: (root: string) => Value): Value {
  const root = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  try {
    writeProject(root, count, mixture);
    return work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const remove = (...paths: readonly string[]) => {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
};

const compile = (root: string): Contestant => ({ name: "plumbline", argv: [BUNDLE, "-C", root, "--quiet", "compile"] });

/** Nothing is there yet: no output and no lock. */
const cold = (root: string): Contestant => ({
  ...compile(root),
  before: () => remove(join(root, "out"), join(root, "plumbline.lock.yaml")),
});

const floor = (root: string): Contestant => {
  const copy = join(root, "copy");
  return { name: "floor", argv: [FLOOR, root, join(root, "out"), copy], before: () => remove(copy) };
};

function size(root: string): { readonly files: number; readonly objects: number; readonly bytes: number } {
  const paths = readdirSync(join(root, "out"), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const inventory = readFileSync(join(root, "out/main/inventory.json"), "utf8");
  const bytes = paths.reduce((sum, one) => sum + readFileSync(join(one.parentPath, one.name)).length, 0);
  return { files: paths.length, objects: inventory.match(/"intent":/g)?.length ?? 0, bytes };
}

function scale(count: number, mixture: Mixture): Figures["scale"][number] {
  return within(count, mixture, (root) => {
    // In each round the floor copies what the one before it has written.
    const rounds = count >= 100_000 ? 1 : count >= 10_000 ? (quick ? 1 : 3) : 9;
    const [ours, least, empty] = race([cold(root), floor(root), nothing], rounds) as [Measured, Measured, Measured];
    const written = size(root);
    say(`${count} ${mixture}: ${ours.seconds.toFixed(2)} s, floor ${least.seconds.toFixed(2)} s`);
    return { count, mixture, ...written, ours, least, empty };
  });
}

/** One zone's MTU changes, and all is compiled again, beside a program that only reads the intents and workloads. */
function changed(count: number): Figures["changed"] {
  return within(count, "mixed", (root) => {
    race([cold(root)], 1);
    let turn = 0;
    const change = () => writeFileSync(join(root, "intents/zone-0.yaml"), zoneText(0, 1400 + turn++));
    const reading: Contestant = { name: "reading", argv: [FLOOR, root] };
    const [ours, least] = race([{ ...compile(root), before: change }, reading], quick ? 1 : 3) as [Measured, Measured];
    say(`one of ${count} changed: ${ours.seconds.toFixed(2)} s, reading ${least.seconds.toFixed(2)} s`);
    return { count, ours, least };
  });
}

function against(
  count: number,
  make: (root: string, count: number) => Contestant,
  rounds: number,
): Figures["peers"][number] {
  return within(count, "zones", (root) => {
    race([cold(root)], 1);
    const { objects } = size(root);
    const peer = make(root, count);
    const [ours, theirs] = race([cold(root), peer], rounds) as [Measured, Measured];
    say(`${count} zones: ${ours.seconds.toFixed(2)} s, ${peer.name} ${theirs.seconds.toFixed(2)} s`);
    return { name: peer.name, count, objects, ours, theirs };
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const start = race([nothing, { name: "--help", argv: [BUNDLE, "--help"] }], 15) as [Measured, Measured];
const figures: Figures = {
  quick,
  start: { empty: start[0], help: start[1] },
  scale: [
    scale(100, "mixed"),
    scale(1_000, "mixed"),
    scale(10_000, "mixed"),
    scale(1_000, "woven"),
    scale(10_000, "woven"),
    ...(quick ? [] : [scale(100_000, "mixed")]),
  ],
  changed: changed(10_000),
  peers: quick
    ? [against(200, kustomize, 1), against(10_000, cdk8s, 1)]
    : [against(1_000, kustomize, 1), against(10_000, cdk8s, 2)],
};
const text = report(figures);
writeFileSync(join(import.meta.dirname, "README.md"), text);
process.stdout.write(text);
