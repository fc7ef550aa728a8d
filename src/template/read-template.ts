import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readTag } from "./read-tag.ts";
import { templateRules } from "./rules.ts";
import { splitTags } from "./tags.ts";
import type { BlockNode, Template, TemplateNode } from "./template.ts";

/** Deeper than any template that people read. */
const DEPTH_MAX = 16;

/** What a reviewer cannot see: controls but line ends and tabs, marks of direction, spaces of no width. */
const INVISIBLE = /[^\P{C}\n\r\t]|[\u2028\u2029]/u;

interface OpenBlock {
  readonly node: Pick<BlockNode, "block" | "value" | "start" | "end">;
  readonly body: TemplateNode[];
  otherwise: TemplateNode[] | undefined;
}

/**
 * A template of the project as text, values and blocks. The language is the part of Handlebars that spells and cannot
 * decide much: no partials, no helpers of one's own, nothing that is looked up by a computed name.
 */
export function readTemplate(name: string, file: SourceFile): Template | Diagnostic {
  const odd = INVISIBLE.exec(file.text);
  if (odd) {
    const code = `U+${(odd[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
    const place = { file, start: odd.index, end: odd.index + odd[0].length };
    return templateRules.diagnose("control-character", place, { code });
  }
  const root: TemplateNode[] = [];
  const open: OpenBlock[] = [];
  const wrong = (start: number, end: number, what: string) =>
    templateRules.diagnose("syntax", { file, start, end }, { what });
  const pieces = splitTags(file);
  if ("code" in pieces) return pieces;
  for (const piece of pieces) {
    const top = open.at(-1);
    const into = top ? (top.otherwise ?? top.body) : root;
    if (piece.type === "text") {
      if (piece.text !== "") into.push(piece);
      continue;
    }
    const tag = readTag(file, piece);
    if ("code" in tag) return tag;
    const { start, end } = piece;
    if (tag.type === "value") into.push(tag);
    else if (tag.type === "open") {
      if (open.length === DEPTH_MAX) return wrong(start, end, `blocks are more than ${DEPTH_MAX} deep`);
      open.push({ node: { block: tag.block, value: tag.value, start, end }, body: [], otherwise: undefined });
    } else if (tag.type === "else") {
      if (!top || top.otherwise) return wrong(start, end, "`{{else}}` belongs to no block");
      top.otherwise = [];
    } else if (tag.type === "close") {
      if (top?.node.block !== tag.block) return wrong(start, end, `\`{{/${tag.block}}}\` closes no block`);
      open.pop();
      const parent = open.at(-1);
      const node: BlockNode = { type: "block", ...top.node, body: top.body, otherwise: top.otherwise ?? [] };
      (parent ? (parent.otherwise ?? parent.body) : root).push(node);
    }
  }
  const left = open.at(-1)?.node;
  return left ? wrong(left.start, left.end, `\`{{#${left.block}}}\` is not closed`) : { name, file, nodes: root };
}
