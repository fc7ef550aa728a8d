import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";
import { pageProject } from "./page-project.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-cli-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Result {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, without a terminal. */
async function plumbline(...argv: string[]): Promise<Result> {
  let out = "";
  let err = "";
  const io = {
    cwd: root,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  const exit = await runProgram(argv, io, { noColor: true });
  return { exit, out, err };
}

function project(example = ""): void {
  for (const [path, text] of pageProject(example)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const slip = () => {
  project();
  const path = join(root, "intents/all.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("namespaces: [web]", "namespace: [web]"));
};

test("compile lists what it wrote, one file a line, and ends with a line that says how much", async () => {
  project();
  const first = await plumbline("compile");
  expect(first.exit).toBe(0);
  const files = first.out.split("\n").filter((path) => path.startsWith("out/")).length;
  const byHand = /(; \d+ steps? by hand in out\/main\/handoff\.md)?\n$/.exec(first.err)?.[0];
  expect(first.err).toBe(`1 cluster, ${files} files: ${files} changed${byHand}`);
  expect(first.out.split("\n")).toContain("out/main/zones/pci.yaml");
  expect(first.out.split("\n")).toContain("plumbline.lock.yaml");
  const second = { exit: 0, out: "", err: `1 cluster, ${files} files: up to date${byHand}` };
  expect(await plumbline("compile")).toEqual(second);
  expect((await plumbline("compile", "--quiet")).err).toBe("");
});

test("check writes nothing, and --frozen fails on a stale output", async () => {
  project();
  const well = await plumbline("check");
  expect(well).toMatchObject({ exit: 0, out: "" });
  expect(well.err).toMatch(/^\d+ clusters?, \d+ files?: the intents are right\n$/);
  expect(existsSync(join(root, "out"))).toBe(false);
  const stale = await plumbline("check", "--frozen");
  expect(stale.exit).toBe(1);
  expect(stale.err).toContain("error[write/stale]: `out/main/zones/pci.yaml` is missing");
  await plumbline("compile");
  expect((await plumbline("check", "--frozen")).exit).toBe(0);
});

test("an error exits 1, goes to stderr, and writes nothing", async () => {
  slip();
  const { exit, out, err } = await plumbline("compile");
  expect(exit).toBe(1);
  expect(out).toBe("");
  expect(err).toContain("error[schema/unknown-key]: unknown key `namespace` in IsolationZone.spec");
  expect(err).toContain("did you mean `namespaces`?");
  expect(err).toContain('1 error. Nothing was written. Run "plumbline explain schema/unknown-key" for more.');
  expect(existsSync(join(root, "out"))).toBe(false);
});

test("machine formats go to stdout", async () => {
  slip();
  const json = await plumbline("check", "--format", "json");
  expect(json.err).toBe("");
  expect(JSON.parse(json.out)[0]).toMatchObject({
    code: "schema/unknown-key",
    range: { file: "intents/all.yaml", column: 3 },
  });
  const github = await plumbline("check", "--format", "github");
  expect(github.out).toMatch(
    /^::error file=intents\/all\.yaml,line=\d+,col=3,endLine=\d+,endColumn=12,title=schema\/unknown-key::/,
  );
  const sarif = JSON.parse((await plumbline("check", "--format", "sarif")).out);
  expect(sarif.version).toBe("2.1.0");
  expect(sarif.runs[0].results[0].ruleId).toBe("schema/unknown-key");
  const concise = await plumbline("check", "--format", "concise");
  expect(concise.err).toMatch(/^intents\/all\.yaml:\d+:3: error\[schema\/unknown-key\]: /);
});

test("--strict makes warnings fail, --quiet leaves them out", async () => {
  project(
    "apiVersion: plumbline.dev/v1alpha1\nkind: Project\nmetadata: {name: demo}\nspec:\n  clusters: [{name: main}]\n",
  );
  expect((await plumbline("check")).exit).toBe(0);
  expect((await plumbline("check", "--strict")).exit).toBe(1);
  expect(await plumbline("check", "--quiet")).toEqual({ exit: 0, out: "", err: "" });
});

test("wrong usage exits 2 and says what was meant", async () => {
  project();
  const command = await plumbline("complie");
  expect(command.exit).toBe(2);
  expect(command.err).toContain("Did you mean compile?");
  const option = await plumbline("check", "--frozn");
  expect(option.exit).toBe(2);
  expect(option.err).toContain("Did you mean --frozen?");
  const cluster = await plumbline("compile", "--cluster", "mian");
  expect(cluster.exit).toBe(2);
  expect(cluster.err).toContain("did you mean `main`?");
  expect((await plumbline("compile", "--relock", "isolationzone/nobody")).exit).toBe(1);
});

test("explain prints the page of a code, and finds the nearest one", async () => {
  const page = await plumbline("explain", "zone/namespace-twice");
  expect(page.exit).toBe(0);
  expect(page.out).toContain("## What it means");
  const near = await plumbline("explain", "zone/namespace-twise");
  expect(near.exit).toBe(2);
  expect(near.err).toContain("did you mean `zone/namespace-twice`?");
});

test("schemas are JSON Schemas with words", async () => {
  const { exit, out } = await plumbline("schema", "IsolationZone");
  expect(exit).toBe(0);
  const schema = JSON.parse(out);
  expect(schema.properties.spec.properties.namespaces.description).toContain("namespaces");
  expect((await plumbline("schema", "IsolationZoen")).err).toContain("did you mean `IsolationZone`?");
  expect(JSON.parse((await plumbline("schema")).out).oneOf.length).toBe(8);
});

test("every command has help", async () => {
  for (const command of ["init", "compile", "check", "explain", "schema", "targets"]) {
    const { exit, out } = await plumbline(command, "--help");
    expect(exit).toBe(0);
    expect(out).toContain(`Usage: plumbline ${command}`);
  }
  expect((await plumbline("--help")).out).toContain("Examples:");
});

test("init writes a project that compiles without a finding, and overwrites nothing", async () => {
  expect((await plumbline("init", "shop")).exit).toBe(0);
  const compiled = await plumbline("-C", "shop", "compile");
  expect({ exit: compiled.exit, err: compiled.err }).toEqual({
    exit: 0,
    err: expect.stringMatching(
      /^1 cluster, \d+ files: \d+ changed(; \d+ steps? by hand in shop\/out\/main\/handoff\.md)?\n$/,
    ),
  });
  expect(compiled.out).toContain("out/main/zones/payments.yaml");
  expect((await plumbline("init", "shop")).exit).toBe(1);
});

test("what cannot be read of the output is told first, and nothing that follows from it", async () => {
  project();
  expect((await plumbline("compile")).exit).toBe(0);
  const path = join(root, "out/main/zones/pci.yaml");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/^ {2}name: .*$/m, "  name: [x"));
  const { exit, out, err } = await plumbline("verify");
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err.match(/^(error|warning|note)\[.*/gm)).toEqual([
    "error[verify/unreadable]: `out/main/zones/pci.yaml` cannot be read, so nothing can be verified: its indentation fits nothing around it",
  ]);
  expect(err).toMatch(/^ *--> out\/main\/zones\/pci\.yaml:[2-9]\d*:/m);
  expect(err).toContain('Nothing is known of main until this is mended: run "plumbline compile".');
  const asked = await plumbline("explain", "corp", "pci", "tcp/22");
  expect({ exit: asked.exit, out: asked.out }).toEqual({ exit: 1, out: "" });
  expect(asked.err).toContain("error[verify/unreadable]");
  const compared = await plumbline("diff");
  expect({ exit: compared.exit, out: compared.out }).toEqual({ exit: 1, out: "" });
  expect(compared.err).toMatch(/^error\[verify\/unreadable\][\s\S]*Nothing was compared\./);
  writeFileSync(path, text);
  expect((await plumbline("verify")).exit).toBe(0);
});

test("a folder without a project says what to do", async () => {
  const { exit, err } = await plumbline("compile");
  expect(exit).toBe(1);
  expect(err).toContain("error[load/no-project]");
  expect(err).toContain("plumbline init");
});

test("what is no plain file inside the project is refused", async () => {
  project();
  await plumbline("compile");
  symlinkSync("/etc/hostname", join(root, "intents/link.yaml"));
  expect((await plumbline("check")).err).toContain("error[load/link-leaves-project]");
  rmSync(join(root, "intents/link.yaml"));
  symlinkSync("loop.yaml", join(root, "intents/loop.yaml"));
  expect((await plumbline("check")).err).toContain("error[load/unreadable]");
  rmSync(join(root, "intents/loop.yaml"));
  execFileSync("mkfifo", [join(root, "intents/pipe.yaml")]);
  expect((await plumbline("check")).err).toContain("is a named pipe, not a file");
  rmSync(join(root, "intents/pipe.yaml"));
  writeFileSync(join(root, "intents/large.yaml"), `# ${"x".repeat(5 * 1024 * 1024)}\n`);
  expect((await plumbline("check")).err).toContain("error[load/too-large]");
});

test("the bundle starts, survives a closed pipe, and says where it cannot write", () => {
  const bundle = join(import.meta.dirname, "..", "dist", "plumbline.js");
  project();
  const help = spawnSync("bash", ["-c", `node ${bundle} --help | head -1`], { encoding: "utf8" });
  expect(help.stdout).toContain("Usage: plumbline");
  expect(help.stderr).toBe("");
  writeFileSync(join(root, "out"), "a file where a folder is needed\n");
  const blocked = spawnSync("node", [bundle, "compile"], { cwd: root, encoding: "utf8" });
  expect(blocked.status).toBe(1);
  expect(blocked.stderr).toContain("error[write/failed]");
  rmSync(join(root, "out"));
  // Root may write anywhere, so only others can see this fail.
  if (process.getuid?.() !== 0) {
    mkdirSync(join(root, "out"));
    chmodSync(join(root, "out"), 0o500);
    expect(spawnSync("node", [bundle, "compile"], { cwd: root }).status).toBe(1);
    chmodSync(join(root, "out"), 0o700);
  }
});
