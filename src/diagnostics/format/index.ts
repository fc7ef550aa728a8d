import type { Diagnostic } from "../diagnostic.ts";
import { formatConcise } from "./concise.ts";
import { formatGithub } from "./github.ts";
import { formatJson } from "./json.ts";
import { formatSarif } from "./sarif.ts";
import { formatText } from "./text.ts";

export const formatNames = ["text", "concise", "json", "github", "sarif"] as const;

export type FormatName = (typeof formatNames)[number];

/** Findings as a text. `text` and `concise` are for people, so they go to stderr; the others are results. */
export function format(
  name: FormatName,
  diagnostics: readonly Diagnostic[],
  options: { readonly colour: boolean; readonly version: string },
): string {
  switch (name) {
    case "text":
      return formatText(diagnostics, options.colour);
    case "concise":
      return formatConcise(diagnostics);
    case "json":
      return formatJson(diagnostics);
    case "github":
      return formatGithub(diagnostics);
    case "sarif":
      return formatSarif(diagnostics, options.version);
  }
}
