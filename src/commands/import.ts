import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isForPeople } from "../diagnostics/format/names.ts";
import { importEstate } from "../import/import-project.ts";
import type { ImportLoss } from "../import/loss.ts";
import { formatLoss } from "../import/write-report.ts";
import type { SourceFile } from "../source/source-file.ts";
import { describeFileError } from "../stages/file-error.ts";
import { collectManifests, STDIN } from "./collect-manifests.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { reportFindings } from "./report.ts";

export interface ImportFlags {
  /** The cluster that the files are of. */
  readonly cluster?: string;
  /** Of objects that name none. */
  readonly namespace?: string;
}

/** Networks, workloads and policies written by hand as a project that compiles to the same. Overwrites nothing. */
export function importProject(paths: readonly string[], flags: ImportFlags, common: CommonOptions, io: Io): ExitCode {
  const refuse = (why: string, exit: ExitCode) => {
    io.err(`plumbline: ${why}\n`);
    return exit;
  };
  const outside = paths.find((path) => path === "-" || path.startsWith("/") || path.split(/[\\/]/).includes(".."));
  if (outside !== undefined)
    return refuse(
      `${outside} is not below the project's folder, and a project reads no others; -C names a folder above`,
      2,
    );
  const gathered = collectManifests(common.root, paths);
  if ("problem" in gathered) return refuse(gathered.problem, 2);
  const names = { cluster: flags.cluster ?? "main", namespace: flags.namespace ?? "default" };
  const wrong = Object.entries(names).find(([, name]) => !/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name));
  if (wrong) return refuse(`\`${wrong[1]}\` is no name for a ${wrong[0]}`, 2);
  const estate = importEstate(
    gathered.files.filter((file) => file.path !== STDIN),
    names,
  );
  const files = estate.intents.length > 0 ? estate.files : [];
  const blocking = files.filter((file) => differs(common.root, file)).map((file) => `${common.folder}${file.path}`);
  if (blocking.length > 0) {
    const are = blocking.length === 1 ? "is" : "are";
    return refuse(`${blocking.join(", ")} ${are} there already, and not the same; nothing was written`, 1);
  }
  try {
    for (const file of files) write(file, common, io);
  } catch (cause) {
    return refuse(`the project cannot be written: ${describeFileError(cause)}`, 1);
  }
  if (isForPeople(common.format)) for (const line of linesOf(estate.losses)) io.out(`${line}\n`);
  // What the compiler has to say of the project is said by `compile`; machines read it here too.
  const exit = isForPeople(common.format) ? 0 : reportFindings(estate.compiled.diagnostics, "", common, io);
  if (isForPeople(common.format) && !common.quiet) io.err(closing(estate.summary, estate.intents.length, common));
  return exit;
}

/** Everything that did not become an intent of its own, and what goes with what did. */
function linesOf(losses: readonly ImportLoss[]): readonly string[] {
  return [...new Set(losses.filter(({ kind }) => kind !== "beside" || losses.length < 50).map(formatLoss))];
}

const REPORT = "import-report.md";

/** What is there with other bytes is somebody's work. */
function differs(root: string, { path, text }: SourceFile): boolean {
  const whole = join(root, path);
  return existsSync(whole) && readFileSync(whole, "utf8") !== text;
}

function write({ path, text }: SourceFile, { root, folder, format }: CommonOptions, io: Io): void {
  const whole = join(root, path);
  if (existsSync(whole)) return;
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text, { flag: "wx" });
  if (isForPeople(format)) io.out(`${folder}${path}\n`);
}

function closing(lines: readonly string[], carried: number, { folder }: CommonOptions): string {
  const where = folder === "" ? "" : `-C ${folder.replace(/\/$/, "")} `;
  const next = carried > 0 ? `Next: read ${folder}${REPORT}, then plumbline ${where}compile\n` : "";
  return `${lines.map((line) => `plumbline: ${line}\n`).join("")}${next}`;
}
