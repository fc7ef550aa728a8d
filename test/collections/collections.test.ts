import { expect, test } from "vitest";
import { addTo } from "../../src/collections/add-to.ts";
import { groupBy } from "../../src/collections/group-by.ts";
import { pushTo } from "../../src/collections/push-to.ts";
import { removeDuplicates } from "../../src/collections/remove-duplicates.ts";

test("groups keep the order of keys and of items", () => {
  const groups = groupBy([3, 1, 4, 1, 5], (one) => (one % 2 === 0 ? "even" : "odd"));
  expect([...groups]).toEqual([
    ["odd", [3, 1, 1, 5]],
    ["even", [4]],
  ]);
});

test("a value is added to the list that is there", () => {
  const lists = new Map<string, number[]>();
  pushTo(lists, "a", 1);
  const before = lists.get("a");
  pushTo(lists, "a", 2);
  expect(lists.get("a")).toBe(before);
  expect(before).toEqual([1, 2]);
});

test("a value is added to the set that is there", () => {
  const sets = new Map<string, Set<number>>();
  for (const value of [1, 2, 1]) addTo(sets, "a", value);
  expect([...(sets.get("a") ?? [])]).toEqual([1, 2]);
});

test("every item once, in order", () => {
  expect(removeDuplicates([2, 1, 2, 3, 1])).toEqual([2, 1, 3]);
});
