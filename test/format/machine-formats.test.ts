import { Ajv } from "ajv";
import { expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import type { Edit } from "../../src/diagnostics/edit.ts";
import type { FormatName } from "../../src/diagnostics/format/names.ts";
import { suggestEdit } from "../../src/diagnostics/format/suggested-edit.ts";
import { defineRules } from "../../src/diagnostics/rules.ts";
import { caseNames, findingsOfCase } from "../cases-runner.ts";
import { core } from "../core.ts";
import { findingsOf } from "../page-findings.ts";
import { examplesOf } from "../page-project.ts";

const { ruleCatalogue, formatFindings } = core;
const pages = new Map(ruleCatalogue.map(({ code, page }) => [code, page]));
const options = { colour: false, version: "1.2.3", folder: "my shop/", pageOf: (code: string) => pages.get(code) };
const shown = (name: FormatName, found: readonly Diagnostic[]) => formatFindings(name, found, options);

/** The findings of the wrong example of every page, and of every case. */
const subjects: readonly (readonly [string, readonly Diagnostic[]])[] = [
  ...ruleCatalogue.flatMap(({ code, page }) => {
    const examples = examplesOf(page ?? "");
    return examples ? [[code, findingsOf(code, examples.wrong)] as const] : [];
  }),
  ...caseNames().map((name) => [name, findingsOfCase(name)] as const),
];

/** What GitHub documents of the SARIF that it takes. */
interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Rule[] } };
    readonly results: readonly Result[];
  }[];
}
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown?: string };
  readonly helpUri: string;
  readonly defaultConfiguration: { readonly level: string };
  readonly properties: { readonly tags: readonly string[]; readonly precision: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly relatedLocations?: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

function problemsOfRule(rule: Rule): readonly string[] {
  const wrong: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) wrong.push(`${rule.id}: ${what}`);
  };
  check(/^[A-Z][A-Za-z0-9]*$/.test(rule.name) && rule.name.length <= 255, "name");
  check(rule.shortDescription.text.length > 0 && rule.shortDescription.text.length <= 1024, "shortDescription");
  check(rule.fullDescription.text.length > 0 && rule.fullDescription.text.length <= 1024, "fullDescription");
  check(!/[`\n]|\]\(/.test(rule.fullDescription.text), "fullDescription is plain text");
  check(rule.help.text.length > 0 && rule.help.markdown === pages.get(rule.id), "help");
  check(new URL(rule.helpUri).pathname.endsWith(rule.id), "helpUri");
  check(["error", "warning", "note"].includes(rule.defaultConfiguration.level), "level");
  check(rule.properties.tags.length > 0 && rule.properties.tags.length <= 10, "tags");
  return wrong;
}

test("every rule and every result has what code scanning asks for, within its limits", () => {
  const problems = subjects.flatMap(([name, found]) => {
    const text = shown("sarif", found);
    const { runs } = JSON.parse(text) as Log;
    const [run] = runs;
    if (!run || runs.length > 20 || text.length > 10_000_000) return [`${name}: runs`];
    const { rules } = run.tool.driver;
    const prints = run.results.map((one) => one.partialFingerprints["plumbline/v1"]);
    return [
      ...rules.flatMap(problemsOfRule),
      ...(new Set(prints).size === prints.length ? [] : [`${name}: two results with one fingerprint`]),
      ...run.results.flatMap((one) => {
        const fits =
          rules[one.ruleIndex]?.id === one.ruleId &&
          one.message.text.length > 0 &&
          one.locations.length === 1 &&
          (one.relatedLocations?.length ?? 0) < 1000 &&
          !/^([a-z]+:|\/)|\\|\.\.\//.test(one.locations[0]?.physicalLocation.artifactLocation.uri ?? "");
        return fits ? [] : [`${name}: ${JSON.stringify(one)}`];
      }),
    ];
  });
  expect(problems).toEqual([]);
  expect(subjects.length).toBeGreaterThan(450);
}, 120_000);

test("a log holds the most severe findings, as many as code scanning takes", () => {
  const rules = defineRules("zone", {
    bad: { severity: "error", message: () => "bad" },
    aside: { severity: "note", message: () => "aside" },
  });
  const found = Array.from({ length: 25_002 }, (_, at) =>
    rules.diagnose(at === 25_001 ? "bad" : "aside", undefined, {}),
  );
  const [run] = JSON.parse(shown("sarif", found)).runs;
  expect(run.results.length).toBe(25_000);
  expect(run.results.filter((one: Result) => one.level === "error").length).toBe(1);
  expect(run.invocations[0].toolExecutionNotifications[0].message.text).toContain("2 findings are left out");
});

/** As GitLab documents a report of Code Quality. */
const gitlab = {
  type: "array",
  items: {
    type: "object",
    required: ["description", "check_name", "fingerprint", "severity", "location"],
    additionalProperties: false,
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", minLength: 1 },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        required: ["path", "lines"],
        additionalProperties: false,
        properties: {
          path: { type: "string", pattern: "^(?!\\./|/)." },
          lines: {
            type: "object",
            required: ["begin"],
            additionalProperties: false,
            properties: { begin: { type: "integer", minimum: 1 }, end: { type: "integer", minimum: 1 } },
          },
        },
      },
    },
  },
};

const position = {
  type: "object",
  required: ["line", "column"],
  additionalProperties: false,
  properties: { line: { type: "integer", minimum: 1 }, column: { type: "integer", minimum: 1 } },
};
const range = {
  type: "object",
  required: ["start", "end"],
  additionalProperties: false,
  properties: { start: position, end: position },
};
const location = {
  type: "object",
  required: ["path"],
  additionalProperties: false,
  properties: { path: { type: "string", minLength: 1 }, range },
};
/** Reviewdog's DiagnosticResult, as its protocol says it. */
const rdjson = {
  type: "object",
  required: ["source", "diagnostics"],
  additionalProperties: false,
  properties: {
    source: {
      type: "object",
      required: ["name"],
      additionalProperties: false,
      properties: { name: { type: "string" }, url: { type: "string" } },
    },
    diagnostics: {
      type: "array",
      items: {
        type: "object",
        required: ["message", "location"],
        additionalProperties: false,
        properties: {
          message: { type: "string", minLength: 1 },
          location,
          severity: { enum: ["ERROR", "WARNING", "INFO"] },
          code: {
            type: "object",
            required: ["value"],
            additionalProperties: false,
            properties: { value: { type: "string" }, url: { type: "string" } },
          },
          suggestions: {
            type: "array",
            items: {
              type: "object",
              required: ["range", "text"],
              additionalProperties: false,
              properties: { range, text: { type: "string" } },
            },
          },
          related_locations: {
            type: "array",
            items: {
              type: "object",
              required: ["location"],
              additionalProperties: false,
              properties: { message: { type: "string" }, location },
            },
          },
        },
      },
    },
  },
};

test("gitlab and rdjson are what GitLab and reviewdog document", () => {
  for (const [name, schema] of Object.entries({ gitlab, rdjson })) {
    const validate = new Ajv().compile(schema);
    for (const [subject, found] of subjects)
      expect(validate(JSON.parse(shown(name as FormatName, found))) ? [] : [subject, validate.errors]).toEqual([]);
  }
  for (const [subject, found] of subjects) {
    const prints = JSON.parse(shown("gitlab", found)).map((one: { fingerprint: string }) => one.fingerprint);
    expect(new Set(prints).size, subject).toBe(prints.length);
  }
}, 60_000);

/** Names of the elements of a text that is well-formed XML; throws for any other. */
function elementsOf(xml: string): readonly string[] {
  const open: string[] = [];
  const found: string[] = [];
  const body = xml.replace(/^<\?xml[^>]*\?>/, "");
  let at = 0;
  for (const match of body.matchAll(/<(\/?)([a-z-]+)((?: [a-z]+="(?:[^"<&]|&(?:lt|gt|amp|quot);)*")*)(\/?)>/g)) {
    const between = body.slice(at, match.index);
    if (/[<]|&(?!(?:lt|gt|amp|quot);)/.test(between)) throw new Error(`not well-formed: ${between}`);
    at = match.index + match[0].length;
    const name = match[2] as string;
    if (match[1]) {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    found.push(name);
    if (!match[4]) open.push(name);
  }
  if (open.length > 0 || body.slice(at).trim() !== "") throw new Error("not well-formed at its end");
  return found;
}

test("junit has a case for each finding, is well-formed, and counts what fails", () => {
  for (const [subject, found] of subjects) {
    const xml = shown("junit", found);
    const elements = elementsOf(xml);
    const errors = found.filter((one) => one.severity === "error").length;
    expect(elements.filter((one) => one === "testcase").length, subject).toBe(Math.max(1, found.length));
    expect(elements.filter((one) => one === "failure").length, subject).toBe(errors);
    expect(xml, subject).toContain(`failures="${errors}"`);
  }
  const odd = defineRules("zone", { odd: { severity: "error", message: () => `a "<b>" & \u0001\ud800\uffff` } });
  expect(shown("junit", [odd.diagnose("odd", undefined, {})])).toContain(
    "a &quot;&lt;b&gt;&quot; &amp; \\u0001\ufffd\ufffd",
  );
});

test("what holds is a case that passes", () => {
  const passed = [{ name: "zone a reaches zone b", file: "a.yaml", line: 3 }];
  expect(elementsOf(formatFindings("junit", [], { ...options, passed }))).toEqual([
    "testsuites",
    "testsuite",
    "testcase",
  ]);
});

test("an edit that is suggested removes its finding", () => {
  const edited = ({ text }: { readonly text: string }, edit: Edit) =>
    text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  let edits = 0;
  for (const { code, page } of ruleCatalogue) {
    const wrong = examplesOf(page ?? "")?.wrong;
    if (wrong === undefined || /^# plumbline migrate/.test(wrong)) continue;
    const found = findingsOf(code, wrong).filter((one) => one.code === code);
    const suggested = found.flatMap((one) => suggestEdit(one) ?? [])[0];
    if (!suggested?.file.text.includes(wrong.trim())) continue;
    const before = suggested.file.text.indexOf(wrong.trim());
    const text = edited(suggested.file, suggested).slice(before);
    const changed = text.slice(0, wrong.trim().length + suggested.text.length - (suggested.end - suggested.start));
    expect(
      findingsOf(code, `${changed}\n`).filter((one) => one.code === code).length,
      `${code}: ${suggested.text}`,
    ).toBeLessThan(found.length);
    edits++;
  }
  expect(edits).toBeGreaterThan(25);
});

test("columns of rdjson count bytes", () => {
  const file = { path: "a.yaml", text: "é😀: x\n" };
  const rules = defineRules("zone", { odd: { severity: "error", message: () => "odd" } });
  const found = rules.diagnose("odd", { file, start: 5, end: 6 }, {});
  const [one] = JSON.parse(shown("rdjson", [found])).diagnostics;
  expect(one.location.range).toEqual({ start: { line: 1, column: 9 }, end: { line: 1, column: 10 } });
});
