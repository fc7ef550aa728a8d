import type { Schema } from "../schema/schema.ts";
import type { Path } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { valueAt } from "../yaml/span.ts";
import { type Leaf, readLeaves } from "./documents.ts";
import { namesOf, sortsAt } from "./names.ts";
import type { ProjectState } from "./project-state.ts";
import { describeSchema, kindNames, schemaAt } from "./schema-at.ts";

export interface Suggestion {
  readonly label: string;
  readonly kind: "key" | "word" | "name";
  /** Markdown. */
  readonly about: string;
  readonly insert: string;
}

export interface Suggestions {
  readonly items: readonly Suggestion[];
  /** The word that they stand in place of. */
  readonly start: number;
  readonly end: number;
}

/** Stands for the word at the cursor. No text of an intent is like it. */
const MARK = "plumbline__cursor__";

/** What may stand at an offset: keys of the schema, words of it, and names of the whole project. */
export function completionsAt(state: ProjectState, file: SourceFile, offset: number): Suggestions {
  const { text } = file;
  const start = offset - (/[\w./-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[\w./-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const withMark = (mark: string) => readLeaves(text.slice(0, start) + mark + text.slice(end));
  const isAfterColon = /:[ \t]+$/.test(text.slice(0, start)) || /^[ \t]*:/.test(text.slice(end));
  const items: Suggestion[] = [];
  // A word may become a key. What follows it on its line, a brace for instance, stays.
  if (!/:[ \t]+$/.test(text.slice(0, start))) {
    const leaves = withMark(/^[ \t]*:/.test(text.slice(end)) ? MARK : `${MARK}: 0`);
    const leaf = leaves.all.find((one) => one.on === "key" && one.value === MARK);
    if (leaf) items.push(...keysAt(leaf, leaves.values[leaf.doc]));
  }
  if (!/^[ \t]*:/.test(text.slice(end))) {
    const leaves = withMark(MARK);
    const leaf = leaves.all.find((one) => one.on === "value" && one.value === MARK);
    if (leaf && (isAfterColon || typeof leaf.path.at(-1) === "number"))
      items.push(...valuesAt(state, leaf, leaves.values[leaf.doc]));
  }
  return { items, start, end };
}

function kindOf(doc: unknown): string {
  const kind = valueAt(doc, ["kind"]);
  return typeof kind === "string" ? kind : "";
}

function keysAt(leaf: Leaf, doc: unknown): readonly Suggestion[] {
  const parent = leaf.path.slice(0, -1);
  const there = valueAt(doc, parent);
  const has = new Set(typeof there === "object" && there !== null ? Object.keys(there) : []);
  const kind = kindOf(doc);
  const schema = kind === "" && parent.length === 0 ? schemaAt("Project", []) : schemaAt(kind, parent);
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {})
    .filter(([key]) => !has.has(key))
    .map(([key, inner]) => ({
      label: key,
      kind: "key" as const,
      about: [required.has(key) ? "Required." : "", describeSchema(inner)].filter((one) => one !== "").join("\n\n"),
      insert: inner.type === "object" || inner.type === "array" ? `${key}:` : `${key}: `,
    }));
}

function valuesAt(state: ProjectState, { path }: Leaf, doc: unknown): readonly Suggestion[] {
  const word = (label: string, about = ""): Suggestion => ({ label, kind: "word", about, insert: label });
  const kind = kindOf(doc);
  if (path.join(".") === "kind") return kindNames.map((name) => word(name, schemaAt(name, [])?.description));
  const schema = schemaAt(kind, path);
  if (path.join(".") === "apiVersion") return [word(String(schemaAt("Project", path)?.const))];
  return [...wordsOf(schema).map((one) => word(one, schema?.description)), ...namesAt(state, path, doc)];
}

function wordsOf(schema: Schema | undefined): readonly string[] {
  const { enum: words, const: only, type } = schema ?? {};
  return [
    ...(words ?? []).map(String),
    ...(only === undefined ? [] : [only]),
    ...(type === "boolean" ? ["true", "false"] : []),
  ];
}

/** Names of intents, uplinks, clusters, namespaces and workloads, from every file of the project. */
function namesAt(state: ProjectState, path: Path, doc: unknown): readonly Suggestion[] {
  const sorts = sortsAt(path);
  const beside = (key: string) => {
    const value = valueAt(doc, [...path.slice(0, -1), key]);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const { definitions } = namesOf(state);
  const names = new Set<string>();
  for (const [key, [first]] of definitions) {
    const [sort = "", name = ""] = key.split(" ");
    if (!sorts.some((one) => one === sort) || name.includes("plumbline__cursor__")) continue;
    const parts = name.split("/");
    if (sort === "workload" && !fits(parts, [beside("namespace"), beside("kind")])) continue;
    if (sort === "host" && !fits(parts, [beside("external")])) continue;
    const label = parts.at(-1) ?? name;
    if (first) names.add(`${label}\0${first.file.path}`);
  }
  return [...names].sort().map((one) => {
    const [label = "", path = ""] = one.split("\0");
    return { label, kind: "name", about: `Defined in ${path}.`, insert: label };
  });
}

function fits(parts: readonly string[], wanted: readonly (string | undefined)[]): boolean {
  return wanted.every((one, index) => one === undefined || one === parts[index]);
}
