import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";
import { targets } from "../src/targets/index.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "plumbline-init-"));
});
afterEach(() => rmSync(home, { recursive: true }));

async function plumbline(...argv: string[]) {
  let [out, err] = ["", ""];
  const io = {
    cwd: home,
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
  return { exit: await runProgram(argv, io, { noColor: true }), out, err };
}

/** What a target has of the further intents: those that it lacks are refused, and nothing is written. */
const LACKS: Readonly<Record<string, readonly string[]>> = {
  "ovn-kubernetes": ["firewall", "vpn"],
  gke: ["firewall", "vpn", "external"],
  "network-kind": ["firewall", "vpn"],
};

for (const { name } of targets)
  test(`a project for ${name} compiles, is verified, and says so`, async () => {
    expect((await plumbline("init", "a", "--target", name)).exit).toBe(0);
    expect((await plumbline("-C", "a", "compile")).exit).toBe(0);
    const proof = await plumbline("-C", "a", "verify");
    expect([proof.exit, proof.err]).toEqual([0, expect.stringContaining("1 cluster verified")]);
    for (const extra of ["firewall", "vpn", "external", "expectation"]) {
      const { exit, err } = await plumbline("init", extra, "--target", name, "--with", extra);
      const lacks = LACKS[name]?.includes(extra) ?? false;
      expect([extra, exit], err).toEqual([extra, lacks ? 1 : 0]);
      expect(existsSync(join(home, extra))).toBe(!lacks);
      if (lacks) expect(err).toContain(`Nothing was written: this project would not compile for ${name}.`);
      else expect((await plumbline("-C", extra, "compile")).exit).toBe(0);
    }
  }, 60_000);

test("everything at once, for Flux", async () => {
  const all = ["firewall", "vpn", "external", "expectation"];
  expect((await plumbline("init", "a", "--gitops", "flux", "--with", ...all)).exit).toBe(0);
  const { exit, err } = await plumbline("-C", "a", "compile");
  expect(exit, err).toBe(0);
  expect(existsSync(join(home, "a/out/main/gitops/sync.yaml"))).toBe(true);
  const proof = await plumbline("-C", "a", "verify");
  expect(proof.err).toContain("2 expectations hold.");
});

test("Argo CD is told the repository that the folder is in, and never a password", async () => {
  execFileSync("git", ["init", "-q"], { cwd: home });
  const remote = (url: string) => execFileSync("git", ["config", "remote.origin.url", url], { cwd: home });
  remote("git@git.example.com:team/net.git");
  expect((await plumbline("init", "a", "--gitops", "argocd")).exit).toBe(0);
  expect(readFileSync(join(home, "a/plumbline.yaml"), "utf8")).toContain("repoURL: git@git.example.com:team/net.git\n");
  remote("https://me:secret@git.example.com/net.git");
  expect((await plumbline("init", "b", "--gitops", "argocd")).exit).toBe(0);
  const text = readFileSync(join(home, "b/plumbline.yaml"), "utf8");
  expect(text).not.toContain("secret");
  expect(text).toContain("Change it to yours");
});

test("each file names its schema, which is there", async () => {
  const { out } = await plumbline("init", "a", "--with", "firewall", "expectation");
  const own = out.split("\n").filter((path) => /^a\/(plumbline|intents\/.*)\.yaml$/.test(path));
  expect(own.length).toBe(6);
  for (const path of own) {
    const [line = ""] = readFileSync(join(home, path), "utf8").split("\n");
    const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(line)?.[1] ?? "";
    expect(existsSync(join(home, dirname(path), schema)), path).toBe(true);
  }
});

test("nothing is overwritten", async () => {
  writeFileSync(join(home, "plumbline.yaml"), "mine\n");
  const { exit, err } = await plumbline("init");
  expect([exit, err]).toEqual([1, "plumbline: plumbline.yaml is there already; nothing was written\n"]);
  expect(readFileSync(join(home, "plumbline.yaml"), "utf8")).toBe("mine\n");
  expect((await plumbline("init", "a", "--with", "everything")).exit).toBe(2);
});
