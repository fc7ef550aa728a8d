import { lineText, positionAt } from "../../source/source-file.ts";
import type { Span } from "../../yaml/span.ts";
import { DOCS_ADDRESS, pageAddress } from "../docs-address.ts";
import { redact } from "../secrets.ts";
import type { FormatOptions } from "./names.ts";
import { isWhole, type Located, type ShownSpan } from "./sorted.ts";
import { spellJson } from "./spell-json.ts";
import { suggestedEdit } from "./suggested-edit.ts";

const severities = { error: "ERROR", warning: "WARNING", note: "INFO" } as const;

/** Reviewdog's diagnostics, with suggestions. Columns count bytes of UTF-8 there. */
export function formatRdjson(located: readonly Located[], { folder = "" }: FormatOptions): string {
  const diagnostics = located.map(({ diagnostic, span, related }) => {
    const { code, severity, message, notes, help } = diagnostic;
    const edit = suggestedEdit(diagnostic);
    return {
      message: redact([message, ...notes, ...(help === undefined ? [] : [help])].join("\n")),
      location: span ? locationOf(span) : { path: `${folder}plumbline.yaml` },
      severity: severities[severity],
      code: { value: code, url: pageAddress(code) },
      ...(edit && { suggestions: [{ range: rangeInBytes(edit), text: edit.text }] }),
      ...(related.length > 0 && {
        related_locations: related.map((one) => ({ message: redact(one.label), location: locationOf(one.span) })),
      }),
    };
  });
  return `${spellJson({ source: { name: "plumbline", url: DOCS_ADDRESS }, diagnostics })}\n`;
}

function locationOf(span: ShownSpan) {
  return { path: span.shownPath, ...(!isWhole(span) && { range: rangeInBytes(span) }) };
}

function rangeInBytes({ file, start, end }: Span) {
  return { start: inBytes({ file, start, end }, start), end: inBytes({ file, start, end }, end) };
}

function inBytes({ file }: Span, offset: number) {
  const { line, column } = positionAt(file, offset);
  return { line, column: Buffer.byteLength(lineText(file, line).slice(0, column - 1)) + 1 };
}
