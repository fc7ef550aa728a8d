import type { Diagnostic } from "../diagnostic.ts";
import { compareText, findPath, type LocatedFinding, sortFindings } from "./sort-findings.ts";

const severities = ["error", "warning", "note"] as const;

/** Warnings never push an error out of sight: the order stays, the least severe are left out. */
export function selectMostSevere(
  diagnostics: readonly Diagnostic[],
  most: number,
  folder?: string,
): readonly LocatedFinding[] {
  const located = sortFindings(inFirstFiles(diagnostics, most), folder);
  if (located.length <= most) return located;
  const bySeverity = severities.flatMap((severity) =>
    located.filter(({ diagnostic }) => diagnostic.severity === severity),
  );
  const kept = new Set(bySeverity.slice(0, most));
  return located.filter((one) => kept.has(one));
}

/** Whatever may be among them, by whole files: places are looked up in no other file. */
function inFirstFiles(diagnostics: readonly Diagnostic[], most: number): readonly Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const byPath = [...diagnostics].sort((a, b) => compareText(findPath(a), findPath(b)));
  const kept: Diagnostic[] = [];
  for (const severity of severities) {
    let last: string | undefined;
    for (const one of byPath) {
      if (one.severity !== severity) continue;
      if (kept.length >= most && findPath(one) !== last) break;
      kept.push(one);
      last = findPath(one);
    }
  }
  return kept;
}
