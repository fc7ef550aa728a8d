import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, posix, resolve } from "node:path";
import { compile } from "../compile.ts";
import { formats } from "../schema/formats.ts";
import { describeFileError } from "../stages/file-error.ts";
import type { StarterExtra } from "./init/extras.ts";
import { buildStarterFiles, SCHEMA_FILE, type StarterOptions } from "./init/starter.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { reportFindings } from "./report.ts";

export interface InitFlags {
  readonly target?: string;
  readonly gitops?: "argocd" | "flux";
  readonly with?: readonly StarterExtra[];
}

/** Files that a repository often has already, and that a project works without. */
const DISPENSABLE: ReadonlySet<string> = new Set([".gitattributes", SCHEMA_FILE]);

/** A small working project, with comments. Never overwrites anything. */
export function init(folder: string | undefined, flags: InitFlags, common: CommonOptions, io: Io): ExitCode {
  const root = resolve(common.root, folder ?? ".");
  const base = folder !== undefined && isAbsolute(folder) ? "" : common.folder;
  const shown = (path: string) => posix.join(base, folder ?? "", path);
  const { target = "multus", gitops } = flags;
  const repository = gitops === "argocd" ? repositoryOf(root) : undefined;
  const files = buildStarterFiles({ target, gitops, with: flags.with ?? [], repository });
  const unfit = problemsOf(files);
  if (unfit.length > 0)
    return reportFindings(unfit, `Nothing was written: this project would not compile for ${target}.`, common, io);
  const there = Object.keys(files).filter((path) => existsSync(join(root, path)));
  const blocking = there.filter((path) => !DISPENSABLE.has(path)).map(shown);
  if (blocking.length > 0) {
    const are = blocking.length === 1 ? "is" : "are";
    io.err(`plumbline: ${blocking.join(", ")} ${are} there already; nothing was written\n`);
    return 1;
  }
  try {
    for (const [path, text] of Object.entries(files)) {
      if (there.includes(path)) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { flag: "wx" });
      io.out(`${shown(path)}\n`);
    }
  } catch (cause) {
    io.err(`plumbline: the project cannot be written: ${describeFileError(cause)}\n`);
    return 1;
  }
  const where = shown("").replace(/\/$/, "");
  io.err(`Next: plumbline ${where === "" || where === "." ? "" : `-C ${where} `}compile\n`);
  return 0;
}

/** Why the project would not compile: a target may lack what was asked for. */
function problemsOf(files: ReturnType<typeof buildStarterFiles>) {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  const below = (name: string) => texts.filter(({ path }) => path.startsWith(`${name}/`));
  const { diagnostics } = compile({
    project: { path: "plumbline.yaml", text: files["plumbline.yaml"] ?? "" },
    intents: below("intents"),
    workloads: below("workloads").map((file) => ({ file, namespace: undefined })),
    lock: undefined,
    templates: [],
  });
  return diagnostics.filter((one) => one.severity === "error");
}

/** The address of the repository that the folder is in, where git knows one that Argo CD can read. */
function repositoryOf(root: string): StarterOptions["repository"] {
  let folder = root;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const url = execFileSync("git", ["config", "--get", "remote.origin.url"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      cwd: folder,
    }).trim();
    // A password in it belongs in no file.
    const isPlain = /^(https|ssh):\/\/([\w.-]+@)?[\w.-]|^[\w.-]+@[\w.-]+:/.test(url) && !/:\/\/[^/@]*:[^/]*@/.test(url);
    return isPlain && formats["git-address"]?.(url) === undefined ? url : undefined;
  } catch {
    return undefined;
  }
}
