import { contentHash } from "../../net/hash.ts";
import type { Manifest } from "../model/manifests/manifest.ts";
import { nameOf } from "../model/manifests/manifest.ts";

export interface ObjectChange {
  readonly change: "added" | "changed" | "removed";
  /** `NetworkPolicy payments/zone-pci-dns`. */
  readonly object: string;
  readonly intent: string | undefined;
  /** The line of the intent that it was made from: `intents/zones/pci.yaml:4`. */
  readonly because: string | undefined;
}

/** The objects of one output, and where its intents stand. */
export interface Objects {
  readonly manifests: readonly Manifest[];
  readonly lineOf: (intent: string) => string | undefined;
}

export function objectChanges(before: Objects, after: Objects): readonly ObjectChange[] {
  const [old, now] = [keyed(before), keyed(after)];
  const found: ObjectChange[] = [];
  for (const [object, { hash, ...more }] of now) {
    const was = old.get(object);
    if (!was) found.push({ change: "added", object, ...more });
    else if (was.hash !== hash) found.push({ change: "changed", object, ...more });
  }
  for (const [object, { hash: _hash, ...more }] of old)
    if (!now.has(object)) found.push({ change: "removed", object, ...more });
  return found.sort((a, b) => (a.object < b.object ? -1 : 1));
}

/** By name; components have none, so the folder they stand in names them. */
function keyed({ manifests, lineOf }: Objects) {
  return new Map(
    manifests.map((one) => {
      const object = one.name === "" ? `${one.kind} ${folderOf(one.doc.file.path)}` : nameOf(one);
      const because = one.intent === undefined ? undefined : lineOf(one.intent);
      return [object, { hash: contentHash(JSON.stringify(one.value)), intent: one.intent, because }] as const;
    }),
  );
}

/** Below the cluster's folder. */
function folderOf(path: string): string {
  const at = path.indexOf("patches/");
  return at >= 0 ? path.slice(at) : path.slice(path.lastIndexOf("/") + 1);
}
