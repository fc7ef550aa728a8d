import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic, Severity } from "../../src/diagnostics/diagnostic.ts";
import { lintFiles } from "../../src/lint/lint.ts";

const CORPUS = join(import.meta.dirname, "..", "data", "corpus");

/** What a first look at a file said, as the corpus has it. */
export type Status = "ok" | "warn" | "ERROR";

/** Something that is known of a file: what it is, and what of it lint must say. */
export interface Known {
  /** `E-JSON`, `W-NAME` … */
  readonly label: string;
  readonly times: number;
  readonly verdict: "found" | "read" | "missed";
}

export interface Row {
  readonly repository: string;
  readonly path: string;
  readonly status: Status;
  readonly known: readonly Known[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The rule that says what a label of the corpus means. The two others are about reading, and are not findings. */
const rules: Readonly<Record<string, string>> = {
  "E-UNKNOWN": "nad/unknown-key",
  "E-JSON": "nad/config-not-json",
  "E-ANNOT-UNKNOWN": "annotation/unknown-key",
  "W-NAME": "nad/other-name",
  "W-CNIVERSION": "nad/no-cni-version",
};

/** Fields of a line of tab-separated values, of which some are in quotes. */
function fieldsOf(line: string): readonly string[] {
  return line.split("\t").map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}

/** Every file of the corpus, linted on its own. */
export function corpusRows(): readonly Row[] {
  const index = readFileSync(join(CORPUS, "INDEX.tsv"), "utf8");
  return index
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => {
      const [file = "", repository = "", path = "", , , , , , status = "", what = ""] = fieldsOf(line);
      const result = lintFiles([{ path, text: readFileSync(join(CORPUS, file), "utf8") }]);
      const known = knownOf(what, result.diagnostics, result.unread.length === 0 && result.read > 0);
      return { repository, path, status: status as Status, known, diagnostics: result.diagnostics };
    })
    .sort((a, b) => (`${a.repository}/${a.path}` < `${b.repository}/${b.path}` ? -1 : 1));
}

function knownOf(what: string, diagnostics: readonly Diagnostic[], isRead: boolean): readonly Known[] {
  const labels = [...what.matchAll(/[EW]-[A-Z-]+/g)].map((match) => match[0]);
  return [...new Set(labels)].map((label) => {
    const times = labels.filter((one) => one === label).length;
    const rule = rules[label];
    if (rule === undefined) return { label, times, verdict: isRead ? "read" : "missed" };
    const said = diagnostics.filter((one) => one.code === rule).length;
    // Another name inside matters only where records are kept under it: elsewhere the file is read, and nothing is said.
    if (label === "W-NAME" && said < times) return { label, times, verdict: isRead ? "read" : "missed" };
    return { label, times, verdict: said >= times ? "found" : "missed" };
  });
}

/** How many findings of a severity a file has. */
export function countOf({ diagnostics }: Row, severity: Severity): number {
  return diagnostics.filter((one) => one.severity === severity).length;
}
