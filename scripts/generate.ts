import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { page } from "./generators/page.ts";
import { pages } from "./generators/pages.ts";
import { templates } from "./generators/templates.ts";
import { validators } from "./generators/validators.ts";

/** A file that is made from others. */
interface Generator {
  readonly path: string;
  make(): string;
}

// Code comes first: documents are made from that code, so their generators are loaded only once it is there.
const code: readonly Generator[] = [validators, templates, pages, page];
const checkOnly = process.argv.includes("--check");
const codeOnly = process.argv.includes("--code");
let stale = 0;

function run(generator: Generator, write: boolean): void {
  const text = generator.make();
  const before = existsSync(generator.path) ? readFileSync(generator.path, "utf8") : undefined;
  if (before === text) return;
  if (!write) {
    console.log(`stale ${generator.path}`);
    stale++;
    return;
  }
  if (!codeOnly) console.log(`wrote ${generator.path}`);
  mkdirSync(dirname(generator.path), { recursive: true });
  writeFileSync(generator.path, text);
}

// Git does not track the generated code (src/generated), so it is written in a check too.
for (const generator of code) run(generator, true);
if (!codeOnly) {
  const { documents } = await import("./generators/documents.ts");
  for (const generator of documents) run(generator, !checkOnly);
}
if (checkOnly && stale > 0) {
  console.error(`${stale} generated files are stale: run "npm run generate"`);
  process.exitCode = 1;
}
