import { buildVersion, type ProjectVersion } from "../../answers/project-version.ts";
import { verifyFiles } from "../../answers/verify-files.ts";
import { pushTo } from "../../collections/push-to.ts";
import { compile } from "../../compile.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../../diagnostics/suggest.ts";
import type { Compiled, Inputs } from "../../ir/compiled.ts";
import { features } from "../../schema/features.ts";
import { loadProjectFiles } from "../../stages/1-load.ts";
import { targets } from "../../targets/index.ts";
import type { Loss } from "../../verify/report/diff.ts";
import { formatLocation } from "../../verify/report/format/location.ts";
import type { CommonOptions, ExitCode, Io } from "../io.ts";
import { selectClusters } from "../load-project.ts";
import { reportFindings } from "../report.ts";

/**
 * The intents of a project compiled for another target, in memory. What the target does not have is a loss. Where an
 * intent cannot do without it, that intent is left out, with whatever needs it, so that the rest can be compared.
 */
export function buildVersionOnTarget(
  target: string,
  wanted: readonly string[] | undefined,
  common: CommonOptions,
  io: Io,
): ProjectVersion | { readonly exit: ExitCode } {
  const names = targets.map((one) => one.name);
  if (!names.includes(target)) {
    const near = formatSuggestion(target, names) ?? `the targets are: ${formatList(names)}`;
    io.err(`plumbline: no target is called ${target}; ${near}\n`);
    return { exit: 2 };
  }
  const { inputs, project, diagnostics } = loadProjectFiles(common.root);
  if (!inputs || !project) return { exit: reportFindings(diagnostics, "Nothing was compared.", common, io) };
  const clusters = selectClusters(project, wanted, io);
  if (!clusters) return { exit: 2 };
  const whole = compile(inputs, { skipVerify: true });
  // What is wrong whatever the target would be lost on either side, and so seem to be the same.
  const wrong = whole.diagnostics.filter((one) => isError(one) && !isOfTarget(one));
  if (wrong.length > 0) return { exit: reportFindings(wrong, "Nothing was compared.", common, io) };
  const { compiled, losses } = compiledFor(target, inputs);
  if (compiled.diagnostics.some(isError))
    return { exit: reportFindings(compiled.diagnostics.filter(isError), "Nothing was compared.", common, io) };
  const meant = { project, inputs, compiled };
  const lossesOf = (cluster: string): readonly Loss[] => {
    const files = compiled.files.filter((file) => file.path.startsWith(`${cluster}/`));
    const found = verifyFiles(meant, cluster, files)?.diagnostics ?? [];
    const here = intentsOf(whole, cluster);
    const own = losses.filter(({ loss, intent }) => intent === undefined || concerns(loss, intent, here));
    const shown = own.map(({ loss }) => ({ ...loss, alsoLeftOut: loss.alsoLeftOut.filter((id) => here.has(id)) }));
    return [...shown, ...found.map((one) => lossOf(one, undefined))];
  };
  return buildVersion(meant, clusters, undefined, lossesOf);
}

/** A loss may stand in a line of one intent, and be that of another: `…: isolationzone/corp is compiled without this`. */
function concerns({ text }: Loss, intent: string, here: ReadonlySet<string>): boolean {
  return here.has(intent) || text.split(/[\s:]+/).some((word) => here.has(word));
}

interface CompiledFor {
  readonly compiled: Compiled;
  readonly losses: readonly LossOfIntent[];
}

interface LossOfIntent {
  readonly loss: Loss;
  /** Whose it is; undefined: of all clusters. */
  readonly intent: string | undefined;
}

/** Intents that a cluster has, whatever its target can do of them. */
function intentsOf({ instances }: Compiled, cluster: string): ReadonlySet<string> {
  return new Set((instances.get(cluster) ?? []).map((one) => one.intent.id));
}

function compiledFor(target: string, inputs: Inputs): CompiledFor {
  const allowLoss = features.map((one) => one.name);
  const losses: LossOfIntent[] = [];
  const without = new Set<string>();
  const hangsOn = new Map<string, string>();
  for (;;) {
    const compiled = compile(inputs, { target, without, skipVerify: true, allowLoss });
    const errors = compiled.diagnostics.filter(isError);
    const refused = errors.map((one) => [one, intentAt(one)] as const).filter(([, id]) => id && !without.has(id));
    if (refused.length === 0) {
      // What a target itself warns of is a loss too: it says what it cannot hold.
      const own = compiled.diagnostics.filter(
        (one) => one.code === "target/lost" || (one.severity === "warning" && isOfTarget(one)),
      );
      return {
        compiled,
        losses: [
          ...addDependents(losses, hangsOn),
          ...own.map((one) => ({ loss: lossOf(one, undefined), intent: intentAt(one) })),
        ],
      };
    }
    // What a target does not have is told whole; of what only hangs on something left out, the first reason is enough.
    const told = without.size === 0 ? refused : firstOfEach(refused);
    for (const [one, id] of told) {
      const cause = referredTo(one);
      if (id !== undefined && cause !== undefined && without.has(cause)) hangsOn.set(id, hangsOn.get(cause) ?? cause);
      else losses.push({ loss: lossOf(one, id), intent: id });
    }
    for (const [, id] of refused) without.add(id as string);
  }
}

/** The intent that a finding says is not there. */
function referredTo({ code, message }: Diagnostic): string | undefined {
  const match = code === "intent/unknown-reference" ? /^no (\w+) is called `(.+)`$/.exec(message) : null;
  return match ? `${match[1]?.toLowerCase()}/${match[2]}` : undefined;
}

/** Each cause is told once, with whatever it takes along. */
function addDependents(losses: readonly LossOfIntent[], hangsOn: ReadonlyMap<string, string>): readonly LossOfIntent[] {
  const taken = new Map<string, string[]>();
  for (const [id, cause] of hangsOn) pushTo(taken, cause, id);
  return losses.map(({ loss, intent }) => {
    const alsoLeftOut = taken.get(loss.leftOut ?? "")?.sort() ?? [];
    taken.delete(loss.leftOut ?? "");
    return { loss: { ...loss, alsoLeftOut }, intent };
  });
}

/** Owners of codes that targets have, which are not always called as the target is, and which targets share. */
const OWNERS: ReadonlySet<string> = new Set(["target", ...targets.map((one) => one.rules.owner)]);

function isOfTarget({ code }: Diagnostic): boolean {
  return OWNERS.has(code.split("/")[0] ?? "");
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function firstOfEach<Refused extends readonly [unknown, string | undefined]>(refused: readonly Refused[]): Refused[] {
  return [...new Map([...refused].reverse().map((one) => [one[1], one] as const)).values()].reverse();
}

function lossOf({ code, message, place }: Diagnostic, leftOut: string | undefined): Loss {
  return { code, text: message, at: place && formatLocation(place), leftOut, alsoLeftOut: [] };
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
