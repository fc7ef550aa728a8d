import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LINT_CASES, lintCaseNames, runLintCase } from "../test/lint/case-files.ts";

// Rewrites what lint's cases expect. Read the diff: it is what users will see.
for (const name of lintCaseNames()) {
  const folder = join(LINT_CASES, name, "expected");
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of runLintCase(name)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
