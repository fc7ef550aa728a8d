import type { Command } from "commander";
import { ruleCatalogue } from "../catalogue.ts";
import { generateBashCompletion } from "./completion/bash.ts";
import { generateFishCompletion } from "./completion/fish.ts";
import { type CliUsage, describeUsage } from "./completion/usage.ts";
import { generateZshCompletion } from "./completion/zsh.ts";
import type { ExitCode, Io } from "./io.ts";
import { listInputSchemas, outputSchemas } from "./schema.ts";

export type Shell = "bash" | "zsh" | "fish";

const spell: Readonly<Record<Shell, (usage: CliUsage) => string>> = {
  bash: generateBashCompletion,
  zsh: generateZshCompletion,
  fish: generateFishCompletion,
};

/** The script that lets a shell complete what the program takes; to stdout. */
export function printCompletion(shell: Shell, program: Command, io: Io): ExitCode {
  const words = {
    kind: [...listInputSchemas().keys(), ...outputSchemas.keys()],
    what: ruleCatalogue.map(({ code }) => code),
  };
  io.out(spell[shell](describeUsage(program, words)));
  return 0;
}
