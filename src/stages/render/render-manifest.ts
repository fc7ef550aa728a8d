import type { Manifest, Part } from "../../ir/manifest.ts";
import { type OwnTemplates, runOwn, templateNamed } from "./templates.ts";

/** One object as text, ending with a line end. */
export function renderManifest(manifest: Manifest, own: OwnTemplates): string {
  const text = spell(manifest.template, manifestData(manifest, own), own);
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** What an object's template is given. */
export function manifestData({ apiVersion, kind, metadata, data, parts }: Manifest, own: OwnTemplates) {
  const files = parts && Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, renderPart(part, own)]));
  return { apiVersion, kind, metadata, ...data, ...(files && { files }) };
}

/** A file inside an object. */
export function renderPart({ template, data }: Part, own: OwnTemplates): string {
  return spell(template, data, own);
}

function spell(name: string, data: unknown, own: OwnTemplates): string {
  const template = own.get(name);
  return template ? runOwn(template, data).text : templateNamed(name)(data);
}
