import type { CodeAction, Diagnostic as LspDiagnostic, Position, Range, TextEdit } from "vscode-languageserver";
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import { buildPageAddress } from "../diagnostics/docs-address.ts";
import type { Edit } from "../diagnostics/edit.ts";
import { suggestEdit } from "../diagnostics/format/suggested-edit.ts";
import { redactText } from "../diagnostics/secrets.ts";
import { findPosition, type SourceFile } from "../source/source-file.ts";
import { findSpan, type Span } from "../yaml/span.ts";

/** Addresses of files: the protocol names them by URIs. */
export type UriOf = (path: string) => string;

export function toLspPosition(file: SourceFile, offset: number): Position {
  const { line, column } = findPosition(file, offset);
  return { line: line - 1, character: column - 1 };
}

export function toLspRange({ file, start, end }: Span): Range {
  return { start: toLspPosition(file, start), end: toLspPosition(file, end) };
}

const severities: Readonly<Record<Severity, 1 | 2 | 3>> = { error: 1, warning: 2, note: 3 };

/** A finding as an editor shows it. */
export function toLspDiagnostic(finding: Diagnostic, uriOf: UriOf): LspDiagnostic {
  const { code, severity, message, place, label, related, notes, help } = finding;
  const text = [
    label === undefined ? message : `${message} (${label})`,
    ...notes.map((one) => `note: ${one}`),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ];
  return {
    range: place ? toLspRange(findSpan(place)) : { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    severity: severities[severity],
    code,
    codeDescription: { href: buildPageAddress(code) },
    source: "plumbline",
    message: redactText(text.join("\n")),
    ...(related.length > 0 && {
      relatedInformation: related.map((one) => {
        const span = findSpan(one.place);
        return { location: { uri: uriOf(span.file.path), range: toLspRange(span) }, message: redactText(one.label) };
      }),
    }),
  };
}

/** The edit that a finding suggests, as a quick fix. */
export function toQuickFix(finding: Diagnostic, uriOf: UriOf): CodeAction | undefined {
  const edit = suggestEdit(finding);
  if (!edit) return undefined;
  return {
    title: edit.text === "" ? "Remove it" : `Change to ${edit.text.replace(/\s+/g, " ").slice(0, 60)}`,
    kind: "quickfix",
    diagnostics: [toLspDiagnostic(finding, uriOf)],
    isPreferred: true,
    edit: { changes: { [uriOf(edit.file.path)]: [lspEdit(edit)] } },
  };
}

function lspEdit(edit: Edit): TextEdit {
  return { range: toLspRange(edit), newText: edit.text };
}
