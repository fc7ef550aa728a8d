import type { CodeAction, Diagnostic as LspDiagnostic, Position, Range, TextEdit } from "vscode-languageserver";
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import { pageAddress } from "../diagnostics/docs-address.ts";
import type { Edit } from "../diagnostics/edit.ts";
import { suggestedEdit } from "../diagnostics/format/suggested-edit.ts";
import { redact } from "../diagnostics/secrets.ts";
import { positionAt, type SourceFile } from "../source/source-file.ts";
import { type Span, spanOf } from "../yaml/span.ts";

/** Addresses of files: the protocol names them by URIs. */
export type UriOf = (path: string) => string;

export function lspPosition(file: SourceFile, offset: number): Position {
  const { line, column } = positionAt(file, offset);
  return { line: line - 1, character: column - 1 };
}

export function lspRange({ file, start, end }: Span): Range {
  return { start: lspPosition(file, start), end: lspPosition(file, end) };
}

const severities: Readonly<Record<Severity, 1 | 2 | 3>> = { error: 1, warning: 2, note: 3 };

/** A finding as an editor shows it. */
export function lspDiagnostic(finding: Diagnostic, uriOf: UriOf): LspDiagnostic {
  const { code, severity, message, place, label, related, notes, help } = finding;
  const text = [
    label === undefined ? message : `${message} (${label})`,
    ...notes.map((one) => `note: ${one}`),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ];
  return {
    range: place ? lspRange(spanOf(place)) : { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    severity: severities[severity],
    code,
    codeDescription: { href: pageAddress(code) },
    source: "plumbline",
    message: redact(text.join("\n")),
    ...(related.length > 0 && {
      relatedInformation: related.map((one) => {
        const span = spanOf(one.place);
        return { location: { uri: uriOf(span.file.path), range: lspRange(span) }, message: redact(one.label) };
      }),
    }),
  };
}

/** The edit that a finding suggests, as a quick fix. */
export function quickFix(finding: Diagnostic, uriOf: UriOf): CodeAction | undefined {
  const edit = suggestedEdit(finding);
  if (!edit) return undefined;
  return {
    title: edit.text === "" ? "Remove it" : `Change to ${edit.text.replace(/\s+/g, " ").slice(0, 60)}`,
    kind: "quickfix",
    diagnostics: [lspDiagnostic(finding, uriOf)],
    isPreferred: true,
    edit: { changes: { [uriOf(edit.file.path)]: [lspEdit(edit)] } },
  };
}

function lspEdit(edit: Edit): TextEdit {
  return { range: lspRange(edit), newText: edit.text };
}
