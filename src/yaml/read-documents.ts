import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readCached } from "./parse-cache.ts";
import { parseStrict, type Strictness } from "./parse-strict.ts";
import { yamlRules } from "./rules.ts";
import { countValues, isTooLong } from "./too-long.ts";

export interface Parsed {
  readonly documents: readonly SourceDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Text to documents. The fast reader either gives what the `yaml` package would give, or nothing;
 * so a diagnostic always comes from the same reader, and a good file never pays for it.
 */
export function readDocuments(file: SourceFile, strictness: Strictness): Parsed {
  const fast = readCached(file);
  if (fast?.some((value) => value !== null)) return { documents: documentsOf(file, fast), diagnostics: [] };
  const empty = () => ({ documents: [], diagnostics: strictness === "intent" ? [nothingIn(file)] : [] });
  if (fast) return empty();
  const odd = findConflictMarker(file);
  if (odd) return { documents: [], diagnostics: [odd] };
  if (isTooLong(file)) return { documents: [], diagnostics: [tooLong(file)] };
  const { values, diagnostics } = parseStrict(file, strictness);
  if (values.every((value) => value === null) && diagnostics.length === 0) return empty();
  return { documents: documentsOf(file, values), diagnostics };
}

function documentsOf(file: SourceFile, values: readonly unknown[]): SourceDocument[] {
  return values.filter((value) => value !== null).map((value, index) => ({ file, index, value }));
}

function nothingIn(file: SourceFile): Diagnostic {
  const place = { file, start: 0, end: 0 };
  return yamlRules.diagnose(file.text.trim() === "" ? "empty-file" : "no-documents", place, {});
}

function tooLong(file: SourceFile): Diagnostic {
  const long = `${countValues(file.text).toLocaleString("en")} lines and commas`;
  return yamlRules.diagnose("too-long", { file, start: 0, end: 0 }, { long });
}

/** Text that is not worth parsing: whatever a reader said of it would lead astray. */
function findConflictMarker(file: SourceFile): Diagnostic | undefined {
  const marker = /^(<{7,}|={7,}|>{7,}|\|{7,})( |$)/m.exec(file.text);
  if (marker) return yamlRules.diagnose("conflict-markers", { file, start: marker.index, end: marker.index + 7 }, {});
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(file.text);
  if (!control) return undefined;
  const code = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return yamlRules.diagnose("control-character", { file, start: control.index, end: control.index + 1 }, { code });
}
