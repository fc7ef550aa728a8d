import { compile } from "../../compile.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean, listed } from "../../diagnostics/suggest.ts";
import type { Compiled, Inputs } from "../../ir/compiled.ts";
import type { Loss } from "../../reachability/diff.ts";
import { shown } from "../../reachability/format/shown.ts";
import { load } from "../../stages/1-load.ts";
import { features } from "../../targets/features.ts";
import { targets } from "../../targets/index.ts";
import type { Common, ExitCode, Io } from "../io.ts";
import { clustersOf, proved } from "../proved.ts";
import { report } from "../report.ts";
import { type Side, sideOf } from "./side.ts";

/**
 * The intents of a project compiled for another target, in memory. What the target does not have is a loss. Where an
 * intent cannot do without it, that intent is left out, with whatever needs it, so that the rest can be compared.
 */
export function onTarget(
  target: string,
  wanted: readonly string[] | undefined,
  common: Common,
  io: Io,
): Side | { readonly exit: ExitCode } {
  const names = targets.map((one) => one.name);
  if (!names.includes(target)) {
    const near = didYouMean(target, names) ?? `the targets are: ${listed(names)}`;
    io.err(`plumbline: no target is called ${target}; ${near}\n`);
    return { exit: 2 };
  }
  const { inputs, project, diagnostics } = load(common.root);
  if (!inputs || !project) return { exit: report(diagnostics, "Nothing was compared.", common, io) };
  const clusters = clustersOf(project, wanted, io);
  if (!clusters) return { exit: 2 };
  const { compiled, losses } = compiledFor(target, inputs);
  if (compiled.diagnostics.some(isError))
    return { exit: report(compiled.diagnostics.filter(isError), "Nothing was compared.", common, io) };
  const meant = { project, inputs, compiled };
  const lossesOf = (cluster: string): readonly Loss[] => {
    const files = compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
    const found = proved(meant, cluster, files)?.diagnostics ?? [];
    return [...losses, ...found.map((one) => lossOf(one, undefined))];
  };
  return sideOf(meant, clusters, undefined, lossesOf);
}

interface CompiledFor {
  readonly compiled: Compiled;
  readonly losses: readonly Loss[];
}

function compiledFor(target: string, inputs: Inputs): CompiledFor {
  const allowLoss = features.map((one) => one.name);
  const losses: Loss[] = [];
  const without = new Set<string>();
  for (;;) {
    const compiled = compile(inputs, { target, without, unproved: true, allowLoss });
    const errors = compiled.diagnostics.filter(isError);
    const refused = errors.map((one) => [one, intentAt(one)] as const).filter(([, id]) => id && !without.has(id));
    if (refused.length === 0) {
      // What a target itself warns of is a loss too: it says what it cannot hold.
      const own = compiled.diagnostics.filter(
        (one) => one.code === "target/lost" || (one.severity === "warning" && one.code.startsWith(`${target}/`)),
      );
      return { compiled, losses: [...losses, ...own.map((one) => lossOf(one, undefined))] };
    }
    // What a target does not have is told whole; of what only hangs on something left out, the first reason is enough.
    const told = without.size === 0 ? refused : firstOfEach(refused);
    for (const [one, id] of told) losses.push(lossOf(one, id));
    for (const [, id] of refused) without.add(id as string);
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function firstOfEach<Refused extends readonly [unknown, string | undefined]>(refused: readonly Refused[]): Refused[] {
  return [...new Map([...refused].reverse().map((one) => [one[1], one] as const)).values()].reverse();
}

function lossOf({ code, message, place }: Diagnostic, leftOut: string | undefined): Loss {
  return { code, text: message, at: place && shown(place), leftOut };
}

/** The intent in whose document a finding stands. The ground itself cannot be left out, nor can what is not ours. */
function intentAt({ place }: Diagnostic): string | undefined {
  const value = place && "doc" in place ? place.doc.value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { apiVersion, kind, metadata } = value as {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown };
  };
  if (typeof apiVersion !== "string" || !apiVersion.startsWith("plumbline.dev/")) return undefined;
  if (typeof kind !== "string" || kind === "Project" || kind === "Fabric") return undefined;
  return typeof metadata?.name === "string" ? `${kind.toLowerCase()}/${metadata.name}` : undefined;
}
