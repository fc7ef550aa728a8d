import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { templateRules } from "./rules.ts";
import type { TextNode } from "./template.ts";

/** `{{#each rules}}`, with what stands inside. */
export interface Tag {
  readonly type: "tag";
  readonly inside: string;
  readonly start: number;
  readonly end: number;
}

/** Up to here a tag may go; what is longer was not closed. */
const TAG_MAX = 1000;

/** Texts and tags by turns. A block's or comment's tag that is alone on its line takes the line with it. */
export function splitTags(file: SourceFile): readonly (TextNode | Tag)[] | Diagnostic {
  const { text } = file;
  const found: (TextNode | Tag)[] = [];
  let done = 0;
  for (let start = text.indexOf("{{"); start !== -1; start = text.indexOf("{{", done)) {
    if (start > 0 && text[start - 1] === "\\")
      return templateRules.diagnose("not-allowed", { file, start: start - 1, end: start + 2 }, { what: "`\\{{`" });
    const end = endOf(text, start);
    if (end === undefined)
      return templateRules.diagnose("syntax", { file, start, end: start + 2 }, { what: "`{{` is not closed" });
    const inside = text.slice(start + 2, end - 2);
    const tag: Tag = { type: "tag", inside, start, end };
    const cut = cutAround(text, done, start, end, inside);
    found.push(textNode(text, done, Math.max(done, cut.before)), tag);
    done = cut.after;
  }
  found.push(textNode(text, done, text.length));
  return found;
}

function textNode(text: string, start: number, end: number): TextNode {
  return { type: "text", text: text.slice(start, end), start, end };
}

/** Behind the closing braces. A long comment may hold braces of its own. */
function endOf(text: string, start: number): number | undefined {
  const long = /^\{\{!--/.exec(text.slice(start, start + 5));
  if (long) {
    const closing = /--\}\}/g;
    closing.lastIndex = start + long[0].length;
    return closing.exec(text) ? closing.lastIndex : undefined;
  }
  const close = text.indexOf("}}", start);
  if (close === -1) return undefined;
  const comment = text.startsWith("{{!", start);
  return comment || close - start < TAG_MAX ? close + 2 : undefined;
}

/** Where the text before a tag ends and the text behind it begins, once white space is taken away. */
function cutAround(text: string, done: number, start: number, end: number, inside: string) {
  let before = start;
  let after = end;
  const space = (at: number) => /[ \t]/.test(text[at] ?? "");
  if (/^(?:[#/!]|\s*else\s*$)/.test(inside)) {
    let from = start;
    while (from > done && space(from - 1)) from--;
    let to = end;
    while (space(to)) to++;
    const alone =
      (from === 0 || text[from - 1] === "\n") && (to === text.length || /^\r?\n/.test(text.slice(to, to + 2)));
    if (alone) {
      before = from;
      after = text.startsWith("\r\n", to) ? to + 2 : Math.min(to + 1, text.length);
    }
  }
  return { before, after };
}
