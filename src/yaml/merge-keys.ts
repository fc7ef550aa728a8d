import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";

/** More merge keys one behind the other than any manifest has, and no stack is troubled by. */
const DEEPEST = 100;
/** Values that a document may write out, keys that may come by merge: ten times the longest file. */
const MOST = 1_000_000;

/** What is known of a document while it is read from its start to its end. */
export interface MergeState {
  /** The last node of a name so far, which is what an alias means. */
  readonly anchors: Map<string, Node>;
  /** Nodes that ended, and how much work it is to write each out. */
  readonly done: Map<Node, number>;
  /** Why a document is not written out. */
  tooMuch(work: number): string | undefined;
  readonly keys: Map<YAMLMap, ReadonlySet<string>>;
  readonly sources: Map<YAMLMap, YAMLMap[]>;
  readonly depths: Map<YAMLMap, number>;
  spent: number;
}

export function createMergeState(): MergeState {
  const tooMuch = (work: number) => (work > MOST ? TOO_MUCH : undefined);
  return {
    anchors: new Map(),
    done: new Map(),
    keys: new Map(),
    sources: new Map(),
    depths: new Map(),
    spent: 0,
    tooMuch,
  };
}

const TOO_MUCH = "too much comes by merge keys";

/**
 * What a merge key adds to the work of writing its map out, or why it is not followed. Explicit keys win over merged ones,
 * and earlier maps of a list over later ones; that is what all tools do where keys stand below the `<<`. Version 2 of
 * go-yaml (kubectl, Argo CD) has the merged key win over one that stands above; version 3 (Kustomize) does not.
 */
export function applyMergeKey(map: YAMLMap, index: number, merging: MergeState): number | string {
  const sources = sourcesOf(map.items[index]?.value, merging);
  if (typeof sources === "string") return sources;
  if (merging.sources.has(map)) return "it stands twice in one map";
  const depth = 1 + Math.max(0, ...sources.map((one) => merging.depths.get(one) ?? 0));
  merging.sources.set(map, sources);
  merging.depths.set(map, depth);
  if (depth > DEEPEST) return TOO_MUCH;
  let work = 0;
  const above = ownKeys(map, index);
  for (const source of sources) {
    if (merging.spent > MOST) return TOO_MUCH;
    for (const key of keysOf(source, merging)) {
      merging.spent++;
      if (above.has(key))
        return `\`${key}\` stands above it and in what it merges, and kubectl takes the one, Kustomize the other`;
    }
    work += merging.done.get(source) ?? 0;
  }
  return work;
}

function sourcesOf(value: unknown, merging: MergeState): YAMLMap[] | string {
  const direct = isAlias(value) ? merging.anchors.get(value.source) : value;
  const all = isSeq(value)
    ? value.items.map((one) => (isAlias(one) ? merging.anchors.get(one.source) : one))
    : [direct];
  const sources: YAMLMap[] = [];
  for (const one of all) {
    if (!isMap(one)) return "what it merges is no map";
    if (!merging.done.has(one)) return "it merges what it stands in";
    sources.push(one);
  }
  return sources;
}

/** The keys of a map before an index: those that are texts, whatever their quotes. */
function ownKeys(map: YAMLMap, before: number): Set<string> {
  const keys = new Set<string>();
  for (let i = 0; i < before; i++) {
    const key = map.items[i]?.key;
    if (isScalar(key)) keys.add(String(key.value));
  }
  return keys;
}

/** All keys of a map that ended, those that came by merge too. */
function keysOf(map: YAMLMap, merging: MergeState): ReadonlySet<string> {
  const known = merging.keys.get(map);
  if (known) return known;
  const keys = ownKeys(map, map.items.length);
  for (const source of merging.sources.get(map) ?? [])
    for (const key of keysOf(source, merging)) {
      merging.spent++;
      keys.add(key);
    }
  merging.keys.set(map, keys);
  return keys;
}
