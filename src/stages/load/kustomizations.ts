import type { Project } from "../../ir/project.ts";
import type { FoundFiles } from "./find-files.ts";

/** The names that kustomize looks for. */
export const KUSTOMIZATIONS: readonly string[] = ["**/kustomization.{yaml,yml}", "**/Kustomization"];

/**
 * The files of kustomize that are read. Those that nobody named are looked for, and what is in the way of that is no error;
 * where no workload is read, and no component written, nobody asks for them.
 */
export function findKustomizations(project: Project, find: (patterns: readonly string[]) => FoundFiles): FoundFiles {
  if (project.kustomizations) return find(project.kustomizations);
  if (project.workloads.length === 0) return { paths: [], diagnostics: [] };
  return { paths: find(KUSTOMIZATIONS).paths, diagnostics: [] };
}
