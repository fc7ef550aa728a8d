import { compile } from "../compile.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { Compiled, Inputs } from "../ir/compiled.ts";
import type { SourceFile } from "../source/source-file.ts";
import { loadProjectFiles, PROJECT_FILE, type UnsavedTexts } from "../stages/1-load.ts";

/** What an editor is told of a project: its texts as they are now, what is wrong, and the last time that nothing was. */
export interface ProjectState {
  readonly root: string;
  /** Every text of the project by path, that of the editor where it is not saved. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly inputs: Inputs | undefined;
  readonly findings: readonly Diagnostic[];
  /** Of the last state without errors: what was allocated, and who reaches whom. */
  readonly good: Compiled | undefined;
}

/** Reads and compiles a project. Nothing is written: the lock is as the last `compile` left it. */
export function loadProjectState(root: string, unsaved: UnsavedTexts, before?: ProjectState): ProjectState {
  const { inputs, diagnostics } = loadProjectFiles(root, undefined, unsaved);
  const compiled = inputs && compile(inputs);
  const findings = [...diagnostics, ...(compiled?.diagnostics ?? [])];
  const isGood = compiled?.project !== undefined && !hasErrors(findings);
  const files = inputs ? filesOf(inputs) : (before?.files ?? new Map());
  const project = unsaved.get(PROJECT_FILE);
  return {
    root,
    files:
      inputs || project === undefined
        ? files
        : new Map([...files, [PROJECT_FILE, { path: PROJECT_FILE, text: project }]]),
    inputs: inputs ?? before?.inputs,
    findings,
    good: isGood ? compiled : before?.good,
  };
}

function filesOf({ project, intents, workloads }: Inputs): ReadonlyMap<string, SourceFile> {
  const all = [project, ...intents, ...workloads.map((one) => one.file)];
  return new Map(all.map((file) => [file.path, file]));
}
