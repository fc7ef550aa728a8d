import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { hashToNumber } from "../../net/hash.ts";
import type { Place } from "../../source/place.ts";
import { findLockEntry, formatLock, type Lock } from "./lock.ts";
import { lockRules } from "./rules.ts";

/** Where values of one sort must be unique. */
export interface AllocationPool<Value> {
  /** `VLAN ids of uplink data`: completes "no free … is left in". */
  readonly description: string;
  /** `VLAN`. */
  readonly noun: string;
  /** `key` is that of the entry: some values mean nothing without it. */
  read(text: string, key: string): Value | undefined;
  format(value: Value): string;
  /** Who holds (part of) a value. */
  holder(value: Value): Holder | undefined;
  take(value: Value, holding: Holder): void;
  /** How many candidates a request has; 0 = none at all. */
  count(request: AllocationRequest<Value>): number;
  candidate(request: AllocationRequest<Value>, index: number): Value;
  /** Whether a value may be given to a request at all. */
  isAllowed(request: AllocationRequest<Value>, value: Value): boolean;
  /** Whether a value is given to a request only where no other one is left. */
  isLastResort?(request: AllocationRequest<Value>, value: Value): boolean;
  /** Values beside the candidates, for a request that no candidate suits but those to avoid. */
  spareValues?(request: AllocationRequest<Value>): readonly Value[];
  /** What has nothing left for a request, and who has what of it. */
  describeShortage?(request: AllocationRequest<Value>): Shortage;
  /** Whether a key of the lock is of this space: a released value of another one reserves nothing here. */
  ownsKey(key: string): boolean;
}

export interface Shortage {
  /** `IPv4 address`: completes "no free … is left in". */
  readonly what: string;
  readonly from: string;
  readonly notes: readonly string[];
}

export interface Holder {
  /** `isolationzone/pci`. */
  readonly who: string;
  readonly place: Place | undefined;
  /** Written in an intent, not given out. */
  readonly pinned: boolean;
}

export interface AllocationRequest<Value> {
  readonly key: string;
  readonly formerKey: string | undefined;
  readonly who: string;
  readonly place: Place;
  readonly pinned: Value | undefined;
}

/** Gives out values, remembers what it gave, and says what went wrong. One for a whole compile. */
export interface Allocator {
  /** By key. A request that could not be met is missing. */
  allocate<Value>(space: AllocationPool<Value>, requests: readonly AllocationRequest<Value>[]): Map<string, Value>;
  readonly diagnostics: readonly Diagnostic[];
  /** Text of the new lock, with the fields that cannot change. */
  lockText(fixed: ReadonlyMap<string, string>): string;
}

export interface AllocatorOptions {
  /** Intents that get new values. */
  readonly relock: readonly string[];
  /** Give released values free. */
  readonly gc: boolean;
  /** Keys of the lock that give way where two collide. */
  readonly losers: readonly string[];
}

interface State {
  readonly lock: Lock;
  readonly relock: ReadonlySet<string>;
  readonly kept: Map<string, string>;
  readonly yielding: ReadonlySet<string>;
  /** Keys that live on under a new name. */
  readonly renamed: Set<string>;
  readonly found: Diagnostic[];
}

export function createAllocator(lock: Lock, options: AllocatorOptions): Allocator {
  const state: State = {
    lock,
    relock: new Set(options.relock),
    yielding: new Set(options.losers),
    kept: new Map(),
    renamed: new Set(),
    found: unknownRelocks(lock, options.relock),
  };
  return {
    diagnostics: state.found,
    allocate: (space, requests) => allocateValues(state, space, requests),
    lockText: (fixed) => formatLock(state.kept, options.gc ? new Map() : released(state), fixed),
  };
}

function unknownRelocks(lock: Lock, relock: readonly string[]): Diagnostic[] {
  const known = new Set([...lock.entries.keys(), ...lock.fixed.keys()].map(intentOf));
  return relock.filter((id) => !known.has(id)).map((id) => lockRules.diagnose("unknown-intent", undefined, { id }));
}

/** `fabric/dc1/isolationzone/pci/vlan` → `isolationzone/pci`. */
function intentOf(key: string): string {
  return key.split("/").slice(2, 4).join("/");
}

/** What the old lock held and nobody asked for: kept apart until it is collected. */
function released(state: State): Map<string, string> {
  const free = new Map(state.lock.released);
  for (const [key, value] of state.lock.entries)
    if (!state.kept.has(key) && !state.relock.has(intentOf(key)) && !state.renamed.has(key)) free.set(key, value);
  for (const key of state.kept.keys()) free.delete(key);
  return free;
}

/** Written values first, then those given out before, then new ones: what was given out never moves for a newcomer. */
function allocateValues<Value>(
  state: State,
  space: AllocationPool<Value>,
  requests: readonly AllocationRequest<Value>[],
): Map<string, Value> {
  const given = new Map<string, Value>();
  const sorted = [...requests].sort((a, b) => (a.key < b.key ? -1 : 1));
  const waiting: AllocationRequest<Value>[] = [];
  for (const request of sorted) {
    if (request.pinned === undefined) waiting.push(request);
    else if (pin(state, space, request, request.pinned)) given.set(request.key, request.pinned);
  }
  const fresh: AllocationRequest<Value>[] = [];
  // Those that give way come last, so that what they collide with stands already.
  const givesWay = (request: AllocationRequest<Value>) => (state.yielding.has(request.key) ? 1 : 0);
  for (const request of waiting.sort((a, b) => givesWay(a) - givesWay(b))) {
    const held = state.relock.has(request.who) ? undefined : recall(state, request);
    if (held === undefined || mustReallocate(state, space, request, held)) fresh.push(request);
    else keep(state, space, request, held, given);
  }
  for (const [key, text] of state.lock.released) reserve(space, key, text);
  const failed = fresh.filter((request) => !probe(state, space, request, given));
  state.found.push(...reportExhausted(space, failed));
  return given;
}

/** One finding for all that an intent has asked for in one place. */
function reportExhausted<Value>(
  space: AllocationPool<Value>,
  failed: readonly AllocationRequest<Value>[],
): readonly Diagnostic[] {
  const groups = new Map<
    string,
    { readonly request: AllocationRequest<Value>; readonly scarce: Shortage; count: number }
  >();
  for (const request of failed) {
    const scarce = space.describeShortage?.(request) ?? { what: space.noun, from: space.description, notes: [] };
    const key = `${request.who} ${scarce.what} ${scarce.from}`;
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { request, scarce, count: 1 });
  }
  return [...groups.values()].map(({ request, scarce: { what, from, notes }, count }) => {
    const needed = notes.length > 0 || count > 1 ? [`${request.who} needs ${count} more`] : [];
    return lockRules.diagnose("nothing-free", request.place, { what, from }, { notes: [...needed, ...notes] });
  });
}

function pin<Value>(
  state: State,
  space: AllocationPool<Value>,
  request: AllocationRequest<Value>,
  value: Value,
): boolean {
  const other = space.holder(value);
  if (other) {
    const related = other.place ? [{ place: other.place, label: `${other.who} has it` }] : [];
    state.found.push(
      lockRules.diagnose(
        "written-twice",
        request.place,
        { value: `${space.noun} ${space.format(value)}`, other: other.who },
        { related },
      ),
    );
    return false;
  }
  space.take(value, { who: request.who, place: request.place, pinned: true });
  return true;
}

function recall<Value>(state: State, request: AllocationRequest<Value>): { key: string; text: string } | undefined {
  for (const key of [request.key, request.formerKey]) {
    if (key === undefined) continue;
    // An intent that comes back finds what it had.
    const text = state.lock.entries.get(key) ?? state.lock.released.get(key);
    if (text !== undefined) {
      if (key !== request.key) state.renamed.add(key);
      return { key, text };
    }
  }
  return undefined;
}

/** The newcomer of a merge gets a new value where the old one is somebody else's. */
function mustReallocate<Value>(
  state: State,
  space: AllocationPool<Value>,
  request: AllocationRequest<Value>,
  held: { key: string; text: string },
): boolean {
  const value = state.yielding.has(held.key) ? space.read(held.text, held.key) : undefined;
  return value !== undefined && (space.holder(value) !== undefined || !space.isAllowed(request, value));
}

function keep<Value>(
  state: State,
  space: AllocationPool<Value>,
  request: AllocationRequest<Value>,
  held: { key: string; text: string },
  given: Map<string, Value>,
): void {
  const value = space.read(held.text, held.key);
  const entry = findLockEntry(state.lock, held.key);
  if (value === undefined) {
    state.found.push(lockRules.diagnose("bad-value", entry, { key: held.key, value: held.text }));
    return;
  }
  const shown = `${space.noun} ${space.format(value)}`;
  const other = space.holder(value);
  if (!space.isAllowed(request, value)) {
    const related = entry ? [{ place: entry, label: "allocated here" }] : [];
    const help = `allow it again, or run \`plumbline compile --relock ${request.who}\` to allocate a new one`;
    state.found.push(
      lockRules.diagnose("no-longer-allowed", request.place, { value: shown, what: request.who }, { related, help }),
    );
  } else if (other?.pinned) {
    const related = entry ? [{ place: entry, label: "allocated here" }] : [];
    const help = `write another value here, or run \`plumbline compile --relock ${request.who}\``;
    state.found.push(
      lockRules.diagnose("held-by-another", other.place, { value: shown, other: request.who }, { related, help }),
    );
  } else if (other) {
    const related = other.place ? [{ place: other.place, label: "and here" }] : [];
    const help = `run \`plumbline compile --relock ${request.who}\` to give that one a new value, or name ${other.who}`;
    state.found.push(
      lockRules.diagnose("collision", entry, { value: shown, one: other.who, other: request.who }, { related, help }),
    );
  } else {
    space.take(value, { who: request.who, place: entry, pinned: false });
    state.kept.set(request.key, space.format(value));
    given.set(request.key, value);
  }
}

/** A released value may still be on a pod of a cluster that has not synced. */
function reserve<Value>(space: AllocationPool<Value>, key: string, text: string): void {
  if (!space.ownsKey(key)) return;
  const value = space.read(text, key);
  if (value === undefined || space.holder(value)) return;
  space.take(value, { who: `${intentOf(key)} (released)`, place: undefined, pinned: false });
}

/** A free value for a request that has none yet; false where there is none. */
function probe<Value>(
  state: State,
  space: AllocationPool<Value>,
  request: AllocationRequest<Value>,
  given: Map<string, Value>,
): boolean {
  const count = space.count(request);
  // A newcomer starts at a place of its own, so that two branches seldom pick the same.
  const first = count > 0 ? hashToNumber(request.key) % count : 0;
  const isFree = (value: Value) => space.holder(value) === undefined && space.isAllowed(request, value);
  const among = (suits: (value: Value) => boolean): Value | undefined => {
    for (let step = 0; step < count; step++) {
      const value = space.candidate(request, (first + step) % count);
      if (isFree(value) && suits(value)) return value;
    }
    return undefined;
  };
  const best = among((value) => !space.isLastResort?.(request, value));
  const value = best ?? space.spareValues?.(request).find(isFree) ?? (space.isLastResort && among(() => true));
  if (value === undefined) return false;
  space.take(value, { who: request.who, place: request.place, pinned: false });
  state.kept.set(request.key, space.format(value));
  given.set(request.key, value);
  return true;
}
