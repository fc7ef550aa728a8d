import { expect, test } from "vitest";
import { catalogue } from "../src/catalogue.ts";
import { compile } from "../src/compile.ts";
import { type Diagnostic, hasErrors } from "../src/diagnostics/diagnostic.ts";
import { lintFiles, lintRuleTables } from "../src/lint/lint.ts";
import { migration } from "../src/migrate/migrate.ts";
import { examplesOf, pageInputs } from "./page-project.ts";

const lintOwners = lintRuleTables.map((one) => one.owner);

/** What an example's first line may say: the command that it is for. */
const MIGRATE = /^# plumbline migrate --to (\S+)\n/;

/** The codes that an example gives: one of lint's is a file of somebody's repository, any other a project. */
function codesOf(code: string, example: string): readonly string[] {
  const codes = [...new Set(found(code, example).map((one) => one.code))];
  // A zone that only audits has a standing warning, whatever else the example is about.
  const audits = code !== "zone/audit" && example.includes("enforcement: audit");
  return audits ? codes.filter((one) => one !== "zone/audit") : codes;
}

function found(code: string, example: string): readonly Diagnostic[] {
  const isLint = lintOwners.includes(code.split("/")[0] ?? "");
  if (isLint) return lintFiles([{ path: "example.yaml", text: example }]).diagnostics;
  const to = MIGRATE.exec(example)?.[1];
  if (to === undefined) return compile(pageInputs(example)).diagnostics;
  const options = { to, clusters: ["main"], intents: [], allowLoss: [], folder: "migration" };
  const planned = migration(pageInputs(example), options);
  expect(planned.files.length > 0, "files are written unless there is an error").toBe(!hasErrors(planned.diagnostics));
  return planned.diagnostics;
}

test("codes are unique, and words with dashes", () => {
  const codes = catalogue.map((one) => one.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
});

for (const { code, page } of catalogue)
  test(`page of ${code}`, () => {
    for (const heading of ["What it means", "Why it matters", "Wrong", "Right"])
      expect(page).toContain(`## ${heading}\n`);
    const examples = examplesOf(page ?? "");
    if (!examples) {
      expect(page).toContain("```text\n");
      return;
    }
    expect(codesOf(code, examples.wrong), "the wrong example").toEqual([code]);
    expect(codesOf(code, examples.right), "the right example").toEqual([]);
  });
