import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const BYTES_MAX = 1 << 30;

/** A name that begins with a dash would be an option. */
const REVISION = /^[A-Za-z0-9_@][\w./@{}~^-]*$/;

type Problem = { readonly problem: string };

/** Gives `use` a folder that holds the project as it was at a revision, or says why it is not to be had. */
export type AtRevision = <Result>(revision: string, use: (folder: string) => Result) => Result | Problem;

/**
 * Revisions of a project, one after the other, in a folder that is gone afterwards. Of a second revision only those files
 * are written that differ from the first: two revisions mostly have nearly all files in common.
 */
export function withRevisions<Result>(root: string, use: (at: AtRevision) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-"));
  const present = new Map<string, string>();
  const at: AtRevision = (revision, read) => {
    if (!REVISION.test(revision)) return { problem: `\`${revision}\` is no revision` };
    try {
      const tree = treeOf(root, revision);
      if ("problem" in tree) return tree;
      return putTree(root, revision, folder, present, tree.files) ?? read(folder);
    } catch (cause) {
      return { problem: problemOf(cause, revision) + shallowHint(root) };
    }
  };
  try {
    return use(at);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The ids of what files hold, by their names. */
type Tree = ReadonlyMap<string, string>;

function treeOf(root: string, revision: string): { readonly files: Tree } | Problem {
  const files = new Map<string, string>();
  for (const line of git(root, ["ls-tree", "-r", "-z", revision]).toString("utf8").split("\0")) {
    const [, type, id, name] = /^\d+ (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
    if (id === undefined || name === undefined || !/\.(ya?ml|hbs|json|md)$/.test(name)) continue;
    // Git checks out no such names; a tree that was made by hand may hold them.
    if (name.includes("\n") || name.split("/").includes(".."))
      return { problem: `${revision} has a file of the name ${JSON.stringify(name)}` };
    if (type !== "blob") return unreadable(name, revision);
    files.set(name, id);
  }
  return { files };
}

function unreadable(name: string, revision: string): Problem {
  return { problem: `\`${name}\` of ${revision} cannot be read` };
}

/** Makes a folder, of which `present` says what it holds, hold a tree. */
function putTree(
  root: string,
  revision: string,
  folder: string,
  present: Map<string, string>,
  wanted: Tree,
): Problem | undefined {
  const gone = [...present.keys()].filter((name) => !wanted.has(name));
  removeFiles(folder, gone);
  for (const name of gone) present.delete(name);
  const asked = [...wanted].filter(([name, id]) => present.get(name) !== id);
  const answer = git(root, ["cat-file", "--batch"], asked.map(([, id]) => `${id}\n`).join(""));
  const made = new Set<string>();
  let at = 0;
  for (const [name, id] of asked) {
    const end = answer.indexOf(10, at);
    const [, type, size] = answer.subarray(at, end).toString("utf8").split(" ");
    if (type !== "blob") return unreadable(name, revision);
    const target = join(folder, name);
    const parent = dirname(target);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(target, answer.subarray(end + 1, end + 1 + Number(size)));
    present.set(name, id);
    at = end + 2 + Number(size);
  }
  return undefined;
}

/** Removes files, and the folders that hold nothing without them. */
function removeFiles(folder: string, names: readonly string[]): void {
  const left = new Set<string>();
  for (const name of names) {
    rmSync(join(folder, name));
    for (let parent = dirname(name); parent !== "."; parent = dirname(parent)) left.add(parent);
  }
  for (const parent of [...left].sort((a, b) => b.length - a.length))
    if (readdirSync(join(folder, parent)).length === 0) rmdirSync(join(folder, parent));
}

/** Where two revisions parted, as `A...B` means it. */
export function findMergeBase(root: string, first: string, second: string): string | { readonly problem: string } {
  const bad = [first, second].find((one) => !REVISION.test(one));
  if (bad !== undefined) return { problem: `\`${bad}\` is no revision` };
  try {
    return git(root, ["merge-base", first, second]).toString("utf8").trim();
  } catch (cause) {
    return { problem: problemOf(cause, `${first} and ${second}`) + shallowHint(root) };
  }
}

function git(root: string, args: readonly string[], input = ""): Buffer {
  return execFileSync("git", ["-C", root, ...args], { input, maxBuffer: BYTES_MAX, stdio: ["pipe", "pipe", "pipe"] });
}

/** A clone of a pipeline mostly has one commit alone. */
function shallowHint(root: string): string {
  try {
    if (git(root, ["rev-parse", "--is-shallow-repository"]).toString("utf8").trim() !== "true") return "";
  } catch {
    return "";
  }
  return "; this clone is shallow: fetch the whole history (`git fetch --unshallow`; `fetch-depth: 0` of actions/checkout; `GIT_DEPTH: 0` on GitLab)";
}

function problemOf(cause: unknown, revision: string): string {
  if (typeof cause === "object" && cause !== null && "stderr" in cause) {
    const text = String(cause.stderr).trim().split("\n")[0] ?? "";
    return text === "" ? `git cannot read ${revision}` : text.replace(/^fatal: /, "git: ");
  }
  throw cause;
}
