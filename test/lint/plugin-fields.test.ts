import { expect, test } from "vitest";
import { checkPlugin, checkPluginFields, isKnownPlugin } from "../../src/cni/check-plugin.ts";
import { findIpamTable, findPluginTable, type PluginField, pluginNames } from "../../src/cni/plugin-table.ts";
import type { Path } from "../../src/source/place.ts";

interface Known {
  readonly type: string;
  readonly path: Path;
  readonly field: PluginField;
}

/** Fields that users write, with those within. */
function fieldsBelow(type: string, fields: Readonly<Record<string, PluginField>>, path: Path): Known[] {
  return Object.entries(fields).flatMap(([key, field]): Known[] => {
    if (field.runtimeOnly || field.internal || field.wellKnownOnly) return [];
    const here = [...path, key];
    return [{ type, path: here, field }, ...within(type, field, here)];
  });
}

function within(type: string, field: PluginField, here: Path): Known[] {
  if (field.open) return [];
  if (field.items)
    return [{ type, path: [...here, 0], field: field.items }, ...within(type, field.items, [...here, 0])];
  return field.fields ? fieldsBelow(type, field.fields, here) : [];
}

const attaching = pluginNames.filter((name) => findPluginTable(name)?.kind !== "ipam");
const known = attaching.flatMap((type) => fieldsBelow(type, findPluginTable(type)?.fields ?? {}, []));

/** An object that has a value at a path. */
function nested(path: Path, value: unknown): Record<string, unknown> {
  const [first, ...rest] = path;
  const inner =
    rest.length === 0 ? value : typeof rest[0] === "number" ? [nestedItem(rest.slice(1), value)] : nested(rest, value);
  return { [String(first)]: inner };
}

function nestedItem(rest: Path, value: unknown): unknown {
  if (rest.length === 0) return value;
  return typeof rest[0] === "number" ? [nestedItem(rest.slice(1), value)] : nested(rest, value);
}

const wrong: Readonly<Record<PluginField["type"], unknown>> = {
  string: { a: 1 },
  array: true,
  int: "a",
  bool: "yes",
  object: 7,
  "map<string>": [],
  "map<bool>": "x",
};

const kindsAt = (type: string, fields: Record<string, unknown>, path: Path) =>
  checkPluginFields(type, fields, {})
    .filter((one) => JSON.stringify(one.path) === JSON.stringify(path))
    .map((one) => one.kind);

test("there are 39 plugins", () => {
  expect(pluginNames.length).toBe(39);
  expect(known.length).toBeGreaterThan(300);
  expect(isKnownPlugin("macvlan") && isKnownPlugin("cnv-bridge") && !isKnownPlugin("macvlam")).toBe(true);
});

test("every field refuses another type", () => {
  for (const { type, path, field } of known)
    expect(kindsAt(type, nested(path, wrong[field.type]), path), `${type} ${path.join(".")}`).toContain("wrong-type");
});

test("every field with a range refuses what is beyond it", () => {
  for (const { type, path, field } of known) {
    if (field.max !== undefined)
      expect(kindsAt(type, nested(path, field.max + 1), path), `${type} ${path.join(".")}`).toContain("out-of-range");
    if (field.min !== undefined)
      expect(kindsAt(type, nested(path, field.min - 1), path), `${type} ${path.join(".")}`).toContain("out-of-range");
  }
});

test("every field with values refuses others, and takes its own", () => {
  for (const { type, path, field } of known) {
    if (!field.enum || field.openEnum) continue;
    const said = kindsAt(type, nested(path, "no-such-value"), path);
    expect(said, `${type} ${path.join(".")}`).toContain(field.silentBadEnum ? "ignored-value" : "unknown-value");
    for (const value of field.enum)
      expect(kindsAt(type, nested(path, value), path).filter((kind) => kind !== "deprecated-key")).toEqual([]);
  }
});

test("every plugin has no field that nobody thought of", () => {
  for (const type of attaching)
    expect(kindsAt(type, { "no-such-key": 1 }, ["no-such-key"]), type).toEqual(["unknown-key"]);
});

test("the address plugin is judged by its own table", () => {
  expect(findIpamTable("antrea")).toBeDefined();
  expect(kindsAt("macvlan", { ipam: { type: "antrea", ippools: "a" } }, ["ipam", "ippools"])).toEqual(["wrong-type"]);
  expect(kindsAt("whatever", { ipam: { type: "static", gateway: "a" } }, ["ipam", "gateway"])).toEqual(["unknown-key"]);
});

const advice: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["whereabouts' own spelling", { type: "whereabouts", rangeStart: "10.0.0.1" }, "did you mean `range_start`?"],
  ["a route's metric", { type: "static", routes: [{ dst: "0.0.0.0/0", metric: 1 }] }, "the key is `priority`"],
  [
    "a gateway beside static",
    { type: "static", gateway: "10.0.0.1" },
    "a gateway belongs beside its address: `addresses: [{address, gateway}]`",
  ],
];
for (const [name, ipam, help] of advice)
  test(`advice: ${name}`, () => {
    expect(checkPluginFields("macvlan", { ipam }, {}).map((one) => one.help)).toEqual([help]);
  });

test("the compiler hears nothing of what is merely old", () => {
  expect(checkPlugin("bandwidth", { shapedSubnets: [] })).toEqual([]);
  expect(checkPluginFields("bandwidth", { shapedSubnets: [] }, {}).map((one) => one.kind)).toEqual(["deprecated-key"]);
});

test("a key of another plugin is said to be that", () => {
  const [problem] = checkPluginFields("macvlan", { hairpinMode: true }, {});
  expect(problem?.help).toBe("delete it: `macvlan` has none, it is a field of `bridge`");
});
