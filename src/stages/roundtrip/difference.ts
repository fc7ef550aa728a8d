import type { Path } from "../../source/place.ts";

/** Where two trees part, and how. */
export interface TreeDifference {
  readonly path: Path;
  readonly how: "missing" | "added" | "other";
}

type Json = Readonly<Record<string, unknown>>;

/** All places where trees part, those of a branch that is missing or added counted once. */
export function findDifferences(meant: unknown, says: unknown, path: Path = []): readonly TreeDifference[] {
  if (meant === says) return [];
  if (Array.isArray(meant) && Array.isArray(says)) return differencesOfLists(meant, says, path);
  if (!isTree(meant) || !isTree(says)) return sameJson(meant, says) ? [] : [{ path, how: "other" }];
  const found: TreeDifference[] = [];
  for (const key of Object.keys(meant))
    if (Object.hasOwn(says, key)) found.push(...findDifferences(meant[key], says[key], [...path, key]));
    else found.push({ path: [...path, key], how: "missing" });
  for (const key of Object.keys(says))
    if (!Object.hasOwn(meant, key)) found.push({ path: [...path, key], how: "added" });
  return found;
}

function differencesOfLists(
  meant: readonly unknown[],
  says: readonly unknown[],
  path: Path,
): readonly TreeDifference[] {
  const found = meant
    .slice(0, says.length)
    .flatMap((one, index) => findDifferences(one, says[index], [...path, index]));
  if (meant.length > says.length) found.push({ path: [...path, says.length], how: "missing" });
  if (says.length > meant.length) found.push({ path: [...path, meant.length], how: "added" });
  return found;
}

function isTree(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Texts that are JSON are the same when they mean the same. Each must be plain JSON, with no key twice: readers differ in
 * what they take then.
 */
function sameJson(meant: unknown, says: unknown): boolean {
  if (typeof meant !== "string" || typeof says !== "string" || !/^[[{]/.test(meant)) return false;
  const [one, other] = [plainJson(meant), plainJson(says)];
  return one !== undefined && other !== undefined && findDifferences(one, other).length === 0;
}

function plainJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const dense = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
    return JSON.stringify(value) === dense && typeof value === "object" ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
