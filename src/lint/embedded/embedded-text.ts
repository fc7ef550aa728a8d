import type { Scalar } from "yaml";
import type { Edit } from "../../diagnostics/edit.ts";
import type { Path, TextPlace } from "../../source/place.ts";
import { findScalar, type LintDocument, locatePath } from "../read/lint-document.ts";
import { hasTemplateFiller } from "../read/templates.ts";
import { mapContentOffsets } from "./content-offsets.ts";
import { findRange, OPAQUE, toPlainData } from "./json-node.ts";
import { type JsonText, readJson } from "./read-json.ts";

/** A text within a YAML scalar, of which every part has a place in the file. */
export interface EmbeddedText {
  readonly doc: LintDocument;
  /** Of the scalar in its document. */
  readonly path: Path;
  readonly text: string;
  /** Characters at the start of `text` that do not stand in the file. */
  readonly before?: number;
}

interface Source {
  readonly scalar: Scalar;
  readonly text: string;
}

/** Behind a character of the content: an escape takes two of the text, if not more. */
function characterEnd({ scalar, text }: Source, at: number): number {
  return at + (scalar.type === "QUOTE_DOUBLE" && text[at] === "\\" ? 2 : 1);
}

/** Where a stretch of an embedded text stands in the file. */
export function locateInFile({ doc, path, before = 0 }: EmbeddedText, first: number, end: number): TextPlace {
  const source = findScalar(doc, path);
  if (!source) return locatePath(doc, path);
  const offsets = mapContentOffsets(source.text, source.scalar);
  const start = Math.max(0, first - before);
  const last = Math.max(start, end - before - 1);
  const from = offsets[Math.min(start, offsets.length - 1)] as number;
  const lastAt = offsets[Math.min(last, offsets.length - 1)] as number;
  const to = end > first ? characterEnd(source, lastAt) : lastAt;
  const file = doc.part.file;
  const begin = source.inFile(from);
  return { file, start: begin, end: Math.max(begin, to > from ? source.inFile(to - 1) + 1 : begin) };
}

/**
 * An edit of an embedded text as one of the file, in the way that the scalar is quoted; undefined where the text does
 * not stand in the file as it is (escapes, folded lines).
 */
export function convertEdit(embedded: EmbeddedText, start: number, end: number, text: string): Edit | undefined {
  const { doc, path } = embedded;
  const source = findScalar(doc, path);
  if (!source || doc.part.templated || embedded.before !== undefined) return undefined;
  const offsets = mapContentOffsets(source.text, source.scalar);
  // An insertion stands right behind the character before it.
  const behind = (index: number) => characterEnd(source, offsets[index] as number);
  const from = start === end && start > 0 ? behind(start - 1) : (offsets[start] as number);
  const to = end > start ? behind(end - 1) : from;
  const { type } = source.scalar;
  const slice = source.text.slice(from, to);
  const read = type === "QUOTE_DOUBLE" ? slice.replace(/\\(["\\/])/g, "$1") : slice;
  if (read !== embedded.text.slice(start, end)) return undefined;
  if (type === "PLAIN" && /[#:{}[\],&*?|<>=!%@`"'\n]/.test(text)) return undefined;
  const written =
    type === "QUOTE_DOUBLE"
      ? text.replace(/[\\"]/g, "\\$&")
      : type === "QUOTE_SINGLE"
        ? text.replaceAll("'", "''")
        : text;
  return { file: doc.part.file, start: source.inFile(from), end: source.inFile(to), text: written };
}

/** JSON within a YAML scalar. */
export interface EmbeddedJson extends EmbeddedText, JsonText {
  /** Plain data; undefined where the text is too broken. */
  readonly value: unknown;
}

export function readEmbeddedJson(doc: LintDocument, path: Path, text: string): EmbeddedJson {
  const json = readJson(text);
  return { doc, path, text, ...json, value: json.root && toPlainData(json.root) };
}

/** JSON values with commas between, as if brackets stood around them. */
export function readEmbeddedJsonList(doc: LintDocument, path: Path, text: string): EmbeddedJson {
  return { ...readEmbeddedJson(doc, path, `[${text}]`), before: 1 };
}

/** Where something of the JSON stands in the file. */
export function locateJson(json: EmbeddedJson, path: Path, on: "key" | "value" = "value"): TextPlace {
  if (!json.root) return locatePath(json.doc, json.path);
  const { start, end } = findRange(json.root, path, on);
  return locateInFile(json, start, end);
}

/** Whether something else fills a value in before Kubernetes sees it. */
export function isOpaque(value: unknown): boolean {
  return value === OPAQUE || (typeof value === "string" && hasTemplateFiller(value));
}
