import { compile } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Compiled } from "../ir/compiled.ts";
import { findFile, type Place } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findValue } from "../yaml/span.ts";
import { findChangedNetworks } from "./changed-networks.ts";
import type { CompileRefusal } from "./existing-networks.ts";
import { type ImportedFiles, type ImportOptions, importFiles } from "./import-files.ts";
import { summarizeImport, writeReport } from "./write-report.ts";

export interface ImportedEstate extends ImportedFiles {
  /** Everything that is to be written: project, intents, lock and report. */
  readonly files: readonly SourceFile[];
  readonly summary: readonly string[];
  /** Of the compile that proved the project. */
  readonly compiled: Compiled;
}

/**
 * An estate as a project that compiles. What a compile refuses is taken out again, with its reason, until it refuses
 * nothing: each round takes out at least one network.
 */
export function importEstate(files: readonly SourceFile[], options: ImportOptions): ImportedEstate {
  const refused = new Map<string, CompileRefusal>();
  for (;;) {
    const imported = importFiles(files, options, refused);
    const compiled = compile(imported.inputs);
    const errors = compiled.diagnostics.filter((one) => one.severity === "error");
    const before = stateOf(refused);
    if (errors.length === 0) {
      for (const [id, why] of findChangedNetworks(imported.intents, compiled.files))
        refused.set(id, { why, twice: refused.has(id) });
      if (stateOf(refused) === before) return assembleImport(imported, compiled);
      continue;
    }
    const guilty = new Map<string, string>();
    // That an object says something else than its file often follows from what is said first.
    const echo = (error: Diagnostic) => Number(error.code === "verify/twice-applied");
    for (const error of [...errors].sort((a, b) => echo(a) - echo(b))) recordOffender(error, imported, guilty);
    for (const [id, why] of guilty) refused.set(id, { why, twice: refused.has(id) });
    if (stateOf(refused) === before)
      throw new Error(`an import does not compile: ${errors[0]?.code} ${errors[0]?.message}`);
  }
}

function stateOf(refused: ReadonlyMap<string, CompileRefusal>): string {
  return `${refused.size} ${[...refused.values()].filter((one) => one.twice).length}`;
}

/** Whose network an error is about, and why: by `media/iot`. */
function recordOffender(error: Diagnostic, { intents }: ImportedFiles, guilty: Map<string, string>): void {
  const places = [error.place, ...error.related.map((one) => one.place)].filter((one) => one !== undefined);
  const paths = places.map((place) => findFile(place).path);
  // What is found in the output names intents by their ids.
  const words = [...error.message.matchAll(/`([^`]+)`|(?:externalnetwork|isolationzone)\/([a-z0-9-]+)/g)];
  const named = new Set([...words.map((match) => (match[1] ?? match[2]) as string), ...places.flatMap(uplinkAt)]);
  const owner =
    intents.find((one) => paths.includes(one.file.path)) ??
    intents.find((one) => named.has(one.name)) ??
    // What is wrong with an uplink is wrong with the networks on it.
    intents.find((one) => [...named].some((name) => one.file.text.includes(`\n    uplink: ${name}\n`))) ??
    // What stands beside a network's workloads, and cannot be read, keeps their whole file out.
    intents.find((one) => one.settled.members.some(({ workload }) => paths.includes(workload.doc.file.path)));
  for (const { namespace, name } of owner?.settled.network.objects ?? [])
    if (!guilty.has(`${namespace}/${name}`)) guilty.set(`${namespace}/${name}`, describeFinding(error));
}

/** A finding of the compiler without its own names: nobody here has written the intent that it speaks of. */
function describeFinding({ code, message }: Diagnostic): string {
  if (code === "verify/unexpected-path" || code === "verify/missing-path" || code === "verify/wrong-way")
    return "its link carries other networks or pods as well, and intents cannot say who reaches whom on it";
  return message
    .replace(/^NetworkAttachmentDefinition \S+ cannot be read, [^:]*: /, "")
    .replace(/`?(?:externalnetwork|isolationzone)\/([a-z0-9-]+)`?/g, "network $1");
}

/** The name of the uplink that a place in the Fabric is within. */
function uplinkAt(place: Place): readonly string[] {
  if (!("doc" in place) || place.path[1] !== "uplinks") return [];
  const name = findValue(place.doc.value, [...place.path.slice(0, 3), "name"]);
  return typeof name === "string" ? [name] : [];
}

function assembleImport(imported: ImportedFiles, compiled: Compiled): ImportedEstate {
  const { inputs, intents, losses } = imported;
  const lock = compiled.lock === undefined ? [] : [{ path: "plumbline.lock.yaml", text: compiled.lock }];
  const files = [inputs.project, ...inputs.intents, ...lock, writeReport(intents, losses)];
  return { ...imported, files, summary: summarizeImport(intents, losses), compiled };
}
