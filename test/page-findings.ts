import type { Diagnostic } from "../src/diagnostics/diagnostic.ts";
import { core } from "./core.ts";
import { pageInputs } from "./page-project.ts";

const lintOwners = core.lintRuleTables.map((one) => one.owner);

/** What an example's first line may say: the command that it is for. */
const MIGRATE = /^# plumbline migrate --to (\S+)\n/;

/** The codes that an example of a page gives, each once. */
export function codesOf(code: string, example: string): readonly string[] {
  const codes = [...new Set(findingsOf(code, example).map((one) => one.code))];
  // A zone that only audits has a standing warning, whatever else the example is about.
  const audits = code !== "zone/audit" && example.includes("enforcement: audit");
  return audits ? codes.filter((one) => one !== "zone/audit") : codes;
}

/** The findings of a page's example. An example of lint is a file of somebody's repository, any other one a project. */
export function findingsOf(code: string, example: string): readonly Diagnostic[] {
  const isLint = lintOwners.includes(code.split("/")[0] ?? "");
  if (isLint) return core.lintFiles([{ path: "example.yaml", text: example }]).diagnostics;
  const to = MIGRATE.exec(example)?.[1];
  if (to === undefined) return core.compile(pageInputs(example, true)).diagnostics;
  const options = { to, clusters: ["main"], intents: [], allowLoss: [], folder: "migration" };
  const planned = core.planMigration(pageInputs(example, true), options);
  if (planned.files.length > 0 === core.hasErrors(planned.diagnostics))
    throw new Error(`${code}: a migration writes files exactly where it has no error`);
  return planned.diagnostics;
}

/** What the wrong example of a page prints. */
export function printFindings(code: string, example: string): string {
  return core.formatFindings("text", findingsOf(code, example), { colour: false, version: "0" });
}
