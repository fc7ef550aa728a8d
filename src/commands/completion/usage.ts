import type { Argument, Command, Option } from "commander";

/** What a value on the command line is, as far as a shell can complete it. */
export type ValueHint = { readonly words: readonly string[] } | "folder" | "file" | "free";

export interface OptionUsage {
  /** `-C`; undefined where there is none. */
  readonly short: string | undefined;
  /** `--directory`. */
  readonly long: string;
  readonly description: string;
  /** `<dir>` as it is shown; undefined for a flag. */
  readonly value: { readonly shown: string; readonly hint: ValueHint } | undefined;
  /** The value where none is given; undefined where that means nothing. */
  readonly fallback: string | undefined;
}

export interface ArgumentUsage {
  readonly name: string;
  readonly hint: ValueHint;
  readonly many: boolean;
}

export interface CommandUsage {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionUsage[];
  readonly arguments: readonly ArgumentUsage[];
}

export interface CliUsage extends CommandUsage {
  readonly commands: readonly CommandUsage[];
}

/** What a placeholder stands for: `<dir>` is a folder in every command. */
const places: Readonly<Record<string, ValueHint>> = { dir: "folder", path: "file", file: "file" };

/** What the command line takes, told once by its own definitions. `words`: the values of arguments that are lists of ours. */
export function describeUsage(program: Command, words: Readonly<Record<string, readonly string[]>> = {}): CliUsage {
  return { ...commandUsage(program, words), commands: program.commands.map((one) => commandUsage(one, words)) };
}

function commandUsage(command: Command, words: Readonly<Record<string, readonly string[]>>): CommandUsage {
  return {
    name: command.name(),
    description: command.description(),
    options: [...command.options.map(optionUsage), HELP],
    arguments: command.registeredArguments.map((one) => argumentUsage(one, words)),
  };
}

const HELP: OptionUsage = {
  short: "-h",
  long: "--help",
  description: "print this help",
  value: undefined,
  fallback: undefined,
};

function optionUsage(option: Option): OptionUsage {
  const shown = /[<[][^>\]]+[>\]]/.exec(option.flags)?.[0];
  const hint = option.argChoices ? { words: option.argChoices } : (places[(shown ?? "").slice(1, -1)] ?? "free");
  return {
    short: option.short,
    long: option.long as string,
    description: option.description,
    value: shown === undefined ? undefined : { shown, hint },
    fallback: option.defaultValue === undefined ? undefined : String(option.defaultValue),
  };
}

function argumentUsage(argument: Argument, words: Readonly<Record<string, readonly string[]>>): ArgumentUsage {
  const name = argument.name();
  const listed = argument.argChoices ?? words[name];
  return { name, hint: listed ? { words: listed } : (places[name] ?? "free"), many: argument.variadic };
}
