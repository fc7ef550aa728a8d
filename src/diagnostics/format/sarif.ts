import { contentHash } from "../../net/hash.ts";
import type { Span } from "../../source/span.ts";
import { spanOf } from "../../source/span.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { redact } from "../secrets.ts";
import { rangeOf } from "./json.ts";
import { sorted } from "./sorted.ts";

/** SARIF 2.1.0 (OASIS), as code scanning takes it. */
export function formatSarif(diagnostics: readonly Diagnostic[], version: string): string {
  const all = sorted(diagnostics);
  const codes = [...new Set(all.map(({ diagnostic }) => diagnostic.code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "plumbline",
            version,
            informationUri: "https://plumbline.dev",
            rules: codes.map((code) => ({ id: code, helpUri: `https://plumbline.dev/rules/${code}` })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: all.map(({ diagnostic, span }) => resultOf(diagnostic, span, codes)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(diagnostic: Diagnostic, span: Span | undefined, codes: readonly string[]) {
  const { code, severity, message, related, help } = diagnostic;
  const text = redact(help === undefined ? message : `${message}. ${help}`);
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text },
    locations: span ? [{ physicalLocation: physical(span) }] : [],
    ...(related.length > 0 && {
      relatedLocations: related.map((one, index) => ({
        id: index + 1,
        physicalLocation: physical(spanOf(one.place)),
        message: { text: one.label },
      })),
    }),
    partialFingerprints: { "plumbline/v1": contentHash(`${code} ${span?.file.path ?? ""} ${message}`, 32) },
  };
}

function physical(span: Span) {
  const { file, line, column, endLine, endColumn } = rangeOf(span);
  return {
    artifactLocation: { uri: encodeURI(file) },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}
