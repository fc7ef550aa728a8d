// npm run test:sarif : what code scanning is given, before Microsoft's validator with the rules of SARIF and of GitHub. The
// validator is a program of 100 MB, so it is no dependency: it is kept outside of the work tree.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { core } from "../core.ts";
import { findingsOf } from "../page-findings.ts";
import { examplesOf } from "../page-project.ts";

const PACKAGE = "@microsoft/sarif-multitool-linux";
const VERSION = "5.7.0";
const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/plumbline.js");

/** The validator; installed where it is not there yet. */
function validator(): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "plumbline-sarif", VERSION);
  const path = join(folder, "node_modules", PACKAGE, "Sarif.Multitool");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}\n");
    const argv = ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${PACKAGE}@${VERSION}`];
    execFileSync("npm", argv, { cwd: folder, stdio: "inherit" });
    chmodSync(path, 0o755);
  }
  return path;
}

/** The findings of the wrong example of every page, as one log. */
function logOfPages(): string {
  const found = core.ruleCatalogue.flatMap(({ code, page }) => {
    const examples = examplesOf(page ?? "");
    return examples ? findingsOf(code, examples.wrong) : [];
  });
  const pageOf = (code: string) => core.ruleCatalogue.find((one) => one.code === code)?.page;
  return core.formatFindings("sarif", found, { colour: false, version: "1.2.3", folder: "my shop/", pageOf });
}

/** What the program prints, where files are named by relative and by absolute paths, and where nothing is wrong. */
function logsOfProgram(work: string): readonly (readonly [name: string, text: string])[] {
  const wrong = join(work, "wrong");
  cpSync(join(root, "examples/homelab"), wrong, { recursive: true });
  writeFileSync(join(wrong, "intents/more.yaml"), "kind: Zone\nmetadata: {name: x}\n");
  const lint = join(root, "test/data/corpus");
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [program, ...argv, "--format", "sarif"], { cwd: work, encoding: "utf8" }).stdout;
  return [
    ["check-relative", run("-C", "wrong", "check")],
    ["check-absolute", run("-C", wrong, "check")],
    ["lint-absolute", run("lint", lint)],
    ["verify", run("-C", join(root, "examples/telco"), "verify")],
  ];
}

const work = mkdtempSync(join(tmpdir(), "plumbline-sarif-"));
try {
  const logs = [["pages", logOfPages()] as const, ...logsOfProgram(work)];
  let results = 0;
  for (const [name, text] of logs) {
    writeFileSync(join(work, `${name}.sarif`), text);
    const runs = (JSON.parse(text) as { readonly runs: readonly { readonly results: readonly unknown[] }[] }).runs;
    results += runs.flatMap((one) => one.results).length;
  }
  const report = join(work, "report.json");
  const argv = [
    "validate",
    join(work, "*.sarif"),
    "--rule-kind",
    "Sarif;Gh",
    "--log",
    "ForceOverwrite",
    "--output",
    report,
  ];
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
  const done = spawnSync(validator(), argv, { cwd: work, encoding: "utf8", env });
  if (done.status !== 0) throw new Error(`the validator fails: ${done.stdout}${done.stderr}`);
  const found = (
    JSON.parse(readFileSync(report, "utf8")) as { readonly runs: readonly { readonly results: readonly unknown[] }[] }
  ).runs;
  const wrong = found.flatMap((one) => one.results).length;
  console.log(`${logs.length} logs with ${results} results: the validator finds ${wrong} faults`);
  if (wrong > 0) console.log(done.stdout);
  if (wrong > 0 || results < 300) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true });
}
