import { type Document, isAlias, isMap, isScalar, parseAllDocuments, type Scalar, visit, type YAMLError } from "yaml";
import { appendAll } from "../diagnostics/append-all.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { reportAmbiguities } from "./ambiguities.ts";
import { type ComposedManifests, composeCached } from "./compose-manifests.ts";
import type { YamlAmbiguity } from "./go-yaml-dialect.ts";
import { toPlainValue } from "./plain-value.ts";
import { yamlRules } from "./rules.ts";
import { describeSyntaxError } from "./syntax-errors.ts";
import { findTooDeep } from "./too-deep.ts";

export interface StrictResult {
  readonly values: readonly unknown[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `intent`: what plumbline owns, read strictly. `manifest`: what Kubernetes owns, read as kubectl would. */
export type Strictness = "intent" | "manifest";

/** Reads what the fast path gave up on, with the `yaml` package, and says what is wrong in our words. */
export function parseStrict(file: SourceFile, strictness: Strictness): StrictResult {
  const deep = findTooDeep(file.text);
  if (deep !== undefined)
    return { values: [], diagnostics: [yamlRules.diagnose("too-deep", { file, start: deep, end: deep + 1 }, {})] };
  const { documents, odd, text } = composed(file, strictness);
  const shown = text === file.text ? file : { ...file, text };
  const diagnostics: Diagnostic[] = [];
  const values: unknown[] = [];
  for (const doc of documents) {
    // The first error of a document is the cause; what follows is mostly its echo.
    const error = doc.errors[0];
    if (error) diagnostics.push(fromYamlError(shown, error));
    else if (doc.contents !== null) read(shown, doc, strictness, odd?.get(doc) ?? [], values, diagnostics);
  }
  return { values, diagnostics };
}

interface Composed extends Pick<ComposedManifests, "documents" | "text"> {
  readonly odd?: ComposedManifests["odd"];
}

function composed(file: SourceFile, strictness: Strictness): Composed {
  if (strictness === "manifest") return composeCached(file);
  const options = { prettyErrors: false, logLevel: "silent", version: "1.2", uniqueKeys: false } as const;
  const all = parseAllDocuments(file.text, options);
  return { documents: Array.isArray(all) ? (all as readonly Document.Parsed[]) : [], text: file.text };
}

function read(
  file: SourceFile,
  doc: Document.Parsed,
  strictness: Strictness,
  odd: readonly YamlAmbiguity[],
  values: unknown[],
  found: Diagnostic[],
): void {
  const before = found.length;
  inspect(file, doc, strictness, found);
  appendAll(found, reportAmbiguities(file, odd));
  if (found.slice(before).some((one) => one.severity === "error")) return;
  const plain = toPlainValue(doc);
  if (plain) values.push(plain.value);
  else found.push(yamlRules.diagnose("alias-bomb", { file, start: doc.range[0], end: doc.range[0] }, {}));
}

function inspect(file: SourceFile, doc: Document.Parsed, strictness: Strictness, found: Diagnostic[]): void {
  const strict = strictness === "intent";
  visit(doc, {
    Node(_key, node) {
      const place = { file, start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
      const anchor = !isAlias(node) && "anchor" in node ? node.anchor : undefined;
      if (strict && (isAlias(node) || anchor)) {
        found.push(yamlRules.diagnose("alias", place, {}));
        return visit.SKIP;
      }
      // JSON, which every manifest ends as, has no word for it.
      if (isScalar(node) && isEndless(node.value))
        found.push(yamlRules.diagnose("no-number", place, { word: node.source ?? "" }));
      if (
        strict &&
        "tag" in node &&
        node.tag &&
        !/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag)
      )
        found.push(yamlRules.diagnose("tag", place, { tag: node.tag }));
      return undefined;
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key)) return;
      const place = { file, start: pair.key.range?.[0] ?? 0, end: pair.key.range?.[1] ?? 0 };
      const key = String(pair.key.value);
      if (key === "__proto__") found.push(yamlRules.diagnose("forbidden-key", place, { key }));
      else if (strict && key === "<<") found.push(yamlRules.diagnose("merge-key", place, {}));
      else if (strict && typeof pair.key.value !== "string")
        found.push(yamlRules.diagnose("key-not-text", place, { key }));
      if (strict && isScalar(pair.value)) ambiguous(file, pair.value, found);
    },
    Map(_key, map) {
      // The package compares each key with all others.
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const at = key.range?.[0] ?? 0;
        if (seen.has(name)) {
          found.push(yamlRules.diagnose("duplicate-key", keyPlace(file, at), { key: keyAt(file, at) }));
          break;
        }
        seen.add(name);
      }
    },
    Seq(_key, seq) {
      if (strict) for (const item of seq.items) if (isScalar(item)) ambiguous(file, item, found);
    },
  });
  if (isMap(doc.contents) && strict) return;
}

/** Plain words that YAML 1.1 (kubectl, Argo CD, Flux) and YAML 1.2 read as different values. */
export function findYaml11Value(source: string): string | undefined {
  if (/^(y|yes|on)$/i.test(source)) return "true";
  if (/^(n|no|off)$/i.test(source)) return "false";
  if (/^[-+]?0[0-7_]+$/.test(source)) return `the octal number ${Number.parseInt(source.replace(/[+_]/g, ""), 8)}`;
  if (/^0o[0-7]+$/.test(source)) return "text";
  if (/^[-+]?\d[\d_]*[eE][-+]?\d+$/.test(source)) return "text";
  if (/^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(source)) return "a number to the base of 60";
  if (/^[-+]?(0b[01_]+|0x[0-9a-fA-F_]*_[0-9a-fA-F_]*|\d[\d]*_[\d_]*(\.\d*)?)$/.test(source)) return "a number";
  return undefined;
}

function isEndless(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function ambiguous(file: SourceFile, node: Scalar, found: Diagnostic[]): void {
  if (node.type !== "PLAIN" || node.source === undefined || isEndless(node.value)) return;
  const reading = findYaml11Value(node.source);
  if (reading === undefined) return;
  const here = typeof node.value === "string" ? "text" : `${node.value}`;
  found.push(
    yamlRules.diagnose(
      "ambiguous-scalar",
      { file, start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 },
      { word: node.source },
      {
        notes: [`YAML 1.1, as in kubectl, reads ${reading}; YAML 1.2 reads ${here === "text" ? "text" : here}`],
        help: `write \`"${node.source}"\` for text, or a plain decimal number, true or false`,
      },
    ),
  );
}

function fromYamlError(file: SourceFile, error: YAMLError): Diagnostic {
  const place = { file, start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) };
  switch (error.code) {
    case "TAB_AS_INDENT":
      return yamlRules.diagnose("tab-indent", place, {});
    case "BAD_INDENT":
      return yamlRules.diagnose("indentation", place, {});
    default:
      if (lineBefore(file, error.pos[0]).includes("\t")) return yamlRules.diagnose("tab-indent", place, {});
      return yamlRules.diagnose("syntax", place, { what: describeSyntaxError(error.code) });
  }
}

function lineBefore(file: SourceFile, offset: number): string {
  return file.text.slice(file.text.lastIndexOf("\n", offset - 1) + 1, offset + 1).match(/^\s*/)?.[0] ?? "";
}

function keyAt(file: SourceFile, offset: number): string {
  return /^["']?([^\s:"']+)/.exec(file.text.slice(offset, offset + 100))?.[1] ?? "";
}

function keyPlace(file: SourceFile, offset: number) {
  return { file, start: offset, end: offset + Math.max(1, keyAt(file, offset).length) };
}
