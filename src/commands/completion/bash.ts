import type { CliUsage, CommandUsage, OptionUsage, ValueHint } from "./usage.ts";

/** Completion for bash from 3.2 on. What no case names is completed by bash itself: with files. */
export function generateBashCompletion(usage: CliUsage): string {
  const { name, commands, options } = usage;
  const takers = [usage, ...commands].flatMap((one) => one.options.filter((option) => option.value));
  const words = commands.map((one) => one.name);
  return `# bash completion for ${name}. Load it with: source <(${name} completion bash)
_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      ${patterns(takers)}) ((at++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[at]}; break ;;
    esac
  done
  COMPREPLY=()
  case $command:$before in
${valueCases("*", options)}
${commands
  .map((one) => valueCases(one.name, one.options.filter(isOwn(options))))
  .filter(Boolean)
  .join("\n")}
  esac
  case $command:$word in
    :-*) COMPREPLY=($(compgen -W '${longs(options)}' -- "$word")) ;;
    :*) COMPREPLY=($(compgen -W '${words.join(" ")}' -- "$word")) ;;
${commands.map((one) => commandCases(one, options)).join("\n")}
  esac
}
complete -o bashdefault -o default -F _${name} ${name}
`;
}

/** Options of the program hold in every command; its own are those that the program has not. */
function isOwn(common: readonly OptionUsage[]): (option: OptionUsage) => boolean {
  return ({ long }) => !common.some((other) => other.long === long);
}

function patterns(options: readonly OptionUsage[]): string {
  return [...new Set(options.flatMap((one) => [one.short, one.long]).filter((one) => one !== undefined))].join("|");
}

function valueCases(command: string, options: readonly OptionUsage[]): string {
  return options
    .filter((one) => one.value)
    .map((one) => {
      const names = [one.short, one.long].filter((flag) => flag !== undefined);
      return `    ${names.map((flag) => `${command}:${flag}`).join("|")}) ${reply(one.value?.hint ?? "free")}return ;;`;
    })
    .join("\n");
}

function reply(hint: ValueHint): string {
  if (hint === "folder") return 'COMPREPLY=($(compgen -d -- "$word")); ';
  return typeof hint === "object" ? `COMPREPLY=($(compgen -W '${hint.words.join(" ")}' -- "$word")); ` : "";
}

function longs(options: readonly OptionUsage[]): string {
  return options.map((one) => one.long).join(" ");
}

function commandCases({ name, options, arguments: parts }: CommandUsage, common: readonly OptionUsage[]): string {
  const all = longs([...options.filter(isOwn(common)), ...common]);
  const flags = `    ${name}:-*) COMPREPLY=($(compgen -W '${all}' -- "$word")) ;;`;
  const answer = reply(parts[0]?.hint ?? "free").replace(/; $/, "");
  return answer === "" ? flags : `${flags}\n    ${name}:*) ${answer} ;;`;
}
