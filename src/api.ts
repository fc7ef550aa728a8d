import { proved } from "./answers/prove-cluster.ts";
import { compile as compileInputs } from "./compile.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { hasErrors } from "./diagnostics/diagnostic.ts";
import { jsonOf } from "./diagnostics/format/json.ts";
import { sorted } from "./diagnostics/format/sorted.ts";
import type { Inputs } from "./ir/compiled.ts";
import { connectionsOf } from "./verify/report/connections.ts";
import { tableOf } from "./verify/report/table.ts";

/** A text with its path: relative to the project's folder, with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Manifests that pods come from. */
export interface WorkloadText extends TextFile {
  /** For manifests in it that name no namespace. */
  readonly namespace?: string;
}

/** Everything that a project is made of. The compiler reads nothing else: no file, clock, environment or network. */
export interface ProjectTexts {
  /** plumbline.yaml. */
  readonly project: TextFile;
  readonly intents: readonly TextFile[];
  readonly workloads?: readonly WorkloadText[];
  /** What was given out before; absent = nothing was. */
  readonly lock?: TextFile;
  /** Templates of the project's own; `name` is the path in their folder without ending: `multus/network`. */
  readonly templates?: readonly (TextFile & { readonly name: string })[];
}

export interface CompileOptions {
  /** Only these clusters; absent = all. */
  readonly clusters?: readonly string[];
  /** Ids of intents that get new values, as in `isolationzone/pci`. */
  readonly relock?: readonly string[];
  /** Give free what intents that are gone have held. */
  readonly gc?: boolean;
  /** The lock has conflict markers: take both sides, and let the newcomer give way. */
  readonly merge?: boolean;
}

/** 1-based lines and columns, 0-based offsets, all in UTF-16 units. */
export interface Range {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly offset: number;
  readonly endOffset: number;
}

/** What `--format json` prints for a finding. */
export interface Finding {
  /** `zone/namespace-twice`: its page is what `plumbline explain` prints. */
  readonly code: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly range: Range | null;
  readonly label: string | null;
  readonly related: readonly { readonly range: Range; readonly label: string }[];
  readonly notes: readonly string[];
  readonly help: string | null;
}

export interface CompileResult {
  /** Whether there is no error; warnings do not count. */
  readonly ok: boolean;
  /** What belongs below the output folder, paths relative to it; empty where there is an error. */
  readonly files: readonly TextFile[];
  /** The new text of the lock; undefined where there is an error. */
  readonly lock: string | undefined;
  readonly findings: readonly Finding[];
}

/** A pair of parties, and what can flow from the first to the second. */
export interface Reachable {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
  /** As in intents: `tcp/8443`. */
  readonly services: readonly string[];
  /** `eth0`, or the gateways on the way, or the link that both are on. */
  readonly way: readonly string[];
  /** What is taken for granted. */
  readonly assumed: readonly string[];
}

export interface VerifyResult {
  /** Whether exactly what the intents say can flow. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Empty where the intents themselves are wrong. */
  readonly reachable: readonly Reachable[];
}

/** The pipeline: texts in, texts out. The same texts give the same bytes. Never throws for what is wrong in a text. */
export function compile(texts: ProjectTexts, options: CompileOptions = {}): CompileResult {
  const { files, lock, diagnostics } = compileInputs(inputsOf(texts), options);
  return { ok: !hasErrors(diagnostics), files, lock, findings: findingsOf(diagnostics) };
}

/**
 * Reads written files back and holds what they let through against what the intents mean. `written`: what stands below
 * the output folder, paths relative to it, as `compile` gives it.
 */
export function verify(texts: ProjectTexts, written: readonly TextFile[]): VerifyResult {
  const inputs = inputsOf(texts);
  const compiled = compileInputs(inputs);
  const { project, diagnostics } = compiled;
  if (!project || hasErrors(diagnostics)) return { ok: false, findings: findingsOf(diagnostics), reachable: [] };
  const proofs = project.clusters.flatMap(({ name }) => {
    const own = written.filter((file) => file.path.startsWith(`${name}/`));
    const proof = proved({ project, inputs, compiled }, name, own);
    return proof ? [proof] : [];
  });
  const found = proofs.flatMap((one) => one.diagnostics);
  const reachable = proofs.flatMap(({ cluster, flows, watch }) =>
    tableOf(connectionsOf(flows, watch), { by: "party" }).map(({ from, to, services, way, assumed }): Reachable => {
      return { cluster, from, to, services, way, assumed };
    }),
  );
  return { ok: !hasErrors(found), findings: findingsOf(found), reachable };
}

function inputsOf({ project, intents, workloads = [], lock, templates = [] }: ProjectTexts): Inputs {
  const files = workloads.map(({ namespace, ...file }) => ({ file, namespace }));
  const own = templates.map(({ name, ...file }) => ({ name, file }));
  return { project, intents, workloads: files, lock, templates: own };
}

function findingsOf(diagnostics: readonly Diagnostic[]): readonly Finding[] {
  return sorted(diagnostics).map(jsonOf);
}
