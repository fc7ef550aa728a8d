import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plumbline-load-"));
  root = join(folder, "project");
  project("");
  put("intents/pci.yaml", "kind: IsolationZone\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function project(more: string): void {
  const head = "apiVersion: plumbline.dev/v1alpha1\nkind: Project\nmetadata: {name: demo}\nspec:\n";
  put("plumbline.yaml", `${head}  clusters: [{name: main}]\n${more}`);
}

function link(to: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(to, join(root, path));
}

function outsider(path: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "kind: IsolationZone\n");
  return join(folder, path);
}

const intentPaths = () => loadProjectFiles(root).inputs?.intents.map((one) => one.path);
const findings = () => formatFindings("concise", loadProjectFiles(root).diagnostics, { colour: false, version: "0" });

test("files come sorted, each once, without what is generated or foreign", () => {
  project(
    '  intents: ["**/*.yaml", "intents/*.yaml"]\n  workloads: ["apps/*.yaml"]\n  out: ./gen (1)/\n  lock: ./lock.yaml\n',
  );
  for (const path of [
    "intents/b.yaml",
    "intents/a.yaml",
    "node_modules/x/y.yaml",
    "gen (1)/main/zones/pci.yaml",
    ".git/config.yaml",
    "lock.yaml",
  ])
    put(path, "a: 1\n");
  expect(findings()).toBe("");
  expect(intentPaths()).toEqual(["intents/a.yaml", "intents/b.yaml", "intents/pci.yaml"]);
  expect(loadProjectFiles(root).inputs?.lock?.path).toBe("./lock.yaml");
});

test("a workload file belongs to the entry that gives it a namespace", () => {
  project(
    '  workloads: ["apps/**/*.yaml", {paths: ["apps/ledger/*.yaml"], namespace: ledger}, {paths: ["apps/**"], namespace: late}]\n',
  );
  put("apps/ledger/db.yaml", "a: 1\n");
  put("apps/web.yaml", "a: 1\n");
  expect(loadProjectFiles(root).inputs?.workloads.map((one) => [one.file.path, one.namespace])).toEqual([
    ["apps/ledger/db.yaml", "ledger"],
    ["apps/web.yaml", "late"],
  ]);
});

test("templates are named from their own folder on", () => {
  project("  templates: ./templates/\n");
  put("templates/multus/network.hbs", "x");
  put("templates/notes.txt", "x");
  expect(loadProjectFiles(root).inputs?.templates.map((one) => [one.name, one.file.path])).toEqual([
    ["multus/network", "templates/multus/network.hbs"],
  ]);
});

test("a byte order mark is no part of the text", () => {
  put("intents/pci.yaml", "\ufeffkind: A\n");
  expect(loadProjectFiles(root).inputs?.intents[0]?.text).toBe("kind: A\n");
});

test("a damaged byte is shown where it stands", () => {
  const text = Buffer.from("# \ufffd is a character like any other\nname: p\u00e4ci\n");
  put("intents/pci.yaml", text);
  expect(findings()).toBe("");
  const at = text.indexOf(0xc3);
  put("intents/pci.yaml", Buffer.concat([text.subarray(0, at), Buffer.from([0xe4]), text.subarray(at + 2)]));
  expect(formatFindings("text", loadProjectFiles(root).diagnostics, { colour: false, version: "0" })).toBe(`\
error[load/not-text]: \`intents/pci.yaml\` is damaged at byte ${at}, not text in UTF-8
 --> intents/pci.yaml:2:8
  |
2 | name: p\ufffdci
  |        ^
  |
  = help: save it as UTF-8, or take it out of the paths of plumbline.yaml
`);
});

test.each([
  ["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0xff])],
  ["UTF-16", Buffer.from("\ufeffkind: A", "utf16le")],
  ["UTF-16", Buffer.from([0xfe, 0xff, 0, 0x6b])],
  ["binary", Buffer.from("kind: A", "utf16le")],
])("%s is no text", (what, bytes) => {
  put("intents/pci.yaml", bytes);
  expect(findings()).toMatch(
    `intents/pci.yaml:1:1: error[load/not-text]: \`intents/pci.yaml\` is ${what}, not text in UTF-8`,
  );
});

test("exactly 4 MiB are read, and no byte more", () => {
  put("intents/pci.yaml", "#".repeat(4 * 1024 * 1024));
  expect(findings()).toBe("");
  put("intents/pci.yaml", "#".repeat(4 * 1024 * 1024 + 1));
  expect(findings()).toContain("error[load/too-large]");
});

test("links inside the project are followed", () => {
  put("shared/corp.yaml", "a: 1\n");
  link("../shared", "intents/more");
  link("../shared/corp.yaml", "intents/corp.yaml");
  expect(findings()).toBe("");
  expect(intentPaths()).toEqual(["intents/corp.yaml", "intents/more/corp.yaml", "intents/pci.yaml"]);
});

test("a link out of the project is refused, be it to a file, to a folder, or on the way", () => {
  link(outsider("elsewhere/a.yaml"), "intents/a.yaml");
  link(join(folder, "elsewhere"), "intents/deep");
  expect(findings().match(/`\S+` leads out of the project by a link/g)).toEqual([
    "`intents/a.yaml` leads out of the project by a link",
    "`intents/deep` leads out of the project by a link",
  ]);
  rmSync(join(root, "intents"), { recursive: true });
  link(join(folder, "elsewhere"), "intents");
  expect(findings()).toContain("error[load/link-leaves-project]: `intents` leads out");
  project("  intents: [intents/a.yaml]\n");
  expect(findings()).toContain("error[load/link-leaves-project]: `intents/a.yaml` leads out");
});

test("a folder beside the project whose name begins alike is outside", () => {
  link(outsider("project-two/a.yaml"), "intents/a.yaml");
  expect(findings()).toContain("error[load/link-leaves-project]");
});

test("a project that is itself reached by a link is read", () => {
  symlinkSync(root, join(folder, "alias"));
  expect(loadProjectFiles(join(folder, "alias")).inputs?.intents.map((one) => one.path)).toEqual(["intents/pci.yaml"]);
});

test("links that go round are refused, once", () => {
  link("..", "intents/up");
  link("../intents", "intents/again");
  link("loop.yaml", "intents/loop.yaml");
  link("nowhere.yaml", "intents/broken.yaml");
  expect(findings().match(/^\S+ error\[\S+\]/gm)).toEqual([
    "intents/again:1:1: error[load/link-loops]",
    "intents/broken.yaml:1:1: error[load/unreadable]",
    "intents/loop.yaml:1:1: error[load/unreadable]",
    "intents/up:1:1: error[load/link-loops]",
  ]);
});

test("braces lead no way out of the project", () => {
  outsider("other/a.yaml");
  project('  intents: ["{intents,../other}/*.yaml"]\n');
  expect(findings()).toContain("error[load/outside-project]: `../other` is outside the project");
});

test("what is no file is refused", () => {
  execFileSync("mkfifo", [join(root, "intents/pipe.yaml")]);
  put("intents/folder.yaml/x.txt", "");
  expect(findings()).toBe(
    "intents/pipe.yaml:1:1: error[load/not-a-file]: `intents/pipe.yaml` is a named pipe, not a file (take it out of the paths of plumbline.yaml)\n",
  );
});

test("a project without intents, or whose output covers it, is told so", () => {
  rmSync(join(root, "intents"), { recursive: true });
  expect(findings()).toContain("error[load/no-intents]: no file matches `intents/**/*.{yaml,yml}`");
  project("  out: ./.\n");
  expect(findings()).toContain("plumbline.yaml:6:8: error[load/out-is-project]");
  rmSync(join(root, "plumbline.yaml"));
  expect(findings()).toContain("error[load/no-project]");
});

test("all files together have a bound, told before any is read", () => {
  put("workloads/a.yaml", "a: 1\n");
  const most = (bytes: number, values: number) => loadProjectFiles(root, { bytes, values });
  expect(most(25, 4).diagnostics).toEqual([]);
  const { inputs, diagnostics } = most(24, 4);
  expect(inputs).toBeUndefined();
  expect(formatFindings("concise", diagnostics, { colour: false, version: "0" })).toBe(
    "plumbline.yaml:1:1: error[load/too-much]: the 2 files of the project have 0.0 MiB together; at most 0 MiB are read (narrow the paths of plumbline.yaml, or make several projects of it)\n",
  );
  const lines = most(25, 3);
  expect(lines.inputs).toBeUndefined();
  expect(lines.diagnostics[0]?.message).toBe(
    "the 2 files of the project have more than 3 lines and commas together; at most 3 are read",
  );
});

test("sixty-five files of 4 MiB are not read", () => {
  for (let index = 0; index < 65; index++) {
    put(`workloads/${index}.yaml`, "");
    truncateSync(join(root, `workloads/${index}.yaml`), 4 * 1024 * 1024);
  }
  expect(findings()).toContain("the 66 files of the project have 260.0 MiB together; at most 256 MiB are read");
  // Files without text: that each is binary would be told if one were read.
  expect(findings()).not.toContain("load/not-text");
});

test("manifests beside those that globs match are told of", () => {
  put("workloads/web/shop.yaml", "a: 1\n");
  put("workloads/ledger/db.yaml", "a: 1\n");
  const globs = '"workloads/{web,batch}/**/*.yaml", {paths: ["workloads/ledger/*.yaml"], namespace: ledger}';
  project(`  workloads: [${globs}]\n`);
  expect(findings()).toBe("");
  for (const name of ["new/a.yaml", "new/b.yml", "web/c.yml", "ledger/deep/d.yaml", "notes.md"])
    put(`workloads/${name}`, "");
  const { inputs, diagnostics } = loadProjectFiles(root);
  expect(inputs?.workloads.length).toBe(2);
  expect(diagnostics.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    "note: 4 files below `workloads/` are matched by no glob, and so not read: `workloads/ledger/deep/d.yaml`, `workloads/new/a.yaml`, `workloads/new/b.yml` and 1 more",
  ]);
  project('  workloads: ["workloads/ledger/*.yaml"]\n');
  expect(findings()).toContain("note[load/unmatched]: 1 file below `workloads/ledger/` is matched by no glob");
  project('  workloads: ["**/shop.yaml"]\n');
  expect(findings()).toBe("");
  project("");
  expect(findings()).toBe("");
});
