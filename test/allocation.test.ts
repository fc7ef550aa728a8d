import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { cidrsOverlap, parseKnownCidr, toRange } from "../src/net/cidr.ts";
import { type AddressRange, parseRange, rangesOverlap } from "../src/net/range.ts";
import { inputsOf, type TestPair, type TestProject, type TestZone } from "./generated-project.ts";

const zoneNames = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"];

/** Some zones with and without ranges of their own, and firewalls between neighbours. */
const projects = fc.integer({ min: 1, max: 8 }).chain((count) =>
  fc
    .record({
      ranges: fc.array(fc.constantFrom(undefined, 4, 8, 16), { minLength: count, maxLength: count }),
      paired: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
      names: fc.shuffledSubarray(zoneNames, { minLength: count, maxLength: count }),
    })
    .map(({ ranges, paired, names }): TestProject => {
      const zones = names.map(
        (name, index): TestZone => (ranges[index] === undefined ? { name } : { name, rangeSize: ranges[index] }),
      );
      const pairs = names.flatMap((name, index): TestPair[] => {
        const to = names[index + 1];
        return paired[index] && to !== undefined ? [{ name: `${name}-${to}`, from: name, to }] : [];
      });
      return { zones, pairs };
    }),
);

function entriesOf(lock: string): ReadonlyMap<string, string> {
  const section = lock.slice(lock.indexOf("entries:"), lock.indexOf("released:"));
  return new Map(
    [...section.matchAll(/^ {2}(\S+): "?([^"\n]+)"?$/gm)].map((match) => [match[1] as string, match[2] as string]),
  );
}

function compiled(project: TestProject): string {
  const { lock, diagnostics } = compile(inputsOf(project));
  expect(diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([]);
  return lock as string;
}

test("adding an intent moves nothing", () => {
  fc.assert(
    fc.property(projects, fc.constantFrom(undefined, 8), (project, rangeSize) => {
      const lock = compiled(project);
      const newcomer: TestZone = rangeSize === undefined ? { name: "newcomer" } : { name: "newcomer", rangeSize };
      const first = project.zones[0]?.name as string;
      const grown = {
        zones: [newcomer, ...project.zones],
        pairs: [...project.pairs, { name: "new", from: "newcomer", to: first }],
        lock,
      };
      const after = entriesOf(compiled(grown));
      for (const [key, value] of entriesOf(lock)) expect(after.get(key), key).toBe(value);
    }),
    { numRuns: 60 },
  );
});

test("nothing is given out twice", () => {
  fc.assert(
    fc.property(projects, (project) => {
      const entries = [...entriesOf(compiled(project))];
      const vlans = entries.filter(([key]) => key.endsWith("/vlan.data")).map(([, value]) => value);
      expect(new Set(vlans).size).toBe(vlans.length);
      const subnets = entries.filter(([key]) => key.endsWith("/subnet.ipv4")).map(([, value]) => parseKnownCidr(value));
      for (const [index, one] of subnets.entries())
        for (const other of subnets.slice(index + 1)) expect(cidrsOverlap(one, other)).toBe(false);
      const ranges = entries
        .filter(([key]) => key.endsWith(".ipv4") && !key.endsWith("subnet.ipv4"))
        .map(([, value]) => parseRange(value) as AddressRange);
      for (const [index, one] of ranges.entries())
        for (const other of ranges.slice(index + 1)) expect(rangesOverlap(one, other)).toBe(false);
      for (const range of ranges) expect(subnets.some((one) => rangesOverlap(toRange(one), range))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("pods are never given what somebody else has", () => {
  fc.assert(
    fc.property(projects, (project) => {
      const { plans, lock } = compile(inputsOf(project));
      const held = [...entriesOf(lock as string)]
        .filter(([key]) => key.includes("/leg."))
        .filter(([key]) => key.endsWith(".ipv4"))
        .map(([, value]) => parseRange(value) as AddressRange);
      for (const network of plans[0]?.networks ?? [])
        for (const { ipam } of network.variants)
          for (const pool of ipam.mode === "pool" ? ipam.pools : []) {
            const whole: AddressRange = { family: 4, start: pool.start.value, end: pool.end.value };
            const taken = held.filter(
              (one) => rangesOverlap(one, whole) && !pool.exclude.some((out) => rangesOverlap(out, one)),
            );
            expect(taken).toEqual([]);
          }
    }),
    { numRuns: 60 },
  );
});

test("an intent that is gone keeps what it had until it is collected", () => {
  const both: TestProject = { zones: [{ name: "alpha" }, { name: "beta" }], pairs: [] };
  const lock = compiled(both);
  const one: TestProject = { zones: [{ name: "alpha" }], pairs: [], lock };
  const after = compiled(one);
  expect(after.slice(after.indexOf("released:"))).toContain("isolationzone/beta/vlan.data");
  expect(compiled({ ...both, lock: after })).toBe(lock);
  const collected = compile(inputsOf(one), { gc: true }).lock as string;
  expect(collected).toContain("released: {}");
});

test("--relock gives one intent new values and moves nobody else", () => {
  const project: TestProject = { zones: [{ name: "alpha" }, { name: "beta" }], pairs: [] };
  const lock = compiled(project).replace(/(isolationzone\/alpha\/vlan\.data: )\d+/, "$1299");
  const before = entriesOf(lock);
  const after = entriesOf(compile(inputsOf({ ...project, lock }), { relock: ["isolationzone/alpha"] }).lock as string);
  expect(after.get("fabric/dc1/isolationzone/alpha/vlan.data")).not.toBe("299");
  for (const [key, value] of before) if (key.includes("beta")) expect(after.get(key)).toBe(value);
});

test("a renamed intent keeps what it had", () => {
  const lock = compiled({ zones: [{ name: "alpha" }], pairs: [] });
  const inputs = inputsOf({ zones: [{ name: "omega" }], pairs: [], lock });
  const renamed = {
    ...inputs,
    intents: inputs.intents.map((file) => ({
      ...file,
      text: file.text.replace("name: omega\nspec", "name: omega\n  formerName: alpha\nspec"),
    })),
  };
  const after = compile(renamed);
  expect(after.lock).toBe(lock.replaceAll("isolationzone/alpha", "isolationzone/omega"));
});

test("a merge takes both sides, and the newcomer gives way", () => {
  const lock = compiled({ zones: [{ name: "alpha" }, { name: "beta" }], pairs: [] });
  const values = entriesOf(lock);
  const alpha = values.get("fabric/dc1/isolationzone/alpha/vlan.data");
  const line = (name: string) => `  fabric/dc1/isolationzone/${name}/vlan.data: ${alpha}\n`;
  const conflicted = lock
    .replace(/^.*isolationzone\/beta\/vlan.data.*\n/m, "")
    .replace(line("alpha"), `<<<<<<< HEAD\n${line("alpha")}=======\n${line("beta")}>>>>>>> feature\n`);
  const project: TestProject = { zones: [{ name: "alpha" }, { name: "beta" }], pairs: [], lock: conflicted };
  expect(compile(inputsOf(project)).diagnostics.map((one) => one.code)).toContain("allocation/half-merged");
  const merged = compile(inputsOf(project), { merge: true });
  expect(merged.diagnostics).toEqual([]);
  const after = entriesOf(merged.lock as string);
  expect(after.get("fabric/dc1/isolationzone/alpha/vlan.data")).toBe(alpha);
  expect(after.get("fabric/dc1/isolationzone/beta/vlan.data")).not.toBe(alpha);
});
