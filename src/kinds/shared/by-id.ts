const indexes = new WeakMap<object, ReadonlyMap<string, unknown>>();

/** A list by the ids of its elements; made once for each list. Of two of one id the last is found. */
export function indexById<One>(list: readonly One[], idOf: (one: One) => string): ReadonlyMap<string, One> {
  const known = indexes.get(list) as ReadonlyMap<string, One> | undefined;
  if (known) return known;
  const made = new Map(list.map((one) => [idOf(one), one]));
  indexes.set(list, made);
  return made;
}
