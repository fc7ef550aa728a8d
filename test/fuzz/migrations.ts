import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { planMigration } from "../../src/migrate/migrate.ts";
import { readProject } from "../../src/project/read-project.ts";
import { features } from "../../src/schema/features.ts";
import { targets } from "../../src/targets/index.ts";

export const targetNames: readonly string[] = targets.map((one) => one.name);

const losable = features.filter((one) => one.losable).map((one) => one.name as string);

export interface MigrationRun {
  readonly files: readonly unknown[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every cluster of a project on its way to a target, with all lost that may be. */
export function migrates(inputs: Inputs, to: string): MigrationRun {
  const clusters = readProject(inputs.project).value?.clusters.map((one) => one.name) ?? [];
  if (clusters.length === 0) return { files: [], diagnostics: [] };
  const { files, present, diagnostics } = planMigration(inputs, {
    to,
    clusters,
    intents: [],
    allowLoss: losable,
    folder: "migration",
  });
  return { files, diagnostics: [...present.diagnostics, ...diagnostics] };
}
