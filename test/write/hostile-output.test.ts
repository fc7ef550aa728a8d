import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Compiled } from "../../src/ir/compiled.ts";
import type { Project } from "../../src/ir/project.ts";
import { findStale, type WriteOptions, writeOutput } from "../../src/stages/10-write.ts";
import { type Disk, disk } from "../../src/stages/write/disk.ts";
import { hashText } from "../../src/stages/write/managed-files.ts";

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plumbline-hostile-"));
  root = join(folder, "project");
  put("project/plumbline.yaml", "");
  put("precious.txt", "precious\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const project = { out: "./out/", lock: "plumbline.lock.yaml" } as Project;
const alone: WriteOptions = { clusters: undefined, process: { id: 4242, isAlive: () => false } };

/** A compiled project of the given files, with the inventory that belongs to them. */
function compiled(files: Readonly<Record<string, string>>): Compiled {
  const rows = Object.entries(files).map(([path, text]) => `    {"path":"${path}","hash":"${hashText(text)}"}`);
  const inventory = `{\n  "version": 1,\n  "files": [\n${rows.join(",\n")}\n  ]\n}\n`;
  const all = { ...files, "inventory.json": inventory };
  const output = Object.entries(all).map(([path, text]) => ({ path: `main/${path}`, text }));
  return { project, files: output, lock: "version: 1\n", plans: [], instances: new Map(), diagnostics: [] };
}

const zone = compiled({ "zones/pci.yaml": "a: 1\n" });
const codes = (result: { readonly diagnostics: readonly { readonly code: string }[] }) =>
  result.diagnostics.map((one) => one.code);

/** Every file below the folder beside the project and the project itself, links not followed. */
function state(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

test.each([
  ["removes what is outside", { moves: [], removes: ["out/../../precious.txt"] }],
  ["removes by an absolute path", { moves: [], removes: ["/etc/hostname"] }],
  ["removes an input", { moves: [], removes: ["plumbline.yaml"] }],
  ["moves over an input", { moves: [{ from: "out/.plumbline-staging/0", to: "plumbline.yaml" }], removes: [] }],
  ["takes from outside", { moves: [{ from: "../precious.txt", to: "out/main/a.yaml" }], removes: [] }],
  ["leaves the staging", { moves: [{ from: "out/.plumbline-staging/../x", to: "out/main/a.yaml" }], removes: [] }],
  ["is of another shape", { moves: [null], removes: [3] }],
  ["is a list", []],
  ["is nothing", null],
])("a journal that %s is not followed", (_what, journal) => {
  put("project/out/.plumbline-journal.json", JSON.stringify(journal));
  put("project/out/.plumbline-staging/0", "staged\n");
  const before = state();
  expect(codes(writeOutput(root, project, zone, alone))).toEqual(["write/foreign-journal"]);
  expect(state()).toEqual(before);
});

test("a torn journal is not followed", () => {
  put("project/out/.plumbline-journal.json", '{"moves":[');
  expect(codes(writeOutput(root, project, zone, alone))).toEqual(["write/foreign-journal"]);
});

test("an output that leads out of the project is not written to", () => {
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync(join(folder, "elsewhere"), join(root, "out"));
  expect(codes(writeOutput(root, project, zone, alone))).toEqual(["write/leaves-project"]);
  expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
  rmSync(join(root, "out"));
  symlinkSync(join(folder, "elsewhere"), join(root, "locks"));
  const far = { ...project, lock: "locks/plumbline.lock.yaml" };
  expect(codes(writeOutput(root, far, zone, alone))).toEqual(["write/leaves-project"]);
  expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
});

test.each(["main", "main/zones"])("a link at out/%s is not written through", (path) => {
  mkdirSync(join(folder, "elsewhere"));
  mkdirSync(dirname(join(root, "out", path)), { recursive: true });
  symlinkSync(join(folder, "elsewhere"), join(root, "out", path));
  const result = writeOutput(root, project, zone, alone);
  expect(result.diagnostics.map((one) => one.message)).toEqual([
    `\`${path}\` is in the output folder, but plumbline did not write it`,
  ]);
  expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
});

test("a file where a folder is needed, and a folder where a file is, are refused before anything is touched", () => {
  put("project/out/main/zones", "mine\n");
  const before = state();
  expect(codes(writeOutput(root, project, zone, alone))).toEqual(["write/not-ours"]);
  expect(state()).toEqual(before);
  rmSync(join(root, "out"), { recursive: true });
  put("project/out/main/zones/pci.yaml/mine.txt", "mine\n");
  expect(codes(writeOutput(root, project, zone, alone))).toEqual(["write/not-ours", "write/stranger"]);
});

test("an inventory of somebody else is not overwritten, and an empty one is", () => {
  put("project/out/main/inventory.json", '{"hosts": ["db1"]}\n');
  expect(codes(writeOutput(root, project, zone, alone))).toEqual(["write/not-ours"]);
  put("project/out/main/inventory.json", "");
  expect(codes(writeOutput(root, project, zone, alone))).toEqual([]);
});

test.each([
  ["no JSON", '{"version": 1, "files": [', "it is no JSON"],
  ["laid out anew", '{"version": 1, "files": []}\n', "it is laid out in another way than plumbline does"],
  ["a folder", undefined, "it is a folder"],
])("an inventory that cannot be read is told as that, and alone: %s", (_name, text, why) => {
  const inventory = "project/out/main/inventory.json";
  put(text === undefined ? `${inventory}/x` : inventory, text ?? "mine\n");
  put("project/out/main/old.yaml", "kind: Old\n");
  const found = writeOutput(root, project, zone, alone);
  expect(found.changed).toEqual([]);
  expect(found.diagnostics.map((one) => `${one.code}: ${one.message}`)).toEqual([
    `write/unreadable-inventory: \`main/inventory.json\` cannot be read, so what plumbline wrote there is not known: ${why}`,
  ]);
});

test("an inventory cannot claim what lies outside", () => {
  put(
    "project/out/main/inventory.json",
    '{\n  "version": 1,\n    {"path":"../../../precious.txt","hash":"0000000000000000"}\n',
  );
  expect(codes(writeOutput(root, project, zone, alone))).toEqual([]);
  expect(state()["precious.txt"]).toBe("precious\n");
});

test("files that did not change are not touched", () => {
  writeOutput(root, project, zone, alone);
  const path = join(root, "out/main/zones/pci.yaml");
  const before = statSync(path).ino;
  const more = compiled({ "zones/pci.yaml": "a: 1\n", "zones/corp.yaml": "b: 1\n" });
  const { changed } = writeOutput(root, project, more, alone);
  expect(changed).toEqual([
    { path: "out/main/inventory.json", how: "changed" },
    { path: "out/main/zones/corp.yaml", how: "added" },
  ]);
  expect(statSync(path).ino).toBe(before);
});

test("folders go with their last file, and only then", () => {
  const both = compiled({ "zones/a/x.yaml": "a: 1\n", "zones/b/y.yaml": "b: 1\n" });
  writeOutput(root, project, both, alone);
  put("project/out/main/zones/b/notes.txt", "mine\n");
  writeOutput(root, project, compiled({ "kustomization.yaml": "c: 1\n" }), alone);
  expect(readdirSync(join(root, "out/main/zones"))).toEqual(["b"]);
  expect(readdirSync(join(root, "out/main/zones/b"))).toEqual(["notes.txt"]);
});

test("a cluster that is gone takes its folder with it; one that was left out of the run stays", () => {
  const two = {
    ...zone,
    files: [...zone.files, ...zone.files.map((one) => ({ ...one, path: `west${one.path.slice(4)}` }))],
  };
  writeOutput(root, project, two, alone);
  expect(writeOutput(root, project, zone, { ...alone, clusters: ["main"] }).changed).toEqual([]);
  expect(writeOutput(root, project, zone, alone).changed.map((one) => one.how)).toEqual(["removed", "removed"]);
  expect(readdirSync(join(root, "out"))).toEqual(["main"]);
});

test("a lock that names nobody, or a living process, is respected; a dead one's is taken over", () => {
  const options = (isAlive: boolean): WriteOptions => ({ ...alone, process: { id: 1, isAlive: () => isAlive } });
  put("project/out/.plumbline.lock", "");
  expect(codes(writeOutput(root, project, zone, options(false)))).toEqual(["write/in-use"]);
  put("project/out/.plumbline.lock", "77");
  expect(writeOutput(root, project, zone, options(true)).diagnostics[0]?.message).toBe(
    "another plumbline is writing here (process 77)",
  );
  expect(codes(writeOutput(root, project, zone, options(false)))).toEqual([]);
  expect(readdirSync(join(root, "out"))).toEqual(["main"]);
});

test("what a process had moved aside when it was killed is removed once it is gone", () => {
  const options = (isAlive: boolean): WriteOptions => ({ ...alone, process: { id: 1, isAlive: () => isAlive } });
  put("project/out/.plumbline.lock.77", "66");
  put("project/out/.plumbline.lock.mine", "a stranger's");
  writeOutput(root, project, zone, options(true));
  expect(readdirSync(join(root, "out"))).toEqual([".plumbline.lock.77", ".plumbline.lock.mine", "main"]);
  writeOutput(root, project, zone, options(false));
  expect(readdirSync(join(root, "out"))).toEqual([".plumbline.lock.mine", "main"]);
});

test("of two that find the same dead process, one gets the lock", () => {
  put("project/out/.plumbline.lock", "77");
  // Between our look at the lock and our move of it, another process takes it over.
  let first = true;
  const raced: Disk = {
    ...disk,
    rename(from, to) {
      if (first && from.endsWith(".plumbline.lock")) writeFileSync(from, "88");
      first = false;
      disk.rename(from, to);
    },
  };
  const result = writeOutput(root, project, zone, { ...alone, disk: raced });
  expect(codes(result)).toEqual(["write/in-use"]);
  expect(readFileSync(join(root, "out/.plumbline.lock"), "utf8")).toBe("88");
});

test.each([
  ["EACCES", "permission denied"],
  ["ENOSPC", "the disk is full"],
  ["EIO", "the disk reports an error"],
  ["EROFS", "the file system is read-only"],
])("%s is said in words", (code, words) => {
  const failing: Disk = {
    ...disk,
    write(path, text, how) {
      if (path.endsWith("/0")) throw Object.assign(new Error(code), { code, path });
      disk.write(path, text, how);
    },
    list() {
      throw Object.assign(new Error(code), { code, path: `${root}/out/main` });
    },
  };
  const messages = (result: { readonly diagnostics: readonly { readonly message: string }[] }) =>
    result.diagnostics.map((one) => one.message);
  expect(messages(writeOutput(root, project, zone, { ...alone, disk: { ...failing, list: disk.list } }))).toEqual([
    `\`out/.plumbline-staging/0\` cannot be written: ${words}`,
  ]);
  expect(messages(findStale(root, project, zone, { clusters: undefined, disk: failing }))).toEqual([
    `\`out/main\` cannot be compared with what would be written: ${words}`,
  ]);
});

test("what is no failure of the disk is a defect, and is not hidden", () => {
  const broken: Disk = {
    ...disk,
    list() {
      throw new TypeError("ours");
    },
  };
  expect(() => writeOutput(root, project, zone, { ...alone, disk: broken })).toThrow("ours");
  expect(readdirSync(join(root, "out"))).toEqual([]);
});

test("looking for what is stale writes nothing", () => {
  writeOutput(root, project, zone, alone);
  put("project/plumbline.lock.yaml", "version: 0\n");
  const before = state();
  const next = compiled({ "zones/corp.yaml": "b: 1\n" });
  expect(findStale(root, project, next, { clusters: undefined }).changed).toEqual([
    { path: "out/main/inventory.json", how: "changed" },
    { path: "out/main/zones/corp.yaml", how: "added" },
    { path: "out/main/zones/pci.yaml", how: "removed" },
    { path: "plumbline.lock.yaml", how: "changed" },
  ]);
  expect(state()).toEqual(before);
});
