import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { sanitizeText } from "../../diagnostics/format/sanitize-text.ts";
import { findFile } from "../../source/place.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { type Json, readItemFile, readTextField } from "./resource-list.ts";

/** A finding in the words of KRM: what, how bad, of which object, at which field and in which file. */
export function buildResult(found: Diagnostic, itemOf: (file: SourceFile) => Json | undefined): Json {
  const { place, severity, code, notes, help } = found;
  const item = place && itemOf(findFile(place));
  const file = item && readItemFile(item);
  const path = place && "doc" in place ? fieldPath(place.path) : "";
  const message = [`[${code}] ${found.message}`, ...notes, ...(help === undefined ? [] : [help])]
    .map(sanitizeText)
    .join("; ");
  return {
    message,
    severity: severity === "note" ? "info" : severity,
    ...(item && { resourceRef: refOf(item) }),
    ...(path !== "" && { field: { path } }),
    ...(file && { file }),
    tags: { code },
  };
}

function refOf(item: Json): Json {
  const namespace = readTextField(item, "metadata", "namespace");
  return {
    apiVersion: readTextField(item, "apiVersion") ?? "",
    kind: readTextField(item, "kind") ?? "",
    name: readTextField(item, "metadata", "name") ?? "",
    ...(namespace !== undefined && { namespace }),
  };
}

/** `spec.members[0].workload` */
function fieldPath(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}
