import { expect, test } from "vitest";
import { findRepeatedKey } from "../../src/yaml/repeated-key.ts";

test.each([
  ['{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 2}]}', undefined],
  ['{"a": "\\"a\\":", "b": "{", "c": "}", "d": ["b", "c"]}', undefined],
  ['{"a": 1, "a": 1}', "a"],
  ['[{"b": {"a": 1}, "c": {}, "b" : null}]', "b"],
  [String.raw`{"name": 1, "n\u0061me": 2}`, "name"],
  ['{"__proto__": 1, "__proto__": 2}', "__proto__"],
  ["[]", undefined],
  ['"a"', undefined],
])("%s", (json, key) => {
  JSON.parse(json);
  expect(findRepeatedKey(json)).toBe(key);
});

test("long texts take no longer than they are long", () => {
  const json = JSON.stringify({
    a: "\\".repeat(1_000_000),
    ...Object.fromEntries([..."b".repeat(9)].map((b, i) => [b + i, {}])),
  });
  expect(findRepeatedKey(json)).toBeUndefined();
});
