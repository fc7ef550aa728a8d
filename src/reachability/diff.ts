import { contentHash } from "../net/hash.ts";
import { shown } from "./format/shown.ts";
import type { Manifest } from "./manifests/manifest.ts";
import { nameOf } from "./manifests/manifest.ts";
import type { Row } from "./table.ts";

/** What changes between two outputs: in objects, and in who reaches whom. */
export interface Difference {
  readonly objects: readonly ObjectChange[];
  readonly connections: readonly ConnectionChange[];
}

export interface ObjectChange {
  readonly change: "added" | "changed" | "removed";
  /** `NetworkPolicy payments/zone-pci-dns`. */
  readonly object: string;
  readonly intent: string | undefined;
}

export interface ConnectionChange {
  readonly change: "added" | "changed" | "removed";
  readonly from: string;
  readonly to: string;
  readonly way: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Lines of the intents that mean it. */
  readonly because: readonly string[];
  /** Whether something can be reached that could not. */
  readonly opens: boolean;
}

export function objectChanges(before: readonly Manifest[], after: readonly Manifest[]): readonly ObjectChange[] {
  const [old, now] = [keyed(before), keyed(after)];
  const found: ObjectChange[] = [];
  for (const [object, { hash, intent }] of now) {
    const was = old.get(object);
    if (!was) found.push({ change: "added", object, intent });
    else if (was.hash !== hash) found.push({ change: "changed", object, intent });
  }
  for (const [object, { intent }] of old) if (!now.has(object)) found.push({ change: "removed", object, intent });
  return found.sort((a, b) => (a.object < b.object ? -1 : 1));
}

/** By name; components have none, so the folder they stand in names them. */
function keyed(manifests: readonly Manifest[]): ReadonlyMap<string, { hash: string; intent: string | undefined }> {
  return new Map(
    manifests.map((one) => {
      const object = one.name === "" ? `${one.kind} ${folderOf(one.doc.file.path)}` : nameOf(one);
      return [object, { hash: contentHash(JSON.stringify(one.value)), intent: one.intent }];
    }),
  );
}

function lines(row: Row): readonly string[] {
  return [...new Set(row.origins.map(shown))].sort();
}

/** Below the cluster's folder. */
function folderOf(path: string): string {
  const at = path.indexOf("patches/");
  return at >= 0 ? path.slice(at) : path.slice(path.lastIndexOf("/") + 1);
}

export function connectionChanges(before: readonly Row[], after: readonly Row[]): readonly ConnectionChange[] {
  const key = (row: Row) => JSON.stringify([row.from, row.to, row.way]);
  const [old, now] = [new Map(before.map((row) => [key(row), row])), new Map(after.map((row) => [key(row), row]))];
  const found: ConnectionChange[] = [];
  for (const [name, row] of now) {
    const was = old.get(name);
    const { from, to, way } = row;
    if (!was)
      found.push({ change: "added", from, to, way, before: [], after: row.services, because: lines(row), opens: true });
    else if (was.services.join() !== row.services.join()) {
      const opens = row.services.some((service) => !was.services.includes(service));
      found.push({
        change: "changed",
        from,
        to,
        way,
        before: was.services,
        after: row.services,
        because: lines(row),
        opens,
      });
    }
  }
  for (const [name, row] of old) {
    if (now.has(name)) continue;
    const { from, to, way, services } = row;
    found.push({ change: "removed", from, to, way, before: services, after: [], because: lines(row), opens: false });
  }
  const order = (one: ConnectionChange) => `${one.from}\n${one.to}\n${one.way.join()}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
