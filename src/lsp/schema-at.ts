import { kinds } from "../kinds/index.ts";
import { projectSchema } from "../project/schema.ts";
import { buildDocumentSchema } from "../schema/document.ts";
import type { Schema } from "../schema/schema.ts";
import type { Path } from "../source/place.ts";

const byKind = new Map<string, Schema>([
  ["Project", buildDocumentSchema("Project", projectSchema)],
  ...kinds.map((kind) => [kind.name, buildDocumentSchema(kind.name, kind.schema)] as const),
]);

/** Names of all kinds, that of the project first. */
export const kindNames: readonly string[] = [...byKind.keys()];

/** The schema of what stands at a path of a document of a kind; undefined where the kind has no such key. */
export function findSchema(kind: string, path: Path): Schema | undefined {
  let schema = byKind.get(kind);
  for (const [depth, step] of path.entries()) {
    if (typeof step === "number") schema = schema?.items;
    else {
      const { properties, additionalProperties: free } = schema ?? {};
      const own = properties && Object.hasOwn(properties, step) ? properties[step] : undefined;
      // `overrides` of a cluster is part of the same spec.
      const isOverride = depth === 2 && path[0] === "spec" && path[1] === "overrides";
      schema = isOverride ? byKind.get(kind)?.properties?.spec : (own ?? (typeof free === "object" ? free : undefined));
    }
  }
  return schema;
}

/** What a schema says of a key, for people: its text, its values, its limits. */
export function describeSchema(schema: Schema): string {
  const { description = "", enum: words, default: otherwise, minimum, maximum, const: only } = schema;
  const facts = [
    ...(words ? [`One of: ${words.map((one) => `\`${one}\``).join(", ")}.`] : []),
    ...(only === undefined ? [] : [`Always \`${only}\`.`]),
    ...(otherwise === undefined ? [] : [`Default: \`${otherwise}\`.`]),
    ...(minimum === undefined || maximum === undefined ? [] : [`${minimum} to ${maximum}.`]),
  ];
  return [description, facts.join(" ")].filter((one) => one !== "").join("\n\n");
}
