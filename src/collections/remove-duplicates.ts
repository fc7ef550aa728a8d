/** The items of a list, each once, in the order of the list. */
export function removeDuplicates<Item>(items: Iterable<Item>): Item[] {
  return [...new Set(items)];
}
