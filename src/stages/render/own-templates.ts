import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../../diagnostics/suggest.ts";
import type { TemplateFile } from "../../ir/compiled.ts";
import { placeAtFile } from "../../source/place.ts";
import { readTemplate } from "../../template/read-template.ts";
import { templateRules } from "../../template/rules.ts";
import type { Template } from "../../template/template.ts";
import { type OwnTemplates, templateNames } from "./templates.ts";

/** Reads the templates that the project brings in place of built-in ones. */
export function readOwnTemplates(files: readonly TemplateFile[]): {
  readonly value: OwnTemplates;
  readonly diagnostics: readonly Diagnostic[];
} {
  const value = new Map<string, Template>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, file } of files) {
    if (!templateNames.includes(name)) {
      const notes = [`there are: ${formatList(templateNames)}`];
      const extra = { notes, help: formatSuggestion(name, templateNames) };
      diagnostics.push(templateRules.diagnose("unknown-template", placeAtFile(file), { name }, extra));
      continue;
    }
    const read = readTemplate(name, file);
    if ("code" in read) diagnostics.push(read);
    else value.set(name, read);
  }
  return { value, diagnostics };
}
