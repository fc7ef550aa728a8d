import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { TextPlace } from "../source/place.ts";
import { templateRules } from "./rules.ts";
import type { HelperName, Operand, Template, TemplateNode, ValueNode } from "./template.ts";

/** How values are spelt. A helper throws for what it cannot spell. */
export type Helpers = Readonly<Record<HelperName, (value: unknown, indent: unknown) => string>>;

/** Bounds of one run. They count what is done, not how long it takes. */
export interface TemplateLimits {
  readonly steps: number;
  readonly characters: number;
}

export interface TemplateRun {
  readonly text: string;
  /** Why the run stopped before its end. */
  readonly problem?: Diagnostic;
  /** Where the character at an offset of the text comes from. */
  readonly placeOf: (offset: number) => TextPlace;
}

interface Scope {
  readonly value: unknown;
  readonly up: Scope | undefined;
  readonly loop: Readonly<Record<string, unknown>>;
}

const TAKES: Readonly<Record<HelperName, string>> = {
  q: "a text, a number, true or false",
  w: "a text that cannot end its line or its quotes",
  set: "a list of at least one address",
  yaml: "a tree",
  json: "a tree",
};

class Stopped extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Spells data as a template says. Nothing is called but the helpers; only own fields of the data can be named. */
export function runTemplate(template: Template, data: unknown, helpers: Helpers, limits: TemplateLimits): TemplateRun {
  const { file, nodes } = template;
  const marks: { readonly at: number; readonly node: Exclude<TemplateNode, { type: "block" }> }[] = [];
  let text = "";
  let steps = 0;
  const say = (node: TemplateNode) => ({ file, start: node.start, end: node.end });
  const count = (node: TemplateNode, by = 1) => {
    steps += by;
    if (steps <= limits.steps && text.length <= limits.characters) return;
    const what = steps > limits.steps ? "goes round too often" : "writes far more than the built-in one";
    throw new Stopped(templateRules.diagnose("too-long", say(node), { what }));
  };
  const run = (inside: readonly TemplateNode[], scope: Scope): void => {
    for (const node of inside) {
      count(node);
      if (node.type === "block") {
        for (const next of scopesOf(node, scope, say)) {
          count(node);
          run(next.body, next.scope);
        }
        continue;
      }
      marks.push({ at: text.length, node });
      text +=
        node.type === "text"
          ? node.text
          : applyHelper(node, requireValue(node.value, scope, say(node)), helpers, say(node));
      count(node, 0);
    }
  };
  const placeOf = (offset: number): TextPlace => {
    const mark = marks.findLast((one) => one.at <= offset);
    if (!mark) return { file, start: 0, end: 0 };
    if (mark.node.type !== "text") return say(mark.node);
    const start = Math.min(mark.node.start + offset - mark.at, mark.node.end);
    const stop = file.text.indexOf("\n", start);
    return { file, start, end: stop === -1 ? mark.node.end : Math.min(stop, mark.node.end) };
  };
  try {
    run(nodes, { value: data, up: undefined, loop: {} });
  } catch (cause) {
    if (!(cause instanceof Stopped)) throw cause;
    return { text, problem: cause.diagnostic, placeOf };
  }
  return { text, placeOf };
}

function applyHelper({ helper, value, indent }: ValueNode, found: unknown, helpers: Helpers, place: TextPlace): string {
  try {
    return helpers[helper](found, indent);
  } catch {
    const parameters = { value: value.written, helper, takes: TAKES[helper] };
    throw new Stopped(templateRules.diagnose("wrong-value", place, parameters));
  }
}

/** Which body a block runs, how often and with what. */
function scopesOf(
  node: Extract<TemplateNode, { type: "block" }>,
  scope: Scope,
  say: (node: TemplateNode) => TextPlace,
): readonly { readonly body: readonly TemplateNode[]; readonly scope: Scope }[] {
  const otherwise = [{ body: node.otherwise, scope }];
  if (node.block !== "each") {
    const holds = isSomething(find(node.value, scope)) === (node.block === "if");
    return holds ? [{ body: node.body, scope }] : otherwise;
  }
  const value = requireValue(node.value, scope, say(node));
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return otherwise;
  return entries.map(([key, one], index) => {
    const loop = {
      index,
      key: Array.isArray(value) ? index : key,
      first: index === 0,
      last: index === entries.length - 1,
    };
    return { body: node.body, scope: { value: one, up: scope, loop } };
  });
}

function isSomething(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function scopeOf({ up }: Operand, scope: Scope): Scope | undefined {
  let at: Scope | undefined = scope;
  for (let left = up; left > 0 && at; left--) at = at.up;
  return at;
}

/** The value of a name, or undefined: own fields of plain data only. */
function find(operand: Operand, scope: Scope): unknown {
  const at = scopeOf(operand, scope);
  if (operand.loop) return at?.loop[operand.loop];
  return operand.path.reduce<unknown>((value, step) => field(value, step), at?.value);
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function requireValue(operand: Operand, scope: Scope, place: TextPlace): unknown {
  const value = find(operand, scope);
  if (value !== undefined) return value;
  const names = fieldsNear(operand, scope);
  const last = operand.path.at(-1) ?? operand.written;
  const notes = names.length > 0 ? [`there is: ${formatList(names)}`] : [];
  const extra = { notes, help: formatSuggestion(last, names) };
  throw new Stopped(templateRules.diagnose("unknown-value", place, { value: operand.written }, extra));
}

/** The names that could stand where a name leads nowhere. */
function fieldsNear(operand: Operand, scope: Scope): readonly string[] {
  let value = scopeOf(operand, scope)?.value;
  for (const step of operand.path) {
    const next = field(value, step);
    if (next === undefined) break;
    value = next;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
