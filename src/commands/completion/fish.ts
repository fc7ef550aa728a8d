import type { ArgumentUsage, CliUsage, OptionUsage, ValueHint } from "./usage.ts";

/** Completion for fish. */
export function generateFishCompletion(usage: CliUsage): string {
  const { name, commands, options } = usage;
  const common = options.map((one) => `complete -c ${name}${optionWords(one)}`);
  const own = commands.flatMap((command) => {
    const inside = ` -n ${quoteText(`__fish_seen_subcommand_from ${command.name}`)}`;
    const more = command.options.filter(({ long }) => !options.some((other) => other.long === long));
    return [
      `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${quoteText(command.description)}`,
      ...more.map((one) => `complete -c ${name}${inside}${optionWords(one)}`),
      ...command.arguments.slice(0, 1).map((one) => `complete -c ${name}${inside}${argumentWords(one)}`),
    ];
  });
  return `# fish completion for ${name}. Load it with: ${name} completion fish | source
complete -c ${name} -f
${[...common, ...own].join("\n")}
`;
}

function optionWords({ short, long, description, value }: OptionUsage): string {
  const names = `${short === undefined ? "" : ` -s ${short.slice(1)}`} -l ${long.slice(2)}`;
  return `${names}${value ? valueWords(value.hint) : ""} -d ${quoteText(description)}`;
}

function valueWords(hint: ValueHint): string {
  if (hint === "folder") return " -x -a '(__fish_complete_directories)'";
  if (hint === "file") return " -r -F";
  return typeof hint === "object" ? ` -x -a ${quoteText(hint.words.join(" "))}` : " -x";
}

function argumentWords({ hint }: ArgumentUsage): string {
  if (hint === "folder") return " -a '(__fish_complete_directories)'";
  if (hint === "file") return " -F";
  return typeof hint === "object" ? ` -a ${quoteText(hint.words.join(" "))}` : "";
}

function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
