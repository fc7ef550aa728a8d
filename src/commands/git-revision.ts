import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const BYTES_MAX = 1 << 30;

/** A name that begins with a dash would be an option. */
const REVISION = /^[A-Za-z0-9_@][\w./@{}~^-]*$/;

/** The project at a revision, in a folder of its own that `use` may read; it is gone afterwards. Or why it is not to be had. */
export function atRevision<Result>(
  root: string,
  revision: string,
  use: (folder: string) => Result,
): Result | { readonly problem: string } {
  if (!REVISION.test(revision)) return { problem: `\`${revision}\` is no revision` };
  const folder = mkdtempSync(join(tmpdir(), "plumbline-"));
  try {
    const names = git(root, ["ls-tree", "-r", "-z", "--name-only", revision])
      .toString("utf8")
      .split("\0")
      .filter((one) => one !== "");
    const wanted = names.filter((name) => /\.(ya?ml|hbs|json|md)$/.test(name));
    // Git checks out no such names; a tree that was made by hand may hold them.
    const odd = wanted.find((name) => name.includes("\n") || name.split("/").includes(".."));
    if (odd !== undefined) return { problem: `${revision} has a file of the name ${JSON.stringify(odd)}` };
    const asked = wanted.map((name) => `${revision}:./${name}\n`).join("");
    const answer = git(root, ["cat-file", "--batch"], asked);
    let at = 0;
    for (const name of wanted) {
      const end = answer.indexOf(10, at);
      const [, type, size] = answer.subarray(at, end).toString("utf8").split(" ");
      if (type !== "blob") return { problem: `\`${name}\` of ${revision} cannot be read` };
      const target = join(folder, name);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, answer.subarray(end + 1, end + 1 + Number(size)));
      at = end + 2 + Number(size);
    }
    return use(folder);
  } catch (cause) {
    return { problem: problemOf(cause, revision) + shallowHint(root) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where two revisions parted, as `A...B` means it. */
export function mergeBase(root: string, first: string, second: string): string | { readonly problem: string } {
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
