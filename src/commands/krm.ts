import { readFileSync } from "node:fs";
import { reason } from "../stages/reason.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { readResourceList } from "./krm/resource-list.ts";
import { lockMoved, runFunction } from "./krm/run-function.ts";
import { failing, report } from "./report.ts";

/** A KRM function: a ResourceList on standard input, the list with what its intents mean on standard output. */
export function krm(common: Common, io: Io): ExitCode {
  let text: string;
  try {
    text = readFileSync(0, "utf8");
  } catch (cause) {
    io.err(`plumbline: standard input cannot be read: ${reason(cause)}\n`);
    return 2;
  }
  return krmOf(text, common, io);
}

export function krmOf(text: string, common: Common, io: Io): ExitCode {
  const list = readResourceList(text);
  if (typeof list === "string") {
    io.err(`plumbline: ${list}\n`);
    return 2;
  }
  const { list: after, diagnostics, problem } = runFunction(list);
  io.out(emitYaml(after));
  if (problem !== undefined) {
    io.err(`plumbline: ${problem}\n`);
    return 1;
  }
  // Standard output is the list's, whatever form was asked for.
  const exit = report(diagnostics, "The items are as they were.", { ...common, format: "text" }, io);
  if (failing(diagnostics, common).length === 0 && !common.quiet && lockMoved(list, after))
    io.err("plumbline: values were given out; keep the ConfigMap plumbline-lock, or they may be others next time\n");
  return exit;
}
