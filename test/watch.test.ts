import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Io } from "../src/commands/io.ts";
import { runProgram } from "../src/commands/program.ts";
import { pageProject } from "./page-project.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-watch-"));
  for (const [path, text] of pageProject("")) put(path, text);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A running `watch`. Nothing here waits for a time: only for words of the program. */
function start(...flags: readonly string[]) {
  let text = "";
  let woken = () => {};
  let end = () => {};
  const hear = (more: string) => {
    text += more;
    woken();
  };
  const io: Io = {
    cwd: root,
    out: hear,
    err: hear,
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
    onInterrupt: (stop) => {
      end = stop;
    },
  };
  const done = runProgram(["watch", ...flags], io, { noColor: true });
  const said = async (words: RegExp) => {
    while (!words.test(text)) await new Promise<void>((next) => (woken = next));
    const found = text;
    text = "";
    return found;
  };
  return { said, done, end: () => end() };
}

for (const flags of [[], ["--poll"]])
  test(`what changes is compiled again${flags.length > 0 ? ", without being told by the system" : ""}`, async () => {
    const { said, done, end } = start(...flags);
    expect(await said(/watching; Ctrl-C/)).toContain("out/main/zones/pci.yaml");
    const intents = readFileSync(join(root, "intents/all.yaml"), "utf8");
    put("intents/all.yaml", intents.replace("name: corp", "name: office"));
    const changed = await said(/zones\/office\.yaml/);
    expect(changed).toContain("out/main/zones/office.yaml");
    // What is wrong is said, and the next change is seen all the same.
    put("intents/all.yaml", intents.replace("vlan: 110", "vlan: 9000"));
    await said(/Nothing was written/);
    put("intents/all.yaml", intents);
    await said(/out\/main\/zones\/corp\.yaml/);
    end();
    expect(await done).toBe(0);
  });

test("its own writing is no change, and a new file is one", async () => {
  const { said, done, end } = start();
  await said(/watching/);
  put("notes.txt", "no input\n");
  put("workloads/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: web}\n");
  put(
    "intents/more.yaml",
    "apiVersion: plumbline.dev/v1alpha1\nkind: IsolationZone\nmetadata: {name: lab}\nspec:\n  namespaces: [lab]\n  network: {separation: vlan, uplink: data}\n",
  );
  const once = await said(/plumbline\.lock\.yaml/);
  expect(once.match(/plumbline\.lock\.yaml/g)).toHaveLength(1);
  put(
    "intents/more.yaml",
    "apiVersion: plumbline.dev/v1alpha1\nkind: IsolationZone\nmetadata: {name: lab2}\nspec:\n  namespaces: [lab]\n  network: {separation: vlan, uplink: data}\n",
  );
  const twice = await said(/plumbline\.lock\.yaml/);
  // Had the first run been followed by one of its own, its words would stand before these.
  expect(twice.match(/plumbline\.lock\.yaml/g)).toHaveLength(1);
  end();
  expect(await done).toBe(0);
});
