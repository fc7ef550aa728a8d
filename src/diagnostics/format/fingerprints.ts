import { hashContent } from "../../net/hash.ts";
import type { LocatedFinding } from "./sort-findings.ts";

/**
 * What tells a finding from all others, and stays when lines move: its code, its file and its message. Of findings that have all
 * three in common, the later ones are counted.
 */
export function computeFingerprints(located: readonly LocatedFinding[]): readonly string[] {
  const seen = new Map<string, number>();
  return located.map(({ diagnostic, span }) => {
    const print = hashContent(`${diagnostic.code} ${span?.file.path ?? ""} ${diagnostic.message}`, 32);
    const count = (seen.get(print) ?? 0) + 1;
    seen.set(print, count);
    return count === 1 ? print : `${print}:${count}`;
  });
}
