import { findFile } from "../source/place.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Collects findings; what every cluster says alike is kept once. */
export interface FindingCollector {
  add(found: readonly Diagnostic[]): void;
  all(): readonly Diagnostic[];
}

export function createFindingCollector(): FindingCollector {
  const kept: Diagnostic[] = [];
  const seen = new Set<string>();
  return {
    add(found) {
      for (const one of found) {
        const key = keyOf(one);
        if (seen.has(key)) continue;
        seen.add(key);
        kept.push(one);
      }
    },
    all: () => kept,
  };
}

function keyOf({ code, place, message }: Diagnostic): string {
  if (!place) return `${code} ${message}`;
  const where = "doc" in place ? `${place.doc.index}/${place.path.join("/")}` : `@${place.start}`;
  return `${code} ${findFile(place).path} ${where} ${message}`;
}
