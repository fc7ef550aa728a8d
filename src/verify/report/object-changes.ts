import type { ReadManifest } from "../model/manifests/manifest.ts";
import { formatName } from "../model/manifests/manifest.ts";

export interface ObjectChange {
  readonly change: "added" | "changed" | "removed";
  /** `NetworkPolicy payments/zone-pci-dns`. */
  readonly object: string;
  readonly intent: string | undefined;
  /** The line of the intent that it was made from: `intents/zones/pci.yaml:4`. */
  readonly because: string | undefined;
}

/** The objects of one output, and where its intents stand. */
export interface OutputObjects {
  readonly manifests: readonly ReadManifest[];
  readonly lineOf: (intent: string) => string | undefined;
}

export function compareObjects(before: OutputObjects, after: OutputObjects): readonly ObjectChange[] {
  const [old, now] = [byName(before.manifests), byName(after.manifests)];
  const found: ObjectChange[] = [];
  for (const [object, one] of now) {
    const was = old.get(object);
    if (!was) found.push(changeOf("added", object, one, after));
    else if (!isSame(was, one)) found.push(changeOf("changed", object, one, after));
  }
  for (const [object, one] of old) if (!now.has(object)) found.push(changeOf("removed", object, one, before));
  return found.sort((a, b) => (a.object < b.object ? -1 : 1));
}

/** The line of an intent is looked up for a change alone: it takes reading the intent's file again. */
function changeOf(
  change: ObjectChange["change"],
  object: string,
  { intent }: ReadManifest,
  { lineOf }: OutputObjects,
): ObjectChange {
  return { change, object, intent, because: intent === undefined ? undefined : lineOf(intent) };
}

function isSame(one: ReadManifest, other: ReadManifest): boolean {
  return JSON.stringify(one.value) === JSON.stringify(other.value);
}

/** By name; components have none, so the folder they stand in names them. */
function byName(manifests: readonly ReadManifest[]): ReadonlyMap<string, ReadManifest> {
  return new Map(
    manifests.map((one) => [one.name === "" ? `${one.kind} ${folderOf(one.doc.file.path)}` : formatName(one), one]),
  );
}

/** Below the cluster's folder. */
function folderOf(path: string): string {
  const at = path.indexOf("patches/");
  return at >= 0 ? path.slice(at) : path.slice(path.lastIndexOf("/") + 1);
}
