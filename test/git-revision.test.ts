import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withRevisions } from "../src/commands/git-revision.ts";

const root = mkdtempSync(join(tmpdir(), "plumbline-revisions-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function git(...argv: string[]): void {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", ["-C", root, ...who, ...argv], { stdio: "ignore" });
}

function commit(tag: string, files: Readonly<Record<string, string>>): void {
  for (const name of readdirSync(root).filter((one) => one !== ".git")) rmSync(join(root, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  git("add", "--all");
  git("commit", "--message", tag);
  git("tag", tag);
}

/** Every file below a folder with what it holds; folders that hold nothing too. */
function listing(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length + 1);
      if (entry.isFile()) return [[name, readFileSync(path, "utf8")]];
      return readdirSync(path).length === 0 ? [[`${name}/`, ""]] : [];
    }),
  );
}

const first = { "same.yaml": "a: 1\n", "gone/deep/only.yaml": "b: 1\n", "swap.yaml": "c: 1\n", "other.json": "{}" };
const second = { "same.yaml": "a: 1\n", "swap.yaml/in.yaml": "c: 2\n", "other.json": "[]", "new/file.md": "d" };

test("the folder holds each revision as it was, whatever the one before left", () => {
  git("init", "--initial-branch=main");
  commit("first", { ...first, "left-out.txt": "not read" });
  commit("second", second);
  const seen = withRevisions(root, (at) => ["first", "second", "first", "second"].map((one) => at(one, listing)));
  expect(seen).toEqual([first, second, first, second]);
});

test("a revision that is not to be had leaves the folder true for the next one", () => {
  const seen = withRevisions(root, (at) => ["second", "nowhere", "--all", "first"].map((one) => at(one, listing)));
  expect(seen).toEqual([
    second,
    { problem: expect.stringContaining("nowhere") },
    { problem: "`--all` is no revision" },
    first,
  ]);
});

test("the folder is gone afterwards", () => {
  const folder = withRevisions(root, (at) => at("first", (path) => path));
  expect(() => readdirSync(folder as string)).toThrow("ENOENT");
});
