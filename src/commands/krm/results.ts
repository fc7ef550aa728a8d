import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { safe } from "../../diagnostics/format/visible.ts";
import { fileOf } from "../../source/place.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { fileOfItem, type Json, textIn } from "./resource-list.ts";

/** A finding in the words of KRM: what, how bad, of which object, at which field and in which file. */
export function resultOf(found: Diagnostic, itemOf: (file: SourceFile) => Json | undefined): Json {
  const { place, severity, code, notes, help } = found;
  const item = place && itemOf(fileOf(place));
  const file = item && fileOfItem(item);
  const path = place && "doc" in place ? fieldPath(place.path) : "";
  const message = [`[${code}] ${found.message}`, ...notes, ...(help === undefined ? [] : [help])].map(safe).join("; ");
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
  const namespace = textIn(item, "metadata", "namespace");
  return {
    apiVersion: textIn(item, "apiVersion") ?? "",
    kind: textIn(item, "kind") ?? "",
    name: textIn(item, "metadata", "name") ?? "",
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
