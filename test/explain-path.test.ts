import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";

const example = join(import.meta.dirname, "..");

/** A copy of the example, which a test may change. */
function copy(): string {
  const root = mkdtempSync(join(tmpdir(), "explain-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const path of ["plumbline.yaml", "plumbline.lock.yaml", "intents", "workloads", "out"])
    cpSync(join(example, path), join(root, path), { recursive: true });
  return root;
}

async function plumbline(root: string, ...argv: readonly string[]) {
  const said = { out: "", err: "" };
  const io = {
    cwd: root,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  const exit = await runProgram(argv, io, { noColor: true });
  return { exit, ...said };
}

function edited(root: string, path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(root, path), "utf8");
  const after = text.replace(from, to);
  expect(after).not.toBe(text);
  writeFileSync(join(root, path), after);
}

/** Does what a hint says, sentence by sentence, as a reader would. */
function apply(root: string, hint: string): void {
  for (const sentence of hint.split("; and ")) {
    const [said = "", typed = ""] = [/^[^`]*/.exec(sentence)?.[0].trim(), /`(.*)`/.exec(sentence)?.[1]];
    const file = `intents/zones/${/isolationzone\/(\w+)/.exec(said)?.[1]}.yaml`;
    const workload = /entry of (\w+) (\w+)\/(\w+)/.exec(said);
    if (said.startsWith("add to the rules of firewallpair/edge:"))
      edited(root, "intents/pairs/edge.yaml", "  rules:\n", `$&    - ${typed}\n`);
    else if (said === "add") edited(root, "intents/vpns/site1.yaml", "ports: [", `$&${typed.split("`")[0]}, `);
    else if (said.startsWith("list the members")) edited(root, file, "spec:\n", `$&  ${typed}\n`);
    else if (said.startsWith("add to the members")) edited(root, file, "  members:\n", `$&    ${typed}\n`);
    else if (workload)
      edited(
        root,
        file,
        `{workload: {namespace: ${workload[2]}, kind: ${workload[1]}, name: ${workload[3]}}`,
        `$&, ${typed}`,
      );
    else throw new Error(`what is to be done about: ${sentence}`);
  }
}

test.each([
  ["whole zones", "corp", "pci", /^add to the rules of \S+ `[^`]*`$/],
  ["a member by an entry, without addresses", "corp", "payments/card", /entry of Deployment payments\/card among/],
  ["a member by a selection", "corp", "ledger/settle", /add to the members of isolationzone\/pci/],
  ["members by default", "web/shop", "payments/card", /list the members of isolationzone\/corp.*entry of/],
  ["a member with addresses", "corp", "ledger/db", /^add to the rules of \S+ `[^`]*`$/],
  ["a tunnel", "corp", "vpn/site1", /^add `tcp\/9443` to the ports of vpnegress\/site1$/],
])("what a hint says opens what was asked: %s", async (_name, from, to, wanted) => {
  const root = copy();
  const ask = () => plumbline(root, "explain", from, to, "tcp/9443", "--cluster", "east");
  const before = await ask();
  expect(before.out).toMatch(/^east\ndenied|^denied/);
  const hint = / {2}to change the result: (.*)\n/.exec(before.out)?.[1] ?? "";
  expect(hint).toMatch(wanted);
  apply(root, hint);
  const compiled = await plumbline(root, "compile");
  expect([compiled.exit, compiled.err]).toEqual([0, expect.not.stringContaining("error")]);
  const after = await ask();
  expect(after.out).toMatch(/^allowed: tcp\/9443/);
  expect(after.out).not.toContain("denied");
});

test("a name that is nobody's is answered with the nearest one", async () => {
  const said = async (...of: readonly string[]) => {
    const { exit, out, err } = await plumbline(example, "explain", ...of);
    expect([exit, out]).toEqual([2, ""]);
    return err;
  };
  expect(await said("corp", "card", "tcp/22")).toBe(
    "plumbline: no party is called card; did you mean `payments/card`?\n",
  );
  expect(await said("zone/crop", "external/mainframe/db3", "tcp/22")).toBe(
    "plumbline: no party is called zone/crop; did you mean `corp`?\nplumbline: no party is called external/mainframe/db3; did you mean `external/mainframe/db2`?\n",
  );
  expect(await said("Deployment payments/crad", "vpn/site2", "tcp/22")).toBe(
    "plumbline: no party is called Deployment payments/crad; did you mean `payments/card`?\nplumbline: no party is called vpn/site2; did you mean `vpn/site1`?\n",
  );
  expect(await said("corp", "quarantine", "tcp/22")).toMatch(/^plumbline: no party is called quarantine; a party is /);
  expect(await said("batch", "vpn/site1", "tcp/22", "--cluster", "west")).toMatch(/no party is called batch/);
});

test("a workload whose zone is in other clusters only is told as that, and nothing is advised", async () => {
  const { out } = await plumbline(example, "explain", "corp", "payments/card", "tcp/22", "--cluster", "west");
  expect(out).toContain(
    "to change the result: nothing here: Deployment payments/card is of isolationzone/pci, which is not in cluster west (it is in east)\n",
  );
  expect(out).not.toContain("FirewallPair");
});
