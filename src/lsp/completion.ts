import type { Schema } from "../schema/schema.ts";
import type { Path } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findValue } from "../yaml/span.ts";
import { type DocumentScalar, parseScalars } from "./documents.ts";
import { indexNames, nameKindsAt } from "./names.ts";
import type { ProjectState } from "./project-state.ts";
import { describeSchema, findSchema, kindNames } from "./schema-at.ts";

export interface CompletionItem {
  readonly label: string;
  readonly kind: "key" | "word" | "name";
  /** Markdown. */
  readonly about: string;
  readonly insert: string;
}

export interface CompletionList {
  readonly items: readonly CompletionItem[];
  /** The word that they stand in place of. */
  readonly start: number;
  readonly end: number;
}

/** Stands for the word at the cursor. No text of an intent is like it. */
const MARK = "plumbline__cursor__";

/** What may stand at an offset: keys of the schema, words of it, and names of the whole project. */
export function listCompletions(state: ProjectState, file: SourceFile, offset: number): CompletionList {
  const { text } = file;
  const start = offset - (/[\w./-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[\w./-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const withMark = (mark: string) => parseScalars(text.slice(0, start) + mark + text.slice(end));
  const isAfterColon = /:[ \t]+$/.test(text.slice(0, start)) || /^[ \t]*:/.test(text.slice(end));
  const items: CompletionItem[] = [];
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
  const kind = findValue(doc, ["kind"]);
  return typeof kind === "string" ? kind : "";
}

function keysAt(leaf: DocumentScalar, doc: unknown): readonly CompletionItem[] {
  const parent = leaf.path.slice(0, -1);
  const there = findValue(doc, parent);
  const has = new Set(typeof there === "object" && there !== null ? Object.keys(there) : []);
  const kind = kindOf(doc);
  const schema = kind === "" && parent.length === 0 ? findSchema("Project", []) : findSchema(kind, parent);
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

function valuesAt(state: ProjectState, { path }: DocumentScalar, doc: unknown): readonly CompletionItem[] {
  const word = (label: string, about = ""): CompletionItem => ({ label, kind: "word", about, insert: label });
  const kind = kindOf(doc);
  if (path.join(".") === "kind") return kindNames.map((name) => word(name, findSchema(name, [])?.description));
  const schema = findSchema(kind, path);
  if (path.join(".") === "apiVersion") return [word(String(findSchema("Project", path)?.const))];
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
function namesAt(state: ProjectState, path: Path, doc: unknown): readonly CompletionItem[] {
  const sorts = nameKindsAt(path);
  const beside = (key: string) => {
    const value = findValue(doc, [...path.slice(0, -1), key]);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const { definitions } = indexNames(state);
  const names = new Set<string>();
  for (const [key, [first]] of definitions) {
    const [sort = "", name = ""] = key.split(" ");
    if (!sorts.some((one) => one === sort) || name.includes("plumbline__cursor__")) continue;
    const parts = name.split("/");
    if (sort === "workload" && !matchesParts(parts, [beside("namespace"), beside("kind")])) continue;
    if (sort === "host" && !matchesParts(parts, [beside("external")])) continue;
    const label = parts.at(-1) ?? name;
    if (first) names.add(`${label}\0${first.file.path}`);
  }
  return [...names].sort().map((one) => {
    const [label = "", path = ""] = one.split("\0");
    return { label, kind: "name", about: `Defined in ${path}.`, insert: label };
  });
}

function matchesParts(parts: readonly string[], wanted: readonly (string | undefined)[]): boolean {
  return wanted.every((one, index) => one === undefined || one === parts[index]);
}
