import type { Manifest, Part } from "../../ir/manifest.ts";
import { findTemplate, type OwnTemplates, runOwnTemplate } from "./templates.ts";

/** One object as text, ending with a line end. */
export function renderManifest(manifest: Manifest, own: OwnTemplates): string {
  const text = renderTemplate(manifest.template, buildTemplateData(manifest, own), own);
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** What an object's template is given. */
export function buildTemplateData({ apiVersion, kind, metadata, data, parts }: Manifest, own: OwnTemplates) {
  const files = parts && Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, renderPart(part, own)]));
  return { apiVersion, kind, metadata, ...data, ...(files && { files }) };
}

/** A file inside an object. */
export function renderPart({ template, data }: Part, own: OwnTemplates): string {
  return renderTemplate(template, data, own);
}

function renderTemplate(name: string, data: unknown, own: OwnTemplates): string {
  const template = own.get(name);
  return template ? runOwnTemplate(template, data).text : findTemplate(name)(data);
}
