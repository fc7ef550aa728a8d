import type { ArgumentUsage, CliUsage, CommandUsage, OptionUsage, ValueHint } from "./usage.ts";

/** Completion for zsh: to be sourced, or put into a folder of `fpath` as `_plumbline`. */
export function generateZshCompletion(usage: CliUsage): string {
  const { name, commands, options } = usage;
  const common = options.map(optionSpec);
  return `#compdef ${name}
# zsh completion for ${name}. Load it with: source <(${name} completion zsh)
_${name}() {
  local curcontext="$curcontext" state line
  local -a commands common
  common=(
${common.map((one) => `    ${one}`).join("\n")}
  )
  commands=(
${commands.map((one) => `    ${quoteText(`${escapeSpec(one.name)}:${one.description}`)}`).join("\n")}
  )
  _arguments -C $common '1: :->command' '*:: :->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $line[1] in
${commands.map((one) => commandCase(one, options)).join("\n")}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function commandCase(command: CommandUsage, common: readonly OptionUsage[]): string {
  const own = command.options.filter(({ long }) => !common.some((other) => other.long === long));
  const specs = [...own.map(optionSpec), ...command.arguments.map(argumentSpec)];
  return `        ${command.name}) _arguments $common${specs.map((one) => ` \\\n          ${one}`).join("")} ;;`;
}

function optionSpec({ short, long, description, value }: OptionUsage): string {
  const text = `[${escapeSpec(description)}]${value ? `:${escapeSpec(value.shown.slice(1, -1))}:${action(value.hint)}` : ""}`;
  if (short === undefined) return quoteText(`*${long}${text}`);
  return `'(${short} ${long})'{${short},${long}}${quoteText(text)}`;
}

function argumentSpec({ name, hint, many }: ArgumentUsage): string {
  return quoteText(`${many ? "*" : ""}:${escapeSpec(name)}:${action(hint)}`);
}

function action(hint: ValueHint): string {
  if (hint === "folder") return "_files -/";
  if (hint === "file") return "_files";
  return typeof hint === "object" ? `(${hint.words.join(" ")})` : " ";
}

/** Brackets and colons have a meaning in the specifications of `_arguments` and `_describe`. */
function escapeSpec(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
