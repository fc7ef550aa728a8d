import { didYouMean, listed } from "../diagnostics/suggest.ts";
import { kinds } from "../kinds/index.ts";
import { projectSchema } from "../project/schema.ts";
import { documentSchema } from "../schema/document.ts";
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
export function schemas(): ReadonlyMap<string, Schema> {
  return new Map([
    ["Project", documentSchema("Project", projectSchema)],
    ...kinds.map((kind) => [kind.name, documentSchema(kind.name, kind.schema)] as const),
  ]);
}

/** JSON Schemas of what is written or printed for programs to read. */
export const outputs: ReadonlyMap<string, Schema> = new Map(
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
export function schema(kind: string | undefined, io: Io): ExitCode {
  const all = schemas();
  if (kind === undefined) {
    io.out(`${JSON.stringify(wholeSchema(), null, 2)}\n`);
    return 0;
  }
  const known = new Map([...all, ...outputs]);
  const one = known.get(kind) ?? [...known].find(([name]) => name.toLowerCase() === kind.toLowerCase())?.[1];
  if (!one) {
    const names = [...known.keys()];
    io.err(`plumbline: no kind is called ${kind}; ${didYouMean(kind, names) ?? `there are: ${listed(names)}`}\n`);
    return 2;
  }
  io.out(
    `${JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", ...forEditors(one) }, null, 2)}\n`,
  );
  return 0;
}

/** The schema of a document of any kind. */
export function wholeSchema(): object {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", oneOf: [...schemas().values()].map(forEditors) };
}

/** Our formats are no JSON Schema formats: editors get them as patterns, as far as a pattern can say them. */
export function forEditors(schema: Schema): object {
  const { format, keyFormat, items, properties, additionalProperties, ...rest } = schema;
  const pattern = format === undefined ? undefined : patterns[format];
  const keys = keyFormat === undefined ? undefined : patterns[keyFormat];
  return {
    ...rest,
    ...(pattern !== undefined && { pattern }),
    ...(keys !== undefined && { propertyNames: { pattern: keys } }),
    ...(items && { items: forEditors(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, forEditors(one)])),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties: additionalProperties && forEditors(additionalProperties),
    }),
  };
}
