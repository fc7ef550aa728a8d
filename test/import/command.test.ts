import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../../src/commands/program.ts";
import { estateFiles } from "./estates.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
  for (const { path, text } of estateFiles("home-lab")) write(path, text);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function plumbline(...argv: readonly string[]) {
  const said = { out: "", err: "" };
  const out = (text: string) => {
    said.out += text;
  };
  const err = (text: string) => {
    said.err += text;
  };
  const io = { cwd: folder, out, err, terminal: false, process: { id: 1, isAlive: () => false }, now: () => 0 };
  const exit = await runProgram(argv, io, { noColor: true });
  return { exit, ...said };
}

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function everything(): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return new Map(
    paths.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]),
  );
}

test("a project that compiles, and that an import finds as it is", async () => {
  const first = await plumbline("import");
  expect(first.exit).toBe(0);
  expect(first.out).toMatch(/^plumbline\.yaml\n/);
  expect(first.out).toContain(
    "networks/lan.yaml:24: NetworkAttachmentDefinition network/tunnel: carried as it stands: there is no way to attach by `ptp`\n",
  );
  expect(first.err).toContain("10 networks carried (2 as they stand), 0 left by hand; ");
  expect((await plumbline("compile")).exit).toBe(0);
  const before = everything();
  const again = await plumbline("import");
  expect(again.exit).toBe(0);
  expect(again.out).not.toContain("plumbline.yaml");
  expect(everything()).toEqual(before);
  expect((await plumbline("check", "--frozen")).exit).toBe(0);
});

test("what somebody wrote stays, and nothing is written beside it", async () => {
  write("intents/externals/iot.yaml", "mine\n");
  const before = everything();
  const refused = await plumbline("import");
  expect(refused).toMatchObject({ exit: 1, out: "" });
  expect(refused.err).toBe(
    "plumbline: intents/externals/iot.yaml is there already, and not the same; nothing was written\n",
  );
  expect(everything()).toEqual(before);
});

test("only what is below the project's folder, and only names that can be", async () => {
  expect((await plumbline("import", "../elsewhere")).exit).toBe(2);
  expect((await plumbline("import", "-")).exit).toBe(2);
  expect((await plumbline("import", "nowhere")).exit).toBe(2);
  expect((await plumbline("import", "--cluster", "No Name")).exit).toBe(2);
});

test("nothing to import writes nothing", async () => {
  mkdirSync(join(folder, "empty"));
  const before = everything();
  const none = await plumbline("import", "empty");
  expect(none).toMatchObject({ exit: 0, out: "" });
  expect(everything()).toEqual(before);
});
