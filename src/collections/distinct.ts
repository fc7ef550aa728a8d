/** The items of a list, each once, in the order of the list. */
export function distinct<Item>(items: Iterable<Item>): Item[] {
  return [...new Set(items)];
}
