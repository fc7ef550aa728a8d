import { list, object, oneOf, type Schema, text } from "../../schema/schema.ts";

const count = (description: string, minimum: number): Schema => ({ type: "integer", description, minimum });

const range = object(
  "Where something stands. Lines and columns begin at 1, offsets at 0; all count UTF-16 units.",
  {
    file: text("The file, relative to where the command runs, with forward slashes."),
    line: count("The line.", 1),
    column: count("The column.", 1),
    endLine: count("The line of the end.", 1),
    endColumn: count("The column after the last one.", 1),
    offset: count("The offset.", 0),
    endOffset: count("The offset after the last one.", 0),
  },
  ["file", "line", "column", "endLine", "endColumn", "offset", "endOffset"],
);

const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema.type as "object", "null"] });

/** One finding, as every command prints it. */
export const findingSchema: Schema = object(
  "Something that is wrong, or worth to know.",
  {
    code: text("`zone/namespace-twice`: `plumbline explain` prints its page. Codes are never renamed."),
    severity: oneOf("How bad it is.", ["error", "warning", "note"]),
    message: text("What is wrong, in one sentence."),
    range: { ...orNull(range), description: "Where; null: nowhere in particular." },
    label: { type: ["string", "null"], description: "What is wrong at the place itself." },
    related: list(
      "Other places that it has to do with.",
      object("One.", { range, label: text("What stands there.") }, ["range", "label"]),
    ),
    notes: { type: "array", description: "Facts that explain it.", items: text("One.") },
    help: { type: ["string", "null"], description: "What to type." },
    fix: {
      ...orNull(object("", { range, text: text("What to write there.") }, ["range", "text"])),
      description: "An edit that corrects it; null: there is a choice to make.",
    },
  },
  ["code", "severity", "message", "range", "label", "related", "notes", "help", "fix"],
);

/** A list that may hold a text twice. */
export function listOfTexts(description: string, each = "One."): Schema {
  return { type: "array", description, items: text(each) };
}

export const findingsSchema: Schema = {
  title: "Findings",
  ...list(
    "What `check` and `lint` print with `--format json`, and other commands where they cannot answer.",
    findingSchema,
  ),
};
