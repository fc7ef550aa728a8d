import { contentHash } from "../../net/hash.ts";
import { redact } from "../secrets.ts";
import { rangeOf } from "./json.ts";
import type { FormatOptions } from "./names.ts";
import { isWhole, type Located, type ShownSpan } from "./sorted.ts";
import { spellJson } from "./spell-json.ts";

/** SARIF 2.1.0 (OASIS), as code scanning takes it. */
export function formatSarif(located: readonly Located[], { version, folder = "" }: FormatOptions): string {
  const codes = [...new Set(located.map(({ diagnostic }) => diagnostic.code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "plumbline", version, rules: codes.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: located.map((one) => resultOf(one, codes, folder)),
      },
    ],
  };
  return `${spellJson(log)}\n`;
}

function ruleOf(code: string) {
  const words = (code.split("/")[1] ?? code).replaceAll("-", " ");
  return { id: code, shortDescription: { text: words }, help: { text: `plumbline explain ${code}` } };
}

function resultOf({ diagnostic, span, related }: Located, codes: readonly string[], folder: string) {
  const { code, severity, message, notes, help } = diagnostic;
  const text = redact([message, ...notes, ...(help === undefined ? [] : [help])].join(". "));
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text },
    // Code scanning drops a result that stands nowhere; what has no place concerns the project as a whole.
    locations: [{ physicalLocation: span ? physical(span) : artifact(`${folder}plumbline.yaml`) }],
    ...(related.length > 0 && {
      relatedLocations: related.map((one, index) => ({
        id: index + 1,
        physicalLocation: physical(one.span),
        message: { text: redact(one.label) },
      })),
    }),
    partialFingerprints: { "plumbline/v1": contentHash(`${code} ${span?.file.path ?? ""} ${message}`, 32) },
  };
}

function artifact(path: string) {
  return { artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") } };
}

function physical(span: ShownSpan) {
  const { file, line, column, endLine, endColumn } = rangeOf(span);
  if (isWhole(span)) return artifact(file);
  return { ...artifact(file), region: { startLine: line, startColumn: column, endLine, endColumn } };
}
