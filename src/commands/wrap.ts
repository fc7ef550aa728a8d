import { wrapWords } from "../diagnostics/format/wrap-words.ts";

/** A text in lines of a width, each behind an indent. */
export function wrapText(text: string, width: number, indent = ""): string {
  return wrapWords(text, width - indent.length)
    .map((line) => indent + line)
    .join("\n");
}
