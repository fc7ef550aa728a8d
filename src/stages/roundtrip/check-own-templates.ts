import type { Diagnostic, Related } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import { findFile, type SourceDocument, type TextPlace } from "../../source/place.ts";
import { templateRules } from "../../template/rules.ts";
import type { TemplateRun } from "../../template/run-template.ts";
import { readDocuments } from "../../yaml/read-documents.ts";
import { findSpan } from "../../yaml/span.ts";
import { buildTemplateData } from "../render/render-manifest.ts";
import { findTemplate, type OwnTemplates, runOwnTemplate } from "../render/templates.ts";
import { findDifferences, type TreeDifference } from "./difference.ts";
import { findFileDifference } from "./file-difference.ts";
import { mayBeAdded } from "./own-keys.ts";

/** An object that a template of the project spelt, as it was read back. */
export interface CheckedObject {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Whether what the project's templates spell means what the built-in ones do, at the template's own line where it does
 * not. Undefined for an object that no template of the project has to do with.
 */
export function checkOwnTemplates(
  manifest: Manifest,
  own: OwnTemplates,
  domains: readonly string[],
): CheckedObject | undefined {
  const inside = Object.entries(manifest.parts ?? {}).flatMap(([name, part]) => {
    const template = own.get(part.template);
    if (!template) return [];
    const ran = runOwnTemplate(template, part.data);
    const problem = ran.problem ?? differenceInFile(manifest, name, findTemplate(part.template)(part.data), ran);
    return problem ? [problem] : [];
  });
  const template = own.get(manifest.template);
  if (!template) return inside.length > 0 ? { value: undefined, diagnostics: inside } : undefined;
  const data = buildTemplateData(manifest, own);
  const ran = runOwnTemplate(template, data);
  if (ran.problem) return { value: undefined, diagnostics: [...inside, ran.problem] };
  const meant = readDocuments({ path: "", text: findTemplate(manifest.template)(data) }, "manifest");
  const read = readObject(manifest, ran);
  if ("code" in read) return { value: undefined, diagnostics: [...inside, read] };
  const found = findDifferences(meant.documents[0]?.value, read.value).flatMap((one) =>
    checkDifference(manifest, one, read, ran, domains),
  );
  return { value: read.value, diagnostics: [...inside, ...found.slice(0, 1)] };
}

function describeManifest({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.name}`;
}

/** Where it comes from, besides the template. */
function relateToIntent({ origin }: Manifest): readonly Related[] {
  return origin ? [{ place: origin, label: "from this intent" }] : [];
}

function differenceInFile(manifest: Manifest, name: string, meant: string, ran: TemplateRun): Diagnostic | undefined {
  const found = findFileDifference(name, meant, ran.text);
  const parameters = { object: `\`${name}\` of ${describeManifest(manifest)}`, what: found?.what ?? "" };
  const extra = { related: relateToIntent(manifest) };
  return found && templateRules.diagnose("changes-meaning", ran.placeOf(found.offset), parameters, extra);
}

/** What a template wrote, as strictly as an intent: readers of YAML differ, and all of them must read the same. */
function readObject(manifest: Manifest, ran: TemplateRun): SourceDocument | Diagnostic {
  const broken = (place: TextPlace, why: string) =>
    templateRules.diagnose(
      "broken-output",
      place,
      { object: describeManifest(manifest), why },
      { related: relateToIntent(manifest) },
    );
  const mark = /^(?:---|\.\.\.|%).*$/m.exec(ran.text);
  if (mark) return broken(ran.placeOf(mark.index), `\`${mark[0].slice(0, 20)}\` would begin another document`);
  const file = { path: "", text: ran.text };
  const { documents, diagnostics } = readDocuments(file, "intent");
  const wrong = diagnostics[0];
  if (wrong) return broken(ran.placeOf(wrong.place ? findSpan(wrong.place).start : 0), wrong.message);
  const [one, ...more] = documents;
  return one && more.length === 0 ? one : broken(ran.placeOf(0), "it is not one object");
}

function checkDifference(
  manifest: Manifest,
  { path, how }: TreeDifference,
  read: SourceDocument,
  ran: TemplateRun,
  domains: readonly string[],
): readonly Diagnostic[] {
  const place = ran.placeOf(findSpan({ doc: read, path, on: how === "other" ? "value" : "key" }).start);
  const extra = { related: relateToIntent(manifest) };
  const object = describeManifest(manifest);
  const [head, which, key, ...rest] = path;
  const isKey = head === "metadata" && (which === "labels" || which === "annotations");
  if (how === "added" && isKey) {
    const keys = key === undefined ? Object.keys(readAdded(read.value, which)) : rest.length === 0 ? [String(key)] : [];
    const bad = keys.find((one) => !mayBeAdded(manifest.kind, which, one, domains));
    const values = readAdded(read.value, which);
    if (bad === undefined && keys.length > 0 && keys.every((one) => typeof values[one] === "string")) return [];
    if (bad !== undefined) {
      const help = "use a key without a domain, or name its domain in `spec.templateDomains` of plumbline.yaml";
      return [templateRules.diagnose("reserved-key", place, { key: bad, object }, { ...extra, help })];
    }
  }
  const words = { missing: "is missing", added: "is more than was meant", other: "is not what was meant" } as const;
  const what = `\`${path.join(".")}\` ${words[how]}`;
  return [templateRules.diagnose("changes-meaning", place, { object, what }, extra)];
}

function readAdded(value: unknown, which: string): Readonly<Record<string, unknown>> {
  const metadata = (value as { readonly metadata?: Readonly<Record<string, unknown>> }).metadata;
  const found = metadata?.[which];
  return typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
}

/** The same slip of a template is found in every object that it spells: it is said once, with how many there are. */
export function dedupeByPlace(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map<string, { readonly first: Diagnostic; count: number }>();
  for (const one of found) {
    const place = one.place;
    // Where a template has gone round for too long differs from object to object.
    const start = place && "start" in place && one.code !== "template/too-long" ? place.start : "";
    const key = place ? `${one.code} ${findFile(place).path} ${start}` : `${one.code} ${one.message}`;
    const known = byPlace.get(key);
    if (known) known.count++;
    else byPlace.set(key, { first: one, count: 1 });
  }
  return [...byPlace.values()].map(({ first, count }) =>
    count === 1 ? first : { ...first, notes: [...first.notes, `the same in ${count} objects; this is the first`] },
  );
}
