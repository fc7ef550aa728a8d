import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import { kinds } from "../kinds/index.ts";
import { projectSchema } from "../project/schema.ts";
import { buildDocumentSchema } from "../schema/document.ts";
import { patterns } from "../schema/patterns.ts";
import type { Schema } from "../schema/schema.ts";
import { inventorySchema } from "../stages/render/inventory-schema.ts";
import type { ExitCode, Io } from "./io.ts";
import { findingsSchema } from "./schemas/findings.ts";
import {
  compileSchema,
  diffSchema,
  explainSchema,
  graphSchema,
  lintSchema,
  lockSchema,
  verifySchema,
} from "./schemas/results.ts";

/** JSON Schemas by kind, the project's own first. */
export function listInputSchemas(): ReadonlyMap<string, Schema> {
  return new Map([
    ["Project", buildDocumentSchema("Project", projectSchema)],
    ...kinds.map((kind) => [kind.name, buildDocumentSchema(kind.name, kind.schema)] as const),
  ]);
}

/** JSON Schemas of what is written or printed for programs to read. */
export const outputSchemas: ReadonlyMap<string, Schema> = new Map(
  [
    compileSchema,
    diffSchema,
    explainSchema,
    findingsSchema,
    graphSchema,
    inventorySchema,
    lintSchema,
    lockSchema,
    verifySchema,
  ].map((one) => [one.title as string, one]),
);

/** JSON Schema for editors: of one kind, or of any of them; and of what is written for programs. */
export function printSchema(kind: string | undefined, io: Io): ExitCode {
  const all = listInputSchemas();
  if (kind === undefined) {
    io.out(`${JSON.stringify(buildCombinedSchema(), null, 2)}\n`);
    return 0;
  }
  const known = new Map([...all, ...outputSchemas]);
  const one = known.get(kind) ?? [...known].find(([name]) => name.toLowerCase() === kind.toLowerCase())?.[1];
  if (!one) {
    const names = [...known.keys()];
    io.err(
      `plumbline: no kind is called ${kind}; ${formatSuggestion(kind, names) ?? `there are: ${formatList(names)}`}\n`,
    );
    return 2;
  }
  io.out(
    `${JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", ...toEditorSchema(one) }, null, 2)}\n`,
  );
  return 0;
}

/** The schema of a document of any kind. */
export function buildCombinedSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    oneOf: [...listInputSchemas().values()].map(toEditorSchema),
  };
}

/** Our formats are no JSON Schema formats: editors get them as patterns, as far as a pattern can say them. */
export function toEditorSchema(schema: Schema): object {
  const { format, keyFormat, items, properties, additionalProperties, ...rest } = schema;
  const pattern = format === undefined ? undefined : patterns[format];
  const keys = keyFormat === undefined ? undefined : patterns[keyFormat];
  return {
    ...rest,
    ...(pattern !== undefined && { pattern }),
    ...(keys !== undefined && { propertyNames: { pattern: keys } }),
    ...(items && { items: toEditorSchema(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, toEditorSchema(one)])),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties: additionalProperties && toEditorSchema(additionalProperties),
    }),
  };
}
