import { readFileSync } from "node:fs";
import { describeFileError } from "../stages/file-error.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { readResourceList } from "./krm/resource-list.ts";
import { hasLockChanged, runFunction } from "./krm/run-function.ts";
import { reportFindings, selectFailing } from "./report.ts";

/** A KRM function: a ResourceList on standard input, the list with what its intents mean on standard output. */
export function runKrm(common: CommonOptions, io: Io): ExitCode {
  let text: string;
  try {
    text = readFileSync(0, "utf8");
  } catch (cause) {
    io.err(`plumbline: standard input cannot be read: ${describeFileError(cause)}\n`);
    return 2;
  }
  return runKrmText(text, common, io);
}

export function runKrmText(text: string, common: CommonOptions, io: Io): ExitCode {
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
  const exit = reportFindings(diagnostics, "The items are as they were.", { ...common, format: "text" }, io);
  if (selectFailing(diagnostics, common).length === 0 && !common.quiet && hasLockChanged(list, after))
    io.err("plumbline: values were given out; keep the ConfigMap plumbline-lock, or they may be others next time\n");
  return exit;
}
