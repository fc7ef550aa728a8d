import type { Command } from "commander";
import { catalogue } from "../catalogue.ts";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { type Usage, usageOf } from "./completion/usage.ts";
import { zshCompletion } from "./completion/zsh.ts";
import type { ExitCode, Io } from "./io.ts";
import { outputs, schemas } from "./schema.ts";

export type Shell = "bash" | "zsh" | "fish";

const spell: Readonly<Record<Shell, (usage: Usage) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The script that lets a shell complete what the program takes; to stdout. */
export function completion(shell: Shell, program: Command, io: Io): ExitCode {
  const words = { kind: [...schemas().keys(), ...outputs.keys()], what: catalogue.map(({ code }) => code) };
  io.out(spell[shell](usageOf(program, words)));
  return 0;
}
