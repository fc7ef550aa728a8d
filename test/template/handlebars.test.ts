import fc from "fast-check";
import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { templateHelpers } from "../../src/stages/render/helpers.ts";
import { readTemplate } from "../../src/template/read-template.ts";
import { runTemplate } from "../../src/template/run-template.ts";

/** Not one list several times: Handlebars adds no level where an element is the very one outside. */
const list = () => [
  { name: "one", tags: ["x", "y"] },
  { name: "two", tags: [] },
  { name: "three", tags: ["z"] },
];

const data = {
  list0: list(),
  list1: list(),
  list2: list(),
  list3: list(),
  name: "edge",
  none: [],
  yes: true,
  no: false,
  tree: { a: { b: "deep" }, c: 2 },
};

const engine = Handlebars.create();
for (const [name, helper] of Object.entries(templateHelpers)) engine.registerHelper(name, helper);

/** Handlebars itself, told to be as strict. */
function byHandlebars(text: string): string {
  return engine.compile(text, { noEscape: true })(data);
}

function byUs(text: string): string {
  const template = readTemplate("x", { path: "x.hbs", text });
  if ("code" in template) throw new Error(`${template.code}: ${template.message}`);
  const ran = runTemplate(template, data, templateHelpers, { steps: 100_000, characters: 1_000_000 });
  if (ran.problem) throw new Error(ran.problem.message);
  return ran.text;
}

const space = fc.constantFrom("", " ", "\n", "\n\n", "  \n", "\r\n", "\t", " x ", "x\n", "\nx", "\n  x: ");
const inner = fc.constantFrom("", " ");
const root = "../../../../";

/** Pieces that make sense at any depth below the root: names of the root are reached from where they stand. */
function pieces(depth: number, inList: boolean, up: number): fc.Arbitrary<string> {
  const to = root.slice(0, up * 3);
  const values = [
    `q ${to}name`,
    `q ${to}tree.a.b`,
    `yaml ${to}tree 2`,
    `json ${to}list0 4`,
    `q ${to}tree.c`,
    `w ${to}name`,
  ];
  const own = inList
    ? ["q name", "q this.name", "q ./name", "q @index", "q @first", "q @last", "q @key", "yaml this 0"]
    : [];
  const value = fc.tuple(inner, fc.constantFrom(...values, ...own), inner).map(([a, word, b]) => `{{${a}${word}${b}}}`);
  const comment = fc.constantFrom("{{! remark }}", "{{!-- a }} b --}}", "{{!--x--}}");
  const leaf = fc.oneof(space, value, comment);
  if (depth === 0) return leaf;
  const tag = (word: string) => fc.constant(`{{${word}}}`);
  const block = (name: string, operand: string, list: boolean, more: number) =>
    fc
      .tuple(
        tag(`#${name} ${operand}`),
        body(depth - 1, list, up + more),
        fc.option(fc.tuple(tag("else"), body(depth - 1, inList, up))),
        tag(`/${name}`),
      )
      .map(([open, inside, other, close]) => `${open}${inside}${other ? other.join("") : ""}${close}`);
  return fc.oneof(
    leaf,
    block("if", `${to}yes`, inList, 0),
    block("if", `${to}none`, inList, 0),
    block("unless", `${to}no`, inList, 0),
    block("each", `${to}list${up}`, true, 1),
    block("each", `${to}none`, true, 1),
  );
}

function body(depth: number, inList: boolean, up: number): fc.Arbitrary<string> {
  return fc.array(pieces(depth, inList, up), { maxLength: 6 }).map((all) => all.join(""));
}

/** A sample in every run; `npm run test:templates` takes more. */
const RUNS = process.env.TEMPLATES === "all" ? 5000 : 250;

test("what can be said at all means what Handlebars means by it", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(body(3, false, 0), (text) => {
      expect(byUs(text)).toBe(byHandlebars(text));
    }),
    { numRuns: RUNS },
  );
});

test("a tree is gone through by its keys", () => {
  const text = "{{#each tree}}{{q @key}} {{q @index}} {{q @first}} {{q @last}}\n{{/each}}";
  expect(byUs(text)).toBe(byHandlebars(text));
  expect(byUs(text)).toBe("a 0 true false\nc 1 false true\n");
});
