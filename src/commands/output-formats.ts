import { type FormatName, formatNames } from "../diagnostics/format/names.ts";

/** What `--format` may be: a form of findings, or of what a command answers. */
export const outputFormats = [...formatNames, "markdown", "csv", "html", "dot", "mermaid", "svg"] as const;

export type OutputFormat = (typeof outputFormats)[number];

/** The forms of each command's answer; any other command has those of findings. */
const answers: Readonly<Record<string, readonly OutputFormat[]>> = {
  verify: [...formatNames, "markdown", "csv", "html"],
  diff: [...formatNames, "markdown", "html"],
  graph: ["text", "json", "dot", "mermaid", "svg", "html"],
};

/** What `--format` may say to a command. */
export function listOutputFormats(command: string): readonly OutputFormat[] {
  return (Object.hasOwn(answers, command) ? answers[command] : undefined) ?? formatNames;
}

/** How findings are shown beside an answer: they go to stderr in words, unless the form is one of theirs. */
export function chooseFindingsFormat(form: OutputFormat): FormatName {
  return formatNames.find((name) => name === form) ?? "text";
}
