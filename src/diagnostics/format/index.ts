import type { Diagnostic } from "../diagnostic.ts";
import { formatConcise } from "./concise.ts";
import { formatGithub } from "./github.ts";
import { formatGitlab } from "./gitlab.ts";
import { formatJson } from "./json.ts";
import { formatJunit } from "./junit.ts";
import { selectMostSevere } from "./most-severe.ts";
import type { FormatName, FormatOptions } from "./names.ts";
import { formatRdjson } from "./rdjson.ts";
import { formatSarif, RESULTS_MAX } from "./sarif.ts";
import { sortFindings } from "./sort-findings.ts";
import { formatText } from "./text.ts";

/** Findings as a text, sorted by file, offset and code. */
export function formatFindings(name: FormatName, diagnostics: readonly Diagnostic[], options: FormatOptions): string {
  if (name === "text") return formatText(diagnostics, options.colour, options.folder, options.width);
  if (name === "sarif") {
    const chosen = selectMostSevere(diagnostics, RESULTS_MAX, options.folder);
    return formatSarif(chosen, options, diagnostics.length - chosen.length);
  }
  const located = sortFindings(diagnostics, options.folder);
  switch (name) {
    case "concise":
      return formatConcise(located);
    case "json":
      return formatJson(located);
    case "github":
      return formatGithub(located);
    case "gitlab":
      return formatGitlab(located, options);
    case "junit":
      return formatJunit(located, options);
    case "rdjson":
      return formatRdjson(located, options);
  }
}
