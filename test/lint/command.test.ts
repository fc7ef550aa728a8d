import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../../src/commands/program.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lint-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function plumbline(...argv: readonly string[]) {
  const said = { out: "", err: "" };
  const exit = await runProgram(
    argv,
    {
      cwd: folder,
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      terminal: false,
      process: { id: 1, isAlive: () => false },
      now: () => 0,
    },
    { noColor: true },
  );
  return { exit, ...said };
}

const nad = (config: string) =>
  `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: lan}\nspec:\n  config: '${config}'\n`;
const right = nad('{"cniVersion": "1.0.0", "type": "macvlan"}');
const ignored = nad('{"cniVersion": "1.0.0", "type": "macvlan", "vlan": 7}');
const broken = nad('{"cniVersion": "1.0.0", "type": "macvlan",}');

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test("a folder, or a file of it, with the place relative to where it was asked", async () => {
  write("apps/lan.yaml", broken);
  write("apps/readme.md", broken);
  write("node_modules/x/lan.yaml", broken);
  const whole = await plumbline("lint");
  expect(whole.exit).toBe(1);
  expect(whole.out).toContain("--> apps/lan.yaml:5:");
  expect(whole.out).toContain("1 document about networks in 1 file\n");
  expect(await plumbline("lint", "apps/lan.yaml")).toEqual(await plumbline("lint", "./apps/"));
});

test("warnings fail only where that is asked for", async () => {
  write("lan.yaml", ignored);
  expect((await plumbline("lint")).exit).toBe(0);
  expect((await plumbline("--strict", "lint")).exit).toBe(1);
  write("lan.yaml", right);
  expect(await plumbline("--strict", "lint")).toMatchObject({
    exit: 0,
    out: "plumbline: 1 document about networks in 1 file\n",
    err: "",
  });
});

test("fixing writes the files that change, and says which", async () => {
  write("a.yaml", broken);
  write("b.yaml", right);
  expect(await plumbline("lint", "--fix")).toMatchObject({
    exit: 0,
    out: "a.yaml\nplumbline: 2 documents about networks in 2 files\n",
  });
  expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe(right);
});

test("programs get the findings on standard output", async () => {
  write("lan.yaml", broken);
  const json = await plumbline("--format", "json", "lint");
  expect(JSON.stringify(JSON.parse(json.out))).toContain("nad/config-not-json");
  const sarif = await plumbline("--format", "sarif", "lint");
  expect(JSON.parse(sarif.out)).toMatchObject({ version: "2.1.0" });
  expect(json.err + sarif.err).toBe("");
});

test("what is not there is wrong usage; links are not followed", async () => {
  expect(await plumbline("lint", "nowhere")).toMatchObject({ exit: 2, out: "" });
  write("real/lan.yaml", broken);
  symlinkSync(join(folder, "real"), join(folder, "link"));
  expect((await plumbline("lint")).out).toContain("in 1 file\n");
});

test("a file that is named is read at any size; what a folder has of that size is counted", async () => {
  write("estate.yaml", `${ignored}---\n# ${"x".repeat(5 << 20)}\n`);
  const named = await plumbline("lint", "estate.yaml");
  expect(named.out).toContain("nad/unknown-key");
  expect(named.out).toContain("1 document about networks in 1 file\n");
  expect((await plumbline("lint")).out).toBe(
    "plumbline: 0 documents about networks in 0 files; 1 file passed over: estate.yaml\n",
  );
  write("broken.yaml", "kind: NetworkAttachmentDefinition\nmetadata: {name: lan\n");
  expect((await plumbline("lint")).out).toContain("; 1 file not readable in full: broken.yaml; 1 file");
});
