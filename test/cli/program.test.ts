import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { runProgram } from "../../src/commands/program.ts";
import { VERSION } from "../../src/project/version.ts";
import { pageProject } from "../page-project.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-program-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Result {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function plumbline(argv: readonly string[], more: Partial<Io> = {}, noColor = false): Promise<Result> {
  let out = "";
  let err = "";
  const io: Io = {
    cwd: root,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
    ...more,
  };
  return { exit: await runProgram(argv, io, { noColor }), out, err };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function project(folder = ""): void {
  for (const [path, text] of pageProject("")) put(join(folder, path), text);
}

test("paths are those that one can open from where the command runs", async () => {
  project("teams/shop");
  put("teams/shop/intents/wrong.yaml", "kind: IsolationZoen\n");
  const { err } = await plumbline(["-C", "teams/shop", "check", "--format", "concise"]);
  expect(err).toMatch(/^teams\/shop\/intents\/wrong\.yaml:1:\d+: error/);
  rmSync(join(root, "teams/shop/intents/wrong.yaml"));
  const { out } = await plumbline(["-C", "shop", "compile"], { cwd: join(root, "teams") });
  for (const path of out.trimEnd().split("\n")) expect(readFileSync(join(root, "teams", path), "utf8")).not.toBe("");
  const above = await plumbline(["-C", "../shop", "check", "--frozen"], { cwd: join(root, "teams/shop") });
  expect(above).toEqual({ exit: 0, out: "", err: "1 cluster, 9 files: the output is that of the intents\n" });
});

test("options may stand before and after the command", async () => {
  project("shop");
  put("shop/intents/wrong.yaml", "kind: IsolationZoen\n");
  const before = await plumbline(["-C", "shop", "--format", "json", "check"]);
  expect(before.exit).toBe(1);
  expect(await plumbline(["check", "--format=json", "-C", "shop"])).toEqual(before);
});

test("a note alone fails nothing, not even with --strict", async () => {
  project();
  await plumbline(["compile"]);
  put("out/.plumbline-staging/0", "left behind\n");
  const { exit, err } = await plumbline(["compile", "--strict"]);
  expect(err).toContain("note[write/repaired]");
  expect(exit).toBe(0);
});

test("--strict says whether the output was written", async () => {
  project();
  put("out/main/notes.txt", "mine\n");
  const { exit, err, out } = await plumbline(["compile", "--strict"]);
  expect(exit).toBe(1);
  expect(out).toContain("out/main/inventory.json\n");
  expect(err).toContain('1 warning. The output was written. Run "plumbline explain write/stranger" for more.\n');
});

test("the closing line names the first error that is shown", async () => {
  project();
  put("intents/b.yaml", "kind: IsolationZoen\n");
  put("intents/a.yaml", "a: [\n");
  const { err } = await plumbline(["check"]);
  const codes = [...err.matchAll(/^error\[(\S+)\]/gm)].map((match) => match[1]);
  expect(err).toContain(`Run "plumbline explain ${codes[0]}" for more.`);
  expect(err).not.toContain("Nothing was written");
});

test("a terminal sees colour, unless it is told not to", async () => {
  put("plumbline.yaml", "kind: Projcet\n");
  const terminal = { terminal: true };
  expect((await plumbline(["check"], terminal)).err).toContain("\u001b[31m");
  expect((await plumbline(["check", "--color=never"], terminal)).err).not.toContain("\u001b[");
  expect((await plumbline(["check"], terminal, true)).err).not.toContain("\u001b[");
  expect((await plumbline(["check"])).err).not.toContain("\u001b[");
  expect((await plumbline(["check", "--color=always"], {}, true)).err).toContain("\u001b[31m");
});

test("a terminal sees progress when work takes more than a second, and nothing stays of it", async () => {
  project();
  let time = 0;
  const slower = { terminal: true, now: () => (time += 1200) };
  const { err } = await plumbline(["check"], slower);
  const parts = err.split("\r\u001b[K");
  expect(parts[0]).toBe("");
  expect(parts[1]).toBe("plumbline: compiling 2 files …");
  expect(parts.slice(1, -1).every((one) => /^plumbline: .* …$/.test(one))).toBe(true);
  // The last line that was shown is taken away before anything else is said.
  expect(parts.at(-1)).toBe("1 cluster, 9 files: the intents are right\n");
  expect((await plumbline(["check", "--quiet"], slower)).err).toBe("");
  expect((await plumbline(["check", "--quiet"], { now: slower.now })).err).toBe("");
  expect((await plumbline(["check"], { terminal: true })).err).not.toContain("\u001b[K");
});

test("an exception is a defect of ours, and says so", async () => {
  project();
  const broken = {
    now: () => {
      throw new TypeError("no clock");
    },
  };
  const { exit, out, err } = await plumbline(["compile"], broken);
  expect(exit).toBe(2);
  expect(out).toBe("");
  expect(err).toMatch(/^plumbline: this is a defect of plumbline, not of your intents\.\nno clock\n +at /);
  expect(err).toContain(`Please report it with the lines above and plumbline ${VERSION}.`);
});

test("wrong usage and help", async () => {
  expect((await plumbline([])).exit).toBe(2);
  expect((await plumbline(["check", "surplus"])).exit).toBe(2);
  const format = await plumbline(["check", "--format", "xml"]);
  expect(format.exit).toBe(2);
  expect(format.err).toContain(
    "check has no format 'xml'; it has: text, concise, json, github, sarif, gitlab, junit, rdjson\n",
  );
  expect(format.out).toBe("");
  expect(await plumbline(["--version"])).toEqual({ exit: 0, out: `${VERSION}\n`, err: "" });
  expect(JSON.parse(readFileSync("package.json", "utf8")).version).toBe(VERSION);
});

test("init says what it wrote from where it ran, and keeps a repository's own attributes", async () => {
  put("platform/shop/.gitattributes", "* text=auto\n");
  const first = await plumbline(["-C", "platform", "init", "shop"]);
  expect(first.exit).toBe(0);
  expect(first.out.split("\n")[0]).toBe("platform/shop/plumbline.yaml");
  expect(first.out).not.toContain(".gitattributes");
  expect(first.err).toBe("Next: plumbline -C platform/shop compile\n");
  expect(readFileSync(join(root, "platform/shop/.gitattributes"), "utf8")).toBe("* text=auto\n");
  const second = await plumbline(["-C", "platform/shop", "init"]);
  expect(second.exit).toBe(1);
  expect(second.err).toContain("platform/shop/plumbline.yaml, ");
  const here = await plumbline(["init"]);
  expect(here.err).toBe("Next: plumbline compile\n");
  expect(here.out.split("\n")).toContain(".gitattributes");
});
