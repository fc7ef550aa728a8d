import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import { core } from "../core.ts";
import { findingsOf } from "../page-findings.ts";
import { examplesOf } from "../page-project.ts";

const root = join(import.meta.dirname, "../..");
const {
  $schema: _draft4,
  id: _id,
  ...schema
} = JSON.parse(readFileSync(join(root, "test/data/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
// The schema is of draft 4 and uses nothing of it that later drafts read otherwise.
const formats = {
  uri: /^[a-z][a-z0-9+.-]*:[!-~]*$/i,
  "uri-reference": /^[!#-;=?-Z_a-z~[\]%]*$/,
  "date-time": true as const,
};
const validate = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(schema);

const cases = join(root, "test/cases");
const projects = readdirSync(cases, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name === "diagnostics.txt" && !entry.parentPath.includes("lint"))
  .map((entry) => join(entry.parentPath, ".."))
  .sort();

/** The log of a project's findings, as `check --format sarif` prints it. */
function logOf(
  project: string,
  folder: string,
): { readonly runs: readonly { readonly results: readonly unknown[] }[] } {
  const { inputs, diagnostics } = loadProjectFiles(project);
  const found = [...diagnostics, ...(inputs ? compile(inputs).diagnostics : [])];
  return JSON.parse(formatFindings("sarif", found, { colour: false, version: "1.2.3", folder }));
}

test("what code scanning is given is SARIF 2.1.0, for every case that has findings", () => {
  expect(projects.length).toBeGreaterThan(40);
  let results = 0;
  for (const project of projects) {
    const log = logOf(project, "my shop/");
    results += log.runs[0]?.results.length ?? 0;
    expect(validate(log) ? [] : [project, validate.errors]).toEqual([]);
  }
  expect(results).toBeGreaterThan(40);
});

test("what code scanning is given is SARIF 2.1.0, for the wrong example of every page", () => {
  let results = 0;
  for (const { code, page } of core.ruleCatalogue) {
    const examples = examplesOf(page ?? "");
    if (!examples) continue;
    const found = findingsOf(code, examples.wrong);
    const log = JSON.parse(
      core.formatFindings("sarif", found, { colour: false, version: "1.2.3", folder: "my shop/" }),
    );
    results += log.runs[0]?.results.length ?? 0;
    expect(validate(log) ? [] : [code, validate.errors]).toEqual([]);
  }
  expect(results).toBeGreaterThan(300);
});

test("a log that is none is told apart", () => {
  const log = logOf(projects[0] as string, "");
  expect(validate({ ...log, version: "2.0.0" })).toBe(false);
  expect(validate({ ...log, extra: true })).toBe(false);
});
