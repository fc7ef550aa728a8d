import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pages } from "./generators/pages.ts";
import { templates } from "./generators/templates.ts";
import { validators } from "./generators/validators.ts";

/** A file that is made from others. */
interface Generator {
  readonly path: string;
  make(): string;
}

// What code imports comes first; what is made from that code is loaded only once it is there.
const early: readonly Generator[] = [validators, templates, pages];
const checkOnly = process.argv.includes("--check");
let stale = 0;

function run(generator: Generator): void {
  const text = generator.make();
  const before = existsSync(generator.path) ? readFileSync(generator.path, "utf8") : undefined;
  if (before === text) return;
  console.log(`${checkOnly ? "stale" : "wrote"} ${generator.path}`);
  stale++;
  if (checkOnly) return;
  mkdirSync(dirname(generator.path), { recursive: true });
  writeFileSync(generator.path, text);
}

for (const generator of early) run(generator);
const { documents } = await import("./generators/documents.ts");
for (const generator of documents) run(generator);
if (checkOnly && stale > 0) {
  console.error(`${stale} generated files are stale: run "npm run generate"`);
  process.exitCode = 1;
}
