import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Instance } from "./intent.ts";
import type { Plan } from "./plan.ts";
import type { Project } from "./project.ts";

export interface WorkloadFile {
  readonly file: SourceFile;
  /** For manifests in it that name no namespace. */
  readonly namespace: string | undefined;
  /** Where a kustomization puts everything of the file, whatever namespace its manifests name. */
  readonly placed?: string;
  /** Kustomizations that change what they build in ways that are not followed: `patches` of `apps/kustomization.yaml`. Sorted. */
  readonly changedBy?: readonly string[];
}

/** A template of the project. */
export interface TemplateFile {
  /** Its path in the project's folder of templates, without ending: `kubernetes/deployment`. */
  readonly name: string;
  readonly file: SourceFile;
}

/** Everything the compiler reads, already in memory. */
export interface Inputs {
  readonly project: SourceFile;
  readonly intents: readonly SourceFile[];
  readonly workloads: readonly WorkloadFile[];
  readonly lock: SourceFile | undefined;
  readonly templates: readonly TemplateFile[];
  /** Files of kustomize, by which manifests are built; absent: none is known. */
  readonly kustomizations?: readonly SourceFile[];
}

export interface CompileOptions {
  /** Only these clusters; absent = all. */
  readonly clusters?: readonly string[];
  /** Intent ids that get new values in place of what the lock holds for them. */
  readonly relock?: readonly string[];
  /** Give released values free again. */
  readonly gc?: boolean;
  /** The lock has conflict markers: take both sides, and let the newcomer give way. */
  readonly merge?: boolean;
  /** Features that intents may do without, besides those that the project names. */
  readonly allowLoss?: readonly string[];
  /** For every cluster, in place of its own target. */
  readonly target?: string;
  /** Only these intents get `target`, by id, whatever they say themselves; all others stay where they are. */
  readonly moved?: ReadonlySet<string>;
  /** The target is meant and not only tried: what is experimental needs consent as ever. */
  readonly isTargetFinal?: boolean;
  /** Intents that are left out, by id. */
  readonly without?: ReadonlySet<string>;
  /** What was written is not held against the intents: whoever asks does that. */
  readonly skipVerify?: boolean;
  /** Called before each part of the work that may take long, with what it is. */
  readonly onProgress?: (what: string) => void;
}

/** A file to be written below `out`. */
export interface OutputFile {
  /** Relative to `out`, forward slashes: `east/zones/pci.yaml`. */
  readonly path: string;
  readonly text: string;
}

export interface Compiled {
  readonly project: Project | undefined;
  /** Empty when there is an error. */
  readonly files: readonly OutputFile[];
  /** The text of the lock; undefined when there is an error. */
  readonly lock: string | undefined;
  readonly plans: readonly Plan[];
  /** Each intent as it holds in a cluster, by the cluster's name. */
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
  readonly diagnostics: readonly Diagnostic[];
}
