import { mapOf, object, type Schema, text } from "./schema.ts";

export const API_VERSION = "plumbline.dev/v1alpha1";

const metadata: Schema = object(
  "Name and labels.",
  {
    name: text("Unique among the kind.", "intent-name"),
    labels: mapOf("Labels that the objects carry too.", text("A value.", "label-value"), "label-key"),
    formerName: text("The name it had; it keeps what the lock holds for that.", "intent-name"),
  },
  ["name"],
);

/** The schema of a whole document of a kind. */
export function buildDocumentSchema(kind: string, spec: Schema): Schema {
  return {
    $id: `https://plumbline.dev/schemas/v1alpha1/${kind}.json`,
    title: kind,
    ...object(
      spec.description ?? kind,
      {
        apiVersion: { type: "string", const: API_VERSION, description: "The version of this format." },
        kind: { type: "string", const: kind, description: "What the document is." },
        metadata,
        spec,
      },
      ["apiVersion", "kind", "metadata", "spec"],
    ),
  };
}
