import { toJsonRange } from "./json.ts";
import type { FormatOptions, PassedCheck } from "./names.ts";
import { sanitizeText } from "./sanitize-text.ts";
import type { LocatedFinding } from "./sort-findings.ts";

/**
 * JUnit's XML: a case for each finding, which fails where it is an error, and one for each expectation that holds. A run that
 * found nothing is one case that passes: readers take a report without cases for a run that did not happen.
 */
export function formatJunit(located: readonly LocatedFinding[], { folder = "", passed = [] }: FormatOptions): string {
  const cases = [...located.map((one) => caseOf(one, folder)), ...passed.map(passedCase)];
  if (cases.length === 0) cases.push(testcase("no findings", "plumbline", `${folder}plumbline.yaml`, 1, ""));
  const failures = located.filter(({ diagnostic }) => diagnostic.severity === "error").length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="plumbline" ${counts}>`,
    `  <testsuite name="plumbline" ${counts}>`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseOf({ diagnostic, span }: LocatedFinding, folder: string): string {
  const { code, severity, message, notes, help } = diagnostic;
  const range = span && toJsonRange(span);
  const file = range?.file ?? `${folder}plumbline.yaml`;
  const line = range?.line ?? 1;
  const more = [...notes.map((one) => `note: ${one}`), ...(help === undefined ? [] : [`help: ${help}`])];
  const text = [`${file}:${line}: ${severity}[${code}]: ${message}`, ...more].map(xml).join("\n");
  const inner =
    severity === "error"
      ? `<failure message="${xml(message)}" type="${xml(code)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return testcase(`${code} ${file}:${line}: ${message}`, code, file, line, inner);
}

function passedCase({ name, file, line }: PassedCheck): string {
  return testcase(name, "expectation", file, line, "");
}

function testcase(name: string, classname: string, file: string, line: number, inner: string): string {
  const head = `    <testcase name="${xml(name)}" classname="${xml(classname)}" file="${xml(file)}" line="${line}"`;
  return inner === "" ? `${head}/>` : `${head}>${inner}</testcase>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML has no escape for control characters, so they are shown as on a terminal. It has none of halves of characters either. */
function xml(text: string): string {
  const whole = Buffer.from(text)
    .toString()
    .replace(/[\ufffe\uffff]/g, "\ufffd");
  return sanitizeText(whole).replace(/[&<>"]/g, (one) => entities[one] as string);
}
