import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Disk } from "../../src/stages/write/disk.ts";
import { sets, stateOf, watched, writeSet } from "./crash-sets.ts";

/**
 * Every call to the disk that a write is made of fails in turn: the program is told so (ENOSPC, EACCES, EIO), or a real
 * process is killed before it, or in the middle of a text. The table that comes of it is docs/crash-matrix.md.
 */
const failures = ["ENOSPC", "EACCES", "EIO", "kill -9", "kill -9, torn"] as const;
type Failure = (typeof failures)[number];

let folder: string;
let child: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plumbline-crash-"));
  child = join(folder, "child.cjs");
  const entry = join(import.meta.dirname, "crash-child.ts");
  await build({
    entryPoints: [entry],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Call {
  readonly name: keyof Disk;
  readonly path: string;
}

/** A project with the old set in it. */
function old(): string {
  const root = mkdtempSync(join(folder, "p-"));
  writeSet(root, "old");
  return root;
}

function callsOf(root: string): readonly Call[] {
  const calls: Call[] = [];
  writeSet(
    root,
    "new",
    watched(root, (name, path) => calls.push({ name, path })),
  );
  return calls;
}

/** Lets the n-th call fail. What the program then says. */
function fail(root: string, at: number, failure: Failure): "died" | readonly string[] {
  if (failure.startsWith("kill")) {
    const how = failure === "kill -9" ? "kill" : "torn";
    const done = spawnSync(process.execPath, [child, root, String(at), how], { encoding: "utf8" });
    expect(done.signal, `${done.stderr}`).toBe("SIGKILL");
    return "died";
  }
  let count = 0;
  const broken = watched(root, (_name, path) => {
    if (++count === at) throw Object.assign(new Error(failure), { code: failure, path: join(root, path) });
  });
  return writeSet(root, "new", broken).diagnostics.map((one) => one.code);
}

test("at every step the old set stands, or the next run finishes the new one", { timeout: 300_000 }, async () => {
  const fresh = old();
  const before = stateOf(fresh).files;
  const calls = callsOf(fresh);
  const after = stateOf(fresh).files;
  expect(before).not.toEqual(after);
  const rows = calls.map((call, index) => {
    const cells = failures.map((failure) => {
      if (failure === "kill -9, torn" && call.name !== "write") return "";
      const root = old();
      const said = fail(root, index + 1, failure);
      const left = stateOf(root);
      const what = `${failure} at step ${index + 1}, ${call.name} ${call.path}`;
      const journal = left.traces.includes("out/.plumbline-journal.json");
      const is = same(left.files, before) ? "old" : same(left.files, after) ? "new" : "between";
      // Only the journal makes a set that is between the two one that can be finished.
      if (is === "between") expect(journal, what).toBe(true);
      const said2 = said === "died" ? said : said.join(" ");
      const next = writeSet(root, "new");
      const end = stateOf(root);
      expect(end.files, what).toEqual(after);
      expect(end.traces, what).toEqual([]);
      expect(
        next.diagnostics.filter((one) => one.severity === "error"),
        what,
      ).toEqual([]);
      const repaired = next.diagnostics.some((one) => one.code === "write/repaired");
      // What is mended is said; and where something is left over, something is mended.
      const owns = left.traces.filter((path) => path !== "out/.plumbline.lock");
      if (owns.length > 0) expect(repaired, what).toBe(true);
      rmSync(root, { recursive: true, force: true });
      return `${is}${said2 === "died" || said2 === "" ? "" : `, \`${said2}\``}${repaired ? ", repaired" : ""}`;
    });
    return `| ${index + 1} | ${call.name} | ${call.path || "."} | ${cells.join(" | ")} |\n`;
  });
  expect(rows.length).toBeGreaterThan(40);
  expect(Object.keys(sets.new.files).length).toBeGreaterThan(4);
  await expect(HEAD + rows.join("")).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/crash-matrix.md"));
});

const HEAD = `# What a crash leaves

Written by \`test/write/crash-matrix.test.ts\`. Every call to the disk that a write is made of, in its order, and what stands
in \`out/\` and in the lock after it has failed: the \`old\` set, the \`new\` one, or a state \`between\` that a journal says how
to finish. The code is what the failed run says. \`repaired\`: the next run says that it has mended something. After that next
run the new set stands and nothing is left over, whatever failed; the test fails otherwise. \`kill -9\` is a real process,
killed before the call; \`torn\`, in the middle of writing the text.

| step | call | path | ${failures.join(" | ")} |
|---|---|---|${failures.map(() => "---").join("|")}|
`;

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

test("of several processes at once, each writes all or says why not, and nothing is mixed", {
  timeout: 120_000,
}, () => {
  const root = old();
  const script = `for i in 1 2 3 4 5 6; do ${process.execPath} ${child} ${root} 0 none & done; wait`;
  spawnSync("bash", ["-c", script]);
  const left = stateOf(root);
  expect(left.traces).toEqual([]);
  expect(left.files).toEqual(stateOf(newSet()).files);
});

function newSet(): string {
  const root = old();
  writeSet(root, "new");
  return root;
}
