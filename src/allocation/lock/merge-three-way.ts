import { hasErrors } from "../../diagnostics/diagnostic.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { formatLock, readLock } from "./lock.ts";

export interface ThreeWayMerge {
  readonly text: string;
  /** Two branches gave one value to two: the text has markers around the entries, for `compile --merge` to settle. */
  readonly conflict: boolean;
}

interface Entry {
  readonly value: string;
  readonly section: "entries" | "released" | "fixed";
}

/**
 * The locks of two branches and of what they come from, as one. What the branch merged into has, stands. Undefined where a
 * lock cannot be read.
 */
export function mergeThreeWay(base: SourceFile, ours: SourceFile, theirs: SourceFile): ThreeWayMerge | undefined {
  const read = [base, ours, theirs].map((file) =>
    file.text.trim() === "" ? new Map<string, Entry>() : entriesOf(file),
  );
  const [from, own, other] = read;
  if (!from || !own || !other) return undefined;
  const merged = new Map<string, Entry>();
  for (const key of new Set([...own.keys(), ...other.keys()])) {
    const entry = mergeEntry(from.get(key), own.get(key), other.get(key));
    if (entry) merged.set(key, entry);
  }
  const holders = new Map(
    [...own].filter(([, entry]) => isHeld(entry)).map(([key, entry]) => [`${scopeOf(key)} ${entry.value}`, key]),
  );
  const clashing = [...merged].filter(([key, entry]) => {
    const holder = holders.get(`${scopeOf(key)} ${entry.value}`);
    return isHeld(entry) && !own.has(key) && holder !== undefined && merged.has(holder);
  });
  return clashing.length === 0
    ? { text: formatEntries(merged), conflict: false }
    : { text: addConflictMarkers(merged, new Map(clashing), holders), conflict: true };
}

function entriesOf(file: SourceFile): Map<string, Entry> | undefined {
  const { value: lock, diagnostics } = readLock(file);
  if (hasErrors(diagnostics)) return undefined;
  const sections = ["fixed", "released", "entries"] as const;
  return new Map(
    sections.flatMap((section) => [...lock[section]].map(([key, value]): [string, Entry] => [key, { value, section }])),
  );
}

/** What was given out to one, and to nobody else. What is fixed may be alike in several. */
function isHeld({ section }: Entry): boolean {
  return section !== "fixed";
}

/** Values are given out apart from each other in each cluster and each Fabric. */
function scopeOf(key: string): string {
  return key.split("/", 2).join("/");
}

function mergeEntry(base: Entry | undefined, ours: Entry | undefined, theirs: Entry | undefined): Entry | undefined {
  const [was, own, other] = [formatEntry(base), formatEntry(ours), formatEntry(theirs)];
  if (own === other || other === was) return ours;
  if (own === was || !ours) return theirs;
  // Both have changed it. What one of them still uses is in use.
  return theirs?.section === "entries" && ours.section === "released" && ours.value === theirs.value ? theirs : ours;
}

function formatEntry(entry: Entry | undefined): string {
  return entry ? `${entry.section} ${entry.value}` : "";
}

function formatEntries(entries: ReadonlyMap<string, Entry>): string {
  const section = (name: Entry["section"]) =>
    new Map([...entries].filter(([, one]) => one.section === name).map(([key, { value }]) => [key, value]));
  return formatLock(section("entries"), section("released"), section("fixed"));
}

/** The entries that clash in markers, as git sets them, right below `entries:`. */
function addConflictMarkers(
  merged: ReadonlyMap<string, Entry>,
  clashing: ReadonlyMap<string, Entry>,
  holders: ReadonlyMap<string, string>,
): string {
  const held = new Set([...clashing].map(([key, { value }]) => holders.get(`${scopeOf(key)} ${value}`)));
  const some = (wanted: (key: string) => boolean) => new Map([...merged].filter(([key]) => wanted(key)));
  const lines = (entries: ReadonlyMap<string, Entry>) =>
    formatEntries(new Map([...entries].map(([key, { value }]) => [key, { value, section: "entries" as const }])))
      .match(/^ {2}.*\n/gm)
      ?.join("") ?? "";
  const rest = formatEntries(some((key) => !clashing.has(key) && !held.has(key))).replace(
    "entries: {}\n",
    "entries:\n",
  );
  const block = `<<<<<<< ours\n${lines(some((key) => held.has(key)))}=======\n${lines(clashing)}>>>>>>> theirs\n`;
  return rest.replace("entries:\n", () => `entries:\n${block}`);
}
