import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { describeUsage } from "../../src/commands/completion/usage.ts";
import type { Io } from "../../src/commands/io.ts";
import { createProgram, runProgram } from "../../src/commands/program.ts";

const io = (out: (text: string) => void): Io => ({
  cwd: "/",
  out,
  err: () => undefined,
  terminal: false,
  process: { id: 1, isAlive: () => false },
  now: () => 0,
});

async function script(shell: string): Promise<string> {
  let text = "";
  const exit = await runProgram(
    ["completion", shell],
    io((more) => (text += more)),
    { noColor: true },
  );
  expect(exit).toBe(0);
  return text;
}

/** What bash itself would offer for the last of some words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const ask = `${await script("bash")}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _plumbline; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const done = spawnSync("bash", ["--norc", "-c", ask, "bash", "plumbline", ...words], { encoding: "utf8" });
  expect(done.stderr).toBe("");
  return done.stdout.split("\n").filter(Boolean);
}

test("bash completes commands, options, values and arguments", async () => {
  expect(await offered("comp")).toEqual(["compile", "completion"]);
  expect(await offered("-C", "shop", "ver")).toEqual(["verify"]);
  expect(await offered("--format", "s")).toEqual(["sarif", "svg"]);
  expect(await offered("compile", "--format", "g")).toEqual(["github", "gitlab"]);
  expect(await offered("verify", "--by", "")).toEqual(["party", "workload"]);
  expect(await offered("compile", "--re")).toEqual(["--relock"]);
  expect(await offered("schema", "Fa")).toEqual(["Fabric"]);
  expect(await offered("explain", "zone/namespace")).toEqual(["zone/namespace-twice"]);
  expect(await offered("compile", "--cluster", "")).toEqual([]);
});

test("bash is offered every command and every option that the program has", async () => {
  const usage = describeUsage(
    createProgram(
      io(() => undefined),
      { noColor: true },
      () => undefined,
    ),
  );
  expect(await offered("")).toEqual(usage.commands.map((one) => one.name));
  for (const command of usage.commands) {
    const all = [...command.options, ...usage.options].map((one) => one.long);
    expect(new Set(await offered(command.name, "--"))).toEqual(new Set(all));
  }
});

test("zsh and fish are told of every command and every option too", async () => {
  const usage = describeUsage(
    createProgram(
      io(() => undefined),
      { noColor: true },
      () => undefined,
    ),
  );
  const [zsh, fish] = [await script("zsh"), await script("fish")];
  for (const command of usage.commands) {
    expect(zsh).toContain(`    '${command.name}:`);
    expect(fish).toContain(`-a ${command.name} -d `);
    for (const { long } of command.options) {
      expect(zsh, long).toMatch(new RegExp(`${long}\\b`));
      expect(fish, long).toContain(` -l ${long.slice(2)} `);
    }
  }
});
