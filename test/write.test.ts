import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { loadProjectFiles } from "../src/stages/1-load.ts";
import { writeOutput } from "../src/stages/10-write.ts";
import { type Disk, disk } from "../src/stages/write/disk.ts";
import { pageProject } from "./page-project.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-write-"));
  put(pageProject(""));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const process = { id: 4242, isAlive: () => false };

function compileHere(on: Disk = disk) {
  const { inputs, project } = loadProjectFiles(root);
  if (!inputs || !project) throw new Error("the test's project does not load");
  const compiled = compile(inputs);
  return writeOutput(root, project, compiled, { clusters: undefined, process, disk: on });
}

/** Everything below the folder but the inputs. */
function state(): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const all = paths.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
  return Object.fromEntries(
    all
      .filter((path) => /^(out|plumbline\.lock)/.test(path))
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

/** One more zone, and one less file: something is added, changed and removed. */
function changeIntents(): void {
  const all = readFileSync(join(root, "intents/all.yaml"), "utf8");
  writeFileSync(
    join(root, "intents/all.yaml"),
    all.replace("name: corp", "name: office").replace("vlan: 110", "vlan: 111"),
  );
}

test("what is written is what was compiled, and a second run changes nothing", () => {
  expect(compileHere().changed.length).toBeGreaterThan(5);
  const first = state();
  expect(Object.keys(first).some((path) => path.includes(".plumbline"))).toBe(false);
  expect(compileHere().changed).toEqual([]);
  expect(state()).toEqual(first);
});

test("only its own files are removed", () => {
  compileHere();
  writeFileSync(join(root, "out/main/notes.txt"), "mine\n");
  changeIntents();
  const { changed, diagnostics } = compileHere();
  expect(changed.filter((one) => one.how === "removed").map((one) => one.path)).toEqual(["out/main/zones/corp.yaml"]);
  expect(diagnostics.map((one) => one.code)).toEqual(["write/stranger"]);
  expect(readFileSync(join(root, "out/main/notes.txt"), "utf8")).toBe("mine\n");
});

test("a stranger's file is never overwritten", () => {
  mkdirSync(join(root, "out/main/zones"), { recursive: true });
  writeFileSync(join(root, "out/main/zones/pci.yaml"), "mine: true\n");
  const before = state();
  expect(compileHere().diagnostics.map((one) => one.code)).toEqual(["write/not-ours"]);
  expect(state()).toEqual(before);
});

test("a file that was changed by hand is written again, and that is said", () => {
  compileHere();
  const path = join(root, "out/main/zones/pci.yaml");
  const before = readFileSync(path, "utf8");
  writeFileSync(path, `${before}# edited\n`);
  expect(compileHere().diagnostics.map((one) => one.code)).toEqual(["write/edited"]);
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("an output whose inventory has conflict markers is still its own", () => {
  compileHere();
  const before = state();
  const path = join(root, "out/main/inventory.json");
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace('  "files": [\n', '  "files": [\n<<<<<<< HEAD\n=======\n>>>>>>> feature\n'),
  );
  expect(compileHere().diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  expect(state()).toEqual(before);
});

test("another process at work is waited for by a person, not overrun", () => {
  compileHere();
  writeFileSync(join(root, "out/.plumbline.lock"), "77");
  changeIntents();
  const { inputs, project } = loadProjectFiles(root);
  if (!inputs || !project) throw new Error("the test's project does not load");
  const result = writeOutput(root, project, compile(inputs), {
    clusters: undefined,
    process: { id: 1, isAlive: (id) => id === 77 },
  });
  expect(result.diagnostics.map((one) => one.code)).toEqual(["write/in-use"]);
  // The holder is gone: its lock is taken over.
  expect(compileHere().changed.length).toBeGreaterThan(0);
});

class Killed extends Error {}

/** A disk that fails at its n-th change: as an error that the program sees, or as a kill that it does not. */
function failing(at: number, how: "error" | "kill"): { readonly disk: Disk; readonly reached: () => boolean } {
  let count = 0;
  let dead = false;
  const guard =
    <Arguments extends unknown[], Result>(call: (...values: Arguments) => Result) =>
    (...values: Arguments): Result => {
      // After a kill nothing runs any more, not even what tidies up.
      if (dead) throw new Killed();
      if (++count === at) {
        dead = how === "kill";
        if (how === "kill") throw new Killed();
        throw Object.assign(new Error("no space"), { code: "ENOSPC", path: values[0] });
      }
      return call(...values);
    };
  const made: Disk = {
    ...disk,
    write: guard(disk.write),
    rename: guard(disk.rename),
    remove: guard(disk.remove),
    removeFolder: guard(disk.removeFolder),
    removeTree: guard(disk.removeTree),
    makeFolder: guard(disk.makeFolder),
  };
  return { disk: made, reached: () => count >= at };
}

for (const how of ["error", "kill"] as const)
  test(`at every step, ${how === "kill" ? "a kill" : "a full disk"} leaves the old set, or the next run has the new one`, () => {
    compileHere();
    const old = state();
    changeIntents();
    compileHere();
    const wanted = state();
    let steps = 0;
    for (let at = 1; ; at++) {
      rmSync(join(root, "out"), { recursive: true });
      put(new Map(Object.entries(old)));
      const broken = failing(at, how);
      try {
        compileHere(broken.disk);
      } catch (cause) {
        if (!(cause instanceof Killed)) throw cause;
      }
      if (!broken.reached()) break;
      steps++;
      const left = state();
      const own = Object.fromEntries(Object.entries(left).filter(([path]) => !path.includes(".plumbline")));
      const journal = Object.keys(left).some((path) => path.endsWith(".plumbline-journal.json"));
      // Before the journal stands, nothing has changed; after it, the next run finishes.
      if (!journal && JSON.stringify(own) !== JSON.stringify(wanted)) expect(own, `step ${at}`).toEqual(old);
      compileHere();
      expect(state(), `after step ${at}`).toEqual(wanted);
    }
    expect(steps).toBeGreaterThan(15);
  });
