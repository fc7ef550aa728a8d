import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CASES, caseNames, compared, runCase } from "../test/cases-runner.ts";

// Rewrites what cases expect. Read the diff: it is what users will see. `npm run test:update -- zone/` for some only.
const only = process.argv.slice(2);
for (const name of caseNames()) {
  if (only.length > 0 && !only.some((prefix) => name.startsWith(prefix))) continue;
  const folder = join(CASES, name, "expected");
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of compared(name, runCase(name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
