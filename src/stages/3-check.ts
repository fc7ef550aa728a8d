import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { findSecrets } from "../diagnostics/secrets.ts";
import { formatList, formatSuggestion, suggestWord } from "../diagnostics/suggest.ts";
import type { Intent } from "../ir/intent.ts";
import type { Kind } from "../kinds/kind.ts";
import { formatIntentId } from "../kinds/shared/intent-key.ts";
import { checkAgainstSchema } from "../schema/check-value.ts";
import { API_VERSION, buildDocumentSchema } from "../schema/document.ts";
import { describeType, formatShort } from "../schema/from-ajv.ts";
import type { Schema } from "../schema/schema.ts";
import { placeAt, type SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findValue } from "../yaml/span.ts";
import { intentRules } from "./intent-rules.ts";
import { findMaintainedSuccessor } from "./never-emitted.ts";

export interface CheckedDocuments {
  /** Those without an error of their own. */
  readonly intents: readonly Intent[];
  /** `isolationzone/pci` of those with one: a reference to them is not reported as unknown. */
  readonly broken: ReadonlySet<string>;
}

/** Documents to intents: each of a known kind, of the right shape, with a name of its own. */
export function checkDocuments(
  documents: readonly SourceDocument[],
  kinds: readonly Kind[],
): { readonly value: CheckedDocuments; readonly diagnostics: readonly Diagnostic[] } {
  const byName = new Map(
    kinds.map((kind) => [kind.name, { kind, schema: buildDocumentSchema(kind.name, kind.schema) }]),
  );
  const intents = new Map<string, Intent>();
  const broken = new Set<string>();
  const found: Diagnostic[] = [];
  for (const doc of documents) {
    const entry = findKind(doc, byName, found);
    const name = findValue(doc.value, ["metadata", "name"]);
    if (!entry) {
      // It may have been meant to be of any kind.
      if (typeof name === "string") for (const { name: kind } of kinds) broken.add(formatIntentId(kind, name));
      continue;
    }
    const { kind, schema } = entry;
    const wrong = checkAgainstSchema(kind.validate, kind.name, schema, doc.value, (path, on) => ({ doc, path, on }));
    // A name that is no text is refused by its schema.
    const id = formatIntentId(kind.name, typeof name === "string" ? name : "");
    const first = intents.get(id);
    if (first && typeof name === "string") wrong.push(duplicate(kind.name, name, doc, first.doc));
    if (wrong.length > 0) {
      found.push(...wrong);
      if (!first) broken.add(id);
    } else intents.set(id, toIntent(kind.name, id, doc));
  }
  return { value: { intents: [...intents.values()].sort(byId), broken }, diagnostics: found };
}

/** Secrets are sought in the text itself: comments count. */
export function checkSecrets(files: readonly SourceFile[]): Diagnostic[] {
  return files.flatMap((file) =>
    findSecrets(file.text).map(({ start, end, what }) =>
      intentRules.diagnose("secret", { file, start, end }, { what }),
    ),
  );
}

/** By code unit, so that the order is the same everywhere. */
function byId(a: Intent, b: Intent): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function findKind(
  doc: SourceDocument,
  kinds: ReadonlyMap<string, { kind: Kind; schema: Schema }>,
  found: Diagnostic[],
): { kind: Kind; schema: Schema } | undefined {
  const { value } = doc;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    found.push(intentRules.diagnose("not-an-object", placeAt(doc), { found: describeType(value) }));
    return undefined;
  }
  const kind = findValue(value, ["kind"]);
  const entry = typeof kind === "string" ? kinds.get(kind) : undefined;
  if (entry) return entry;
  if (typeof kind !== "string") found.push(intentRules.diagnose("missing-kind", placeAt(doc), {}));
  else found.push(unknownKind(doc, kind, [...kinds.keys()]));
  return undefined;
}

function unknownKind(doc: SourceDocument, kind: string, accepted: readonly string[]): Diagnostic {
  const place = placeAt(doc, "kind");
  const apiVersion = findValue(doc.value, ["apiVersion"]);
  const near = suggestWord(kind, accepted);
  const successor = findMaintainedSuccessor(kind);
  if (successor) return intentRules.diagnose("never-emitted", place, { name: kind }, { help: `use ${successor}` });
  const foreign = typeof apiVersion === "string" && !apiVersion.startsWith("plumbline.dev/");
  if (foreign && apiVersion !== API_VERSION && near === undefined)
    return intentRules.diagnose("foreign-document", place, { kind: formatShort(kind) });
  return intentRules.diagnose(
    "unknown-kind",
    place,
    { kind: formatShort(kind) },
    {
      notes: [`the kinds are: ${formatList(accepted)}`],
      help: formatSuggestion(kind, accepted),
    },
  );
}

function duplicate(kind: string, name: string, doc: SourceDocument, first: SourceDocument): Diagnostic {
  const related = [{ place: placeAt(first, "metadata", "name"), label: "the first one" }];
  return intentRules.diagnose("duplicate", placeAt(doc, "metadata", "name"), { kind, name }, { related });
}

function toIntent(kind: string, id: string, doc: SourceDocument): Intent {
  const { metadata, spec } = doc.value as {
    metadata: { name: string; labels?: Record<string, string>; formerName?: string };
    spec: unknown;
  };
  return { kind, id, doc, spec, name: metadata.name, labels: metadata.labels ?? {}, formerName: metadata.formerName };
}
