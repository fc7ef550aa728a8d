import { caseNames, compared, expectedOf, runCase } from "../test/cases-runner.ts";
import { core } from "../test/core.ts";
import { codesOf, findingsOf, printFindings } from "../test/page-findings.ts";
import { examplesOf, printedIn } from "../test/page-project.ts";

// `npm run test:rule -- zone/no-members`, or `zone/`: runs the pages and cases of these rules and prints what they say. A few
// seconds, since src/ is bundled once. Exits 1 if a page or a case is not as it should be.
const wanted = process.argv.slice(2);
if (wanted.length === 0) {
  console.error("usage: npm run test:rule -- OWNER/SLUG|OWNER/ …");
  process.exit(2);
}
const isWanted = (name: string) => wanted.some((one) => (one.endsWith("/") ? name.startsWith(one) : name === one));

let run = 0;
const faults: string[] = [];
for (const { code, page } of core.ruleCatalogue.filter((one) => isWanted(one.code))) {
  run++;
  if (page === undefined) faults.push(`${code}: docs/rules/${code}.md is missing`);
  const examples = examplesOf(page ?? "");
  if (!examples) continue;
  console.log(
    core.formatFindings("text", findingsOf(code, examples.wrong), { colour: process.stdout.isTTY, version: "0" }),
  );
  const [wrong, right] = [codesOf(code, examples.wrong), codesOf(code, examples.right)];
  if (wrong.join() !== code) faults.push(`${code}: the wrong example gives ${wrong.join(", ") || "nothing"}`);
  if (printedIn(page ?? "") !== printFindings(code, examples.wrong))
    faults.push(`${code}: the page shows another text: npm run test:update -- ${code}`);
  if (right.length > 0) faults.push(`${code}: the right example gives ${right.join(", ")}`);
}
for (const name of caseNames().filter(isWanted)) {
  run++;
  const outcome = compared(name, runCase(name));
  const expected = expectedOf(name);
  for (const path of new Set([...outcome.keys(), ...expected.keys()]))
    if (outcome.get(path) !== expected.get(path))
      faults.push(`case ${name}: ${path} differs: npm run test:update -- ${name}`);
}
if (run === 0) faults.push(`no rule or case is called ${wanted.join(" or ")}`);
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? `${run} pages and cases as expected` : `${faults.length} not as expected`);
process.exitCode = faults.length === 0 ? 0 : 1;
