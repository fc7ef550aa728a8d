import semver from "semver";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { placeAt, type SourceDocument } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { projectRules } from "./rules.ts";
import { VERSION } from "./version.ts";

/**
 * Whether this is a version of plumbline that the project asks for. Asked before the shape: what a later version knows would be
 * called wrong by this one. Ranges are those of npm.
 */
export function checkRequires(doc: SourceDocument, version = VERSION): readonly Diagnostic[] {
  const requires = findValue(doc.value, ["spec", "requires"]);
  // Any other type is the schema's matter.
  if (typeof requires !== "string") return [];
  const place = placeAt(doc, "spec", "requires");
  if (semver.validRange(requires) === null) return [projectRules.diagnose("requires-range", place, { requires })];
  if (semver.satisfies(version, requires, { includePrerelease: true })) return [];
  return [projectRules.diagnose("requires", place, { requires, version })];
}
