import type { Diagnostic } from "../diagnostic.ts";
import { formatConcise } from "./concise.ts";
import { formatGithub } from "./github.ts";
import { formatJson } from "./json.ts";
import type { FormatName, FormatOptions } from "./names.ts";
import { formatSarif } from "./sarif.ts";
import { sorted } from "./sorted.ts";
import { formatText } from "./text.ts";

/** Findings as a text, sorted by file, offset and code. */
export function format(name: FormatName, diagnostics: readonly Diagnostic[], options: FormatOptions): string {
  if (name === "text") return formatText(diagnostics, options.colour, options.folder);
  const located = sorted(diagnostics, options.folder);
  switch (name) {
    case "concise":
      return formatConcise(located);
    case "json":
      return formatJson(located);
    case "github":
      return formatGithub(located);
    case "sarif":
      return formatSarif(located, options);
  }
}
