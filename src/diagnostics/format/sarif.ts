import type { Severity } from "../diagnostic.ts";
import { DOCS_ADDRESS } from "../docs-address.ts";
import type { Edit } from "../edit.ts";
import { redactText } from "../secrets.ts";
import { computeFingerprints } from "./fingerprints.ts";
import { toJsonRange } from "./json.ts";
import type { FormatOptions } from "./names.ts";
import { buildSarifRule } from "./sarif-rule.ts";
import { type DisplaySpan, isWholeFile, type LocatedFinding } from "./sort-findings.ts";
import { stringifySafely } from "./stringify-safely.ts";
import { suggestEdit } from "./suggested-edit.ts";

/** Code scanning refuses a log with more results. */
export const RESULTS_MAX = 25_000;
/** Places of one result that code scanning takes. */
const PLACES_MAX = 1000;

/** SARIF 2.1.0 (OASIS), as code scanning takes it. `left`: findings that are not among them. */
export function formatSarif(located: readonly LocatedFinding[], options: FormatOptions, left = 0): string {
  const { version, folder = "", pageOf } = options;
  const severities = worstOf(located);
  const codes = [...severities.keys()].sort();
  const indexes = new Map(codes.map((code, index) => [code, index]));
  const prints = computeFingerprints(located);
  const rules = codes.map((code) => buildSarifRule(code, severities.get(code) ?? "error", pageOf?.(code)));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "plumbline",
            informationUri: DOCS_ADDRESS,
            version,
            semanticVersion: version,
            rules,
          },
        },
        columnKind: "utf16CodeUnits",
        ...(left > 0 && { invocations: [leftOut(left)] }),
        results: located.map((one, at) => ({
          ruleId: one.diagnostic.code,
          ruleIndex: indexes.get(one.diagnostic.code),
          ...resultOf(one, folder),
          partialFingerprints: { "plumbline/v1": prints[at] },
        })),
      },
    ],
  };
  return `${stringifySafely(log)}\n`;
}

/** One finding of a rule may be softened where another one is not. */
function worstOf(located: readonly LocatedFinding[]): ReadonlyMap<string, Severity> {
  const order = ["note", "warning", "error"];
  const worst = new Map<string, Severity>();
  for (const { diagnostic } of located) {
    const { code, severity } = diagnostic;
    if (order.indexOf(severity) > order.indexOf(worst.get(code) ?? "")) worst.set(code, severity);
  }
  return worst;
}

function leftOut(left: number) {
  const text = `${left} findings are left out: a log has at most ${RESULTS_MAX}, the most severe ones.`;
  return { executionSuccessful: true, toolExecutionNotifications: [{ level: "warning", message: { text } }] };
}

function resultOf({ diagnostic, span, related }: LocatedFinding, folder: string) {
  const { severity, message, notes, help } = diagnostic;
  const text = redactText([message, ...notes, ...(help === undefined ? [] : [help])].join(". "));
  const edit = suggestEdit(diagnostic);
  return {
    level: severity,
    message: { text: /[.?!]$/.test(text) ? text : `${text}.` },
    // Code scanning drops a result that stands nowhere; what has no place concerns the project as a whole.
    locations: [{ physicalLocation: span ? physical(span) : artifact(`${folder}plumbline.yaml`) }],
    ...(related.length > 0 && {
      relatedLocations: related.slice(0, PLACES_MAX - 1).map((one, index) => ({
        id: index + 1,
        physicalLocation: physical(one.span),
        message: { text: redactText(one.label) },
      })),
    }),
    ...(edit && { fixes: [fixOf(edit, help ?? "correct it", folder)] }),
  };
}

function fixOf(edit: Edit, help: string, folder: string) {
  const span = { ...edit, shownPath: folder + edit.file.path };
  return {
    description: { text: redactText(help) },
    artifactChanges: [
      {
        ...artifact(span.shownPath),
        replacements: [{ deletedRegion: regionOf(span), insertedContent: { text: edit.text } }],
      },
    ],
  };
}

/** A path from where the command runs is a relative reference. One from the root is none (SARIF 3.4.3), so it is a file's URI. */
function artifact(path: string) {
  const reference = path.split("/").map(encodeURIComponent).join("/");
  return { artifactLocation: { uri: path.startsWith("/") ? `file://${reference}` : reference } };
}

function regionOf(span: DisplaySpan) {
  const { line, column, endLine, endColumn } = toJsonRange(span);
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function physical(span: DisplaySpan) {
  const place = artifact(span.shownPath);
  // A finding about a whole file is shown at its first line: GitHub shows none without a region.
  return { ...place, region: isWholeFile(span) ? { startLine: 1 } : regionOf(span) };
}
