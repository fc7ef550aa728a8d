import type { SourceFile } from "../source/source-file.ts";

/** A template of the project, as it was read: text, values and blocks. There is nothing in it that could run. */
export interface Template {
  /** As the built-in one that it replaces: `kubernetes/deployment`. */
  readonly name: string;
  readonly file: SourceFile;
  readonly nodes: readonly TemplateNode[];
}

export type TemplateNode = TextNode | ValueNode | BlockNode;

/** Half-open range of offsets in the template's text. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface TextNode extends Stretch {
  readonly type: "text";
  readonly text: string;
}

/** `{{yaml spec 2}}` */
export interface ValueNode extends Stretch {
  readonly type: "value";
  readonly helper: HelperName;
  readonly value: Operand;
  /** How far a tree is indented. */
  readonly indent: number | undefined;
}

/** `{{#each rules}} … {{else}} … {{/each}}` */
export interface BlockNode extends Stretch {
  readonly type: "block";
  readonly block: BlockName;
  readonly value: Operand;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** `../rules`, `metadata.name`, `this`, `@index` */
export interface Operand {
  readonly written: string;
  /** How many `../` it begins with. */
  readonly up: number;
  readonly loop: LoopName | undefined;
  readonly path: readonly string[];
}

export const helperNames = ["q", "w", "set", "yaml", "json"] as const;
export type HelperName = (typeof helperNames)[number];
export const blockNames = ["each", "if", "unless"] as const;
export type BlockName = (typeof blockNames)[number];
export const loopNames = ["index", "key", "first", "last"] as const;
export type LoopName = (typeof loopNames)[number];
