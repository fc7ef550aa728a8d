import type { SourceFile } from "../source/source-file.ts";
import { findOccurrence, indexNames, type Occurrence } from "./names.ts";
import type { ProjectState } from "./project-state.ts";

/** Where the name at an offset is defined. A namespace is where the first manifest is in it. */
export function findDefinitions(state: ProjectState, file: SourceFile, offset: number): readonly Occurrence[] {
  const here = findOccurrence(file, offset);
  const { definitions } = indexNames(state);
  return here ? here.keys.flatMap((key) => definitions.get(key) ?? []) : [];
}

/** Everything that refers to the name at an offset. */
export function findReferences(
  state: ProjectState,
  file: SourceFile,
  offset: number,
  withDefinition: boolean,
): readonly Occurrence[] {
  const here = findOccurrence(file, offset);
  const { definitions, references } = indexNames(state);
  return (here?.keys ?? []).flatMap((key) => [
    ...(withDefinition ? (definitions.get(key) ?? []) : []),
    ...(references.get(key) ?? []),
  ]);
}
