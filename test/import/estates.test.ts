import { describe, expect, test } from "vitest";
import { type ImportedEstate, importEstate } from "../../src/import/import-project.ts";
import { createNamespaceLookup } from "../../src/import/namespaces.ts";
import { estateFiles, estateNames, expectedFiles, importedEstate } from "./estates.ts";
import { expectSame } from "./expect-same.ts";

const options = { cluster: "main", namespace: "default" };

describe.each(estateNames())("the estate %s", (name) => {
  const files = estateFiles(name);
  const estate = importedEstate(name);
  const namespaceOf = createNamespaceLookup(files, "default");
  const before = files.map((file) => ({ file, namespace: namespaceOf(file.path) }));

  test("gives these files", () => {
    const written = new Map(estate.files.map(({ path, text }) => [path, text]));
    const expected = expectedFiles(name);
    expect([...written.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, text] of expected) expect(written.get(path), path).toBe(text);
  });

  test("compiles to the same attachments", () => {
    const { networks, attachments } = expectSame(estate, before);
    expect(networks).toBeGreaterThan(5);
    expect(attachments).toBeGreaterThan(7);
  });

  test("gives the same bytes again, also once it is compiled, and in any order", () => {
    const out = estate.compiled.files.map(({ path, text }) => ({ path: `out/${path}`, text }));
    const again = importEstate([...out, ...estate.files, ...files].reverse(), options);
    const texts = (one: ImportedEstate) => one.files.map(({ path, text }) => [path, text]).sort();
    expect(texts(again)).toEqual(texts(estate));
  });

  test.each([
    ["another VLAN", '"master": "bond0.303"', '"master": "bond0.304"'],
    ["another router", '"gw": "10.1.3.1"', '"gw": "10.1.3.2"'],
    ["another address", "10.1.3.7/24", "10.1.3.9/24"],
    ["another interface", '"interface":"net2"', '"interface":"net7"'],
    ["another range", '"range_end": "192.168.2.250"', '"range_end": "192.168.2.249"'],
    ["another MTU", '"mtu": 9000', '"mtu": 1500'],
    ["no source routing", '"type": "sbr"', '"type": "tuning"'],
    ["another MAC address", "02:00:00:00:00:07", "02:00:00:00:00:08"],
  ])("%s would be noticed", (_what, from, to) => {
    const changed = estate.compiled.files.map((one) => ({ ...one, text: one.text.replaceAll(from, to) }));
    expect(changed).not.toEqual(estate.compiled.files);
    const broken = { ...estate, compiled: { ...estate.compiled, files: changed } };
    expect(() => expectSame(broken, before)).toThrow();
  });
});
