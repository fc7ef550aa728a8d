import { findPosition, readLine } from "../../source/source-file.ts";
import type { Span } from "../../yaml/span.ts";
import { buildPageAddress, DOCS_ADDRESS } from "../docs-address.ts";
import { redactText } from "../secrets.ts";
import type { FormatOptions } from "./names.ts";
import { type DisplaySpan, isWholeFile, type LocatedFinding } from "./sort-findings.ts";
import { stringifySafely } from "./stringify-safely.ts";
import { suggestEdit } from "./suggested-edit.ts";

const severities = { error: "ERROR", warning: "WARNING", note: "INFO" } as const;

/** Reviewdog's diagnostics, with suggestions. Columns count bytes of UTF-8 there. */
export function formatRdjson(located: readonly LocatedFinding[], { folder = "" }: FormatOptions): string {
  const diagnostics = located.map(({ diagnostic, span, related }) => {
    const { code, severity, message, notes, help } = diagnostic;
    const edit = suggestEdit(diagnostic);
    return {
      message: redactText([message, ...notes, ...(help === undefined ? [] : [help])].join("\n")),
      location: span ? locationOf(span) : { path: `${folder}plumbline.yaml` },
      severity: severities[severity],
      code: { value: code, url: buildPageAddress(code) },
      ...(edit && { suggestions: [{ range: rangeInBytes(edit), text: edit.text }] }),
      ...(related.length > 0 && {
        related_locations: related.map((one) => ({ message: redactText(one.label), location: locationOf(one.span) })),
      }),
    };
  });
  return `${stringifySafely({ source: { name: "plumbline", url: DOCS_ADDRESS }, diagnostics })}\n`;
}

function locationOf(span: DisplaySpan) {
  return { path: span.shownPath, ...(!isWholeFile(span) && { range: rangeInBytes(span) }) };
}

function rangeInBytes({ file, start, end }: Span) {
  return { start: inBytes({ file, start, end }, start), end: inBytes({ file, start, end }, end) };
}

function inBytes({ file }: Span, offset: number) {
  const { line, column } = findPosition(file, offset);
  return { line, column: Buffer.byteLength(readLine(file, line).slice(0, column - 1)) + 1 };
}
