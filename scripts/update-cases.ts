import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CASES, caseNames, compared, runCase } from "../test/cases-runner.ts";
import { core } from "../test/core.ts";
import { printFindings } from "../test/page-findings.ts";
import { examplesOf, withPrinted } from "../test/page-project.ts";

// Rewrites what cases expect, and what pages of rules say that their wrong example prints. Read the diff: it is what users will
// see. `npm run test:update -- zone/` for some only.
const only = process.argv.slice(2);
const isWanted = (name: string) => only.length === 0 || only.some((prefix) => name.startsWith(prefix));

for (const { code, page } of core.ruleCatalogue.filter((one) => isWanted(one.code))) {
  const examples = examplesOf(page ?? "");
  if (!examples) continue;
  const path = join(import.meta.dirname, "../docs/rules", `${code}.md`);
  const text = readFileSync(path, "utf8");
  const updated = withPrinted(text, printFindings(code, examples.wrong));
  if (updated !== text) writeFileSync(path, updated);
}
for (const name of caseNames().filter(isWanted)) {
  const folder = join(CASES, name, "expected");
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of compared(name, runCase(name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
