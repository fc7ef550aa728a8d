import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readGoScalar } from "./go-scalar.ts";
import type { YamlAmbiguity } from "./go-yaml-dialect.ts";
import { yamlRules } from "./rules.ts";

/** Findings of what the tools of Kubernetes read in two ways in a manifest; `parseStrict` has those of numbers. */
export function reportAmbiguities(file: SourceFile, odd: readonly YamlAmbiguity[]): Diagnostic[] {
  return odd.flatMap(({ what, word, start, end }) => {
    const place = { file, start, end };
    if (what === "merge") return [yamlRules.diagnose("merge-unclear", place, { why: word })];
    if (what === "tag") return [yamlRules.diagnose("tag", place, { tag: word })];
    if (what !== "word") return [];
    const notes = [`kubectl reads \`${readGoScalar(word)}\`; Kustomize keeps the text`];
    return [yamlRules.diagnose("ambiguous-scalar", place, { word }, { notes, help: helpFor(word) })];
  });
}

function helpFor(word: string): string {
  const value = readGoScalar(word);
  return typeof value === "boolean" ? `write \`${value}\`, or \`"${word}"\` for text` : `write \`"${word}"\``;
}
