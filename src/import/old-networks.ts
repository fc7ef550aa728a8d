import type { ObjectName } from "../ir/network-spec.ts";
import { type Nad, shownNad } from "../lint/nad/read-nad.ts";
import { placeIn } from "../lint/read/lint-object.ts";
import type { TextPlace } from "../source/place.ts";
import { isRefusal, type Loss } from "./loss.ts";
import type { NamespaceOf } from "./namespaces.ts";
import { type Carried, readCarried } from "./read-carried.ts";

/** A network of an estate that intents can say: one object, or copies of it under several names. */
export interface OldNetwork {
  readonly carried: Carried;
  readonly objects: readonly ObjectName[];
  readonly nads: readonly Nad[];
  readonly place: TextPlace;
}

export interface OldNetworks {
  readonly networks: readonly OldNetwork[];
  readonly losses: readonly Loss[];
  /** `media/iot`: every object that is there, carried or not. */
  readonly known: ReadonlySet<string>;
  /** Those and what was left by hand. */
  readonly named: ReadonlySet<string>;
}

/** The networks that are written by hand, copies of one configuration as one. */
export function oldNetworks(nads: readonly Nad[], namespaceOf: NamespaceOf): OldNetworks {
  const losses: Loss[] = [];
  const groups = new Map<string, { carried: Carried; objects: ObjectName[]; nads: Nad[]; place: TextPlace }>();
  const named = new Set<string>();
  const seen = new Map<string, { readonly key: string; readonly at: TextPlace }>();
  for (const nad of nads) {
    const place = placeIn(nad.object, ["metadata", "name"]);
    const namespace = nad.namespace ?? namespaceOf(nad.object.doc.part.file.path);
    const lose = (why: string) =>
      losses.push({
        kind: "network",
        what: `NetworkAttachmentDefinition ${shownNad({ ...nad, namespace })}`,
        why,
        place,
      });
    if (nad.name !== undefined) named.add(`${namespace}/${nad.name}`);
    const read = readCarried(nad);
    if (isRefusal(read)) {
      lose(read.why);
      continue;
    }
    if (nad.name === undefined) {
      lose("its name is filled in later");
      continue;
    }
    const object = { namespace, name: nad.name };
    const id = `${object.namespace}/${object.name}`;
    const key = keyOf(read, nad.networkName);
    const first = seen.get(id);
    if (first) {
      if (first.key !== key) lose(`${id} is written twice, and not alike: only the first one can be there`);
      continue;
    }
    seen.set(id, { key, at: place });
    const group = groups.get(key);
    if (!group) groups.set(key, { carried: read, objects: [object], nads: [nad], place });
    else {
      group.objects.push(object);
      group.nads.push(nad);
    }
  }
  return { networks: [...groups.values()], losses, known: new Set(seen.keys()), named };
}

/** Equal for networks that do the same, leases included: those are kept under the name in the configuration. */
function keyOf(carried: Carried, networkName: string | undefined): string {
  const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  const { cniName: _name, ...rest } = carried;
  return JSON.stringify([rest, networkName], plain);
}
