import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { SourceFile } from "../source/source-file.ts";
import { templateRules } from "./rules.ts";
import type { Tag } from "./tags.ts";
import {
  type BlockName,
  blockNames,
  helperNames,
  type LoopName,
  loopNames,
  type Operand,
  type ValueNode,
} from "./template.ts";

export type ReadTag =
  | ValueNode
  | { readonly type: "open"; readonly block: BlockName; readonly value: Operand }
  | { readonly type: "close"; readonly block: BlockName }
  | { readonly type: "else" }
  | { readonly type: "comment" };

/** What Handlebars has and a template here may not hold, by how it begins. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^#?>/, "partial"],
  [/^#?\*/, "decorator"],
  [/^\{/, "triple braces"],
  [/^&/, "`&`"],
  [/^~|~$/, "`~`"],
  [/^#\s*\^|^\^/, "inverse block by `^`; `{{else}}` and `{{#unless}}` do the same"],
  [/\(/, "expression in brackets"],
  [/=/, "named argument"],
  [/\|/, "block parameter"],
  [/^else\s+\S/, "`{{else}}` with a condition"],
];

/** The widest indentation that a template asks for. */
const INDENT_MAX = 40;

/** What a tag says, or why it may not. */
export function readTag(file: SourceFile, { inside, start, end }: Tag): ReadTag | Diagnostic {
  if (inside.startsWith("!")) return { type: "comment" };
  const place = { file, start, end };
  const words = inside.trim();
  const refused = REFUSED.find(([form]) => form.test(words));
  if (refused) return templateRules.diagnose("not-allowed", place, { what: refused[1] });
  if (words === "else") return { type: "else" };
  const syntax = (what: string, help?: string) => templateRules.diagnose("syntax", place, { what }, { help });
  const sign = /^[#/]/.exec(words)?.[0];
  const [first = "", operand, third, ...more] = (sign ? words.slice(1).trim() : words).split(/\s+/);
  if (sign === undefined) {
    if (!isOne(helperNames, first)) return reportBareValue(file, start, end, first, operand === undefined);
    if (operand === undefined || more.length > 0) return syntax(`\`${first}\` takes one value and an indentation`);
    const value = operandOf(operand);
    const indent = third === undefined ? undefined : Number(third);
    if (!value) return syntax(`\`${operand}\` is no name of a value`);
    const wrong = indent !== undefined && !(/^\d+$/.test(third ?? "") && indent <= INDENT_MAX);
    if (wrong || (indent === undefined) === (first === "yaml" || first === "json"))
      return syntax(`\`${first}\` takes ${indent === undefined || wrong ? "an" : "no"} indentation`);
    return { type: "value", helper: first, value, indent, start, end };
  }
  if (!isOne(blockNames, first))
    return templateRules.diagnose("not-allowed", place, { what: `block \`${first}\`` }, { help: blocks(first) });
  if (sign === "/")
    return operand === undefined ? { type: "close", block: first } : syntax("a closing tag has no value");
  const value = operand === undefined || third !== undefined ? undefined : operandOf(operand);
  return value ? { type: "open", block: first, value } : syntax(`\`{{#${first}}}\` takes the name of one value`);
}

/** A value without a helper, or with one that is not there: each must go through one that knows how to quote it. */
function reportBareValue(file: SourceFile, start: number, end: number, word: string, alone: boolean): Diagnostic {
  const place = { file, start, end };
  const notes = ["helpers are: q (a scalar of YAML), yaml, json (trees), w (a word), set (a set of nft)"];
  if (word === "" || (!alone && word === "else"))
    return templateRules.diagnose("syntax", place, { what: "an empty tag" });
  if (alone && operandOf(word)) {
    const help = `write \`{{q ${word}}}\` in YAML, \`{{w ${word}}}\` in a script or configuration`;
    return templateRules.diagnose("not-allowed", place, { what: "value without a helper" }, { help, notes });
  }
  const help = formatSuggestion(word, helperNames);
  return templateRules.diagnose("not-allowed", place, { what: `helper \`${word}\`` }, { help, notes });
}

function blocks(word: string): string {
  return formatSuggestion(word, blockNames) ?? `blocks are: ${formatList([...blockNames])}`;
}

function isOne<Name extends string>(names: readonly Name[], word: string): word is Name {
  return (names as readonly string[]).includes(word);
}

function operandOf(written: string): Operand | undefined {
  const up = /^(?:\.\.\/)*/.exec(written)?.[0] ?? "";
  const rest = written.slice(up.length);
  const base = { written, up: up.length / 3 };
  if (rest.startsWith("@")) {
    const loop = rest.slice(1);
    return isOne<LoopName>(loopNames, loop) ? { ...base, loop, path: [] } : undefined;
  }
  if (rest === "this" || rest === ".") return { ...base, loop: undefined, path: [] };
  const path = rest.replace(/^(?:this\.|\.\/)/, "").split(".");
  const named = path.every((step) => /^[A-Za-z_][\w-]*$/.test(step) && step !== "this");
  return named ? { ...base, loop: undefined, path } : undefined;
}
