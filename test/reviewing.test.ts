import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";

const ROOT = join(import.meta.dirname, "..");
const page = readFileSync(join(ROOT, "docs/reviewing.md"), "utf8");
const block = (language: string) =>
  new RegExp(`(\`{3,})${language}\\n([\\s\\S]*?)\\n\\1\\n`).exec(page)?.[2]?.concat("\n") ?? "";

let root: string;

async function plumbline(...argv: string[]) {
  let out = "";
  const io = {
    cwd: root,
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  return { exit: await runProgram(argv, io, { noColor: true }), out };
}

function git(...argv: string[]): void {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", ["-C", root, ...who, ...argv], { stdio: "ignore" });
}

/** The example with the page's change as a second commit. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "plumbline-reviewing-"));
  for (const name of ["plumbline.yaml", "plumbline.lock.yaml", "intents", "workloads", "out"])
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  git("init", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--message=before");
  writeFileSync(join(root, "../change.diff"), block("diff"));
  git("apply", "--unidiff-zero", join(root, "../change.diff"));
  expect((await plumbline("compile")).exit).toBe(0);
  git("checkout", "-b", "change");
  git("add", "--all");
  git("commit", "--message=after");
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

test("the page's comment is what the program says of the page's change", async () => {
  const asked = ["diff", "main..HEAD", "--cluster", "east", "--format", "markdown"];
  expect(await plumbline(...asked)).toEqual({ exit: 0, out: block("markdown") });
  expect(await plumbline(...asked, "--fail-on", "added")).toEqual({ exit: 1, out: block("markdown") });
  const west = await plumbline("diff", "HEAD..main", "--cluster", "west", "--fail-on", "added");
  expect(west).toEqual({ exit: 0, out: expect.stringMatching(/^west\nconnections: the same\n/) });
}, 60_000);

test("revisions may be left out, and part where they parted", async () => {
  const whole = await plumbline("diff", "main..HEAD");
  expect(await plumbline("diff", "main..")).toEqual(whole);
  git("checkout", "main");
  writeFileSync(join(root, "notes.md"), "later\n");
  git("add", "--all");
  git("commit", "--message=later");
  expect(await plumbline("diff", "main...change")).toEqual(whole);
  expect((await plumbline("diff", "main..nowhere")).exit).toBe(2);
  expect((await plumbline("diff", "main..change", "--targets", "multus,multus")).exit).toBe(2);
}, 120_000);

test("without a committed output the intents are compared", async () => {
  const whole = await plumbline("diff", "main..change");
  git("checkout", "--detach", "main");
  git("rm", "-r", "--quiet", "out");
  git("commit", "--message=no output");
  git("tag", "bare");
  expect((await plumbline("diff", "bare..change")).out).toBe(whole.out);
}, 120_000);
