import type { Manifest } from "../../ir/manifest.ts";
import { templateNamed } from "./templates.ts";

/** One object as text, ending with a line end. */
export function renderManifest(manifest: Manifest): string {
  const { apiVersion, kind, metadata, data, parts, template } = manifest;
  const files =
    parts &&
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, templateNamed(part.template)(part.data)]));
  return templateNamed(template)({ apiVersion, kind, metadata, ...data, ...(files && { files }) });
}
