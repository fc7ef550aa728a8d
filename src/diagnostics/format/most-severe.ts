import type { Diagnostic } from "../diagnostic.ts";
import { compared, type Located, pathOf, sorted } from "./sorted.ts";

const severities = ["error", "warning", "note"] as const;

/** Warnings never push an error out of sight: the order stays, the least severe are left out. */
export function mostSevere(diagnostics: readonly Diagnostic[], most: number, folder?: string): readonly Located[] {
  const located = sorted(inFirstFiles(diagnostics, most), folder);
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
  const byPath = [...diagnostics].sort((a, b) => compared(pathOf(a), pathOf(b)));
  const kept: Diagnostic[] = [];
  for (const severity of severities) {
    let last: string | undefined;
    for (const one of byPath) {
      if (one.severity !== severity) continue;
      if (kept.length >= most && pathOf(one) !== last) break;
      kept.push(one);
      last = pathOf(one);
    }
  }
  return kept;
}
