import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { fixFiles, lintFiles } from "../../src/lint/lint.ts";
import { findSpan } from "../../src/yaml/span.ts";
import { lintCaseInput, lintCaseNames } from "./case-files.ts";

const CORPUS = join(import.meta.dirname, "..", "data", "corpus");
const texts = [
  ...readdirSync(CORPUS)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(join(CORPUS, name), "utf8")),
  ...lintCaseNames().flatMap((name) => lintCaseInput(name).map((file) => file.text)),
].filter((text) => text.length < 8000);

const pieces = [
  '"',
  "'",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\n",
  "  ",
  "- ",
  "#",
  "|",
  ">",
  "\\",
  "null",
  "1e9",
  "{{ x }}",
  "$X",
  "---\n",
];

/** A real file, with a few characters taken out, put in, or replaced. */
const damaged = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(6), fc.constantFrom("", ...pieces)), {
      maxLength: 5,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((all, [where, length, put]) => {
      const at = Math.floor(where * all.length);
      return all.slice(0, at) + put + all.slice(at + length);
    }, text),
  );

test("whatever is damaged, lint says something with a place, and does not fall over", () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const { diagnostics } = lintFiles([{ path: "a.yaml", text }]);
      for (const { place, code } of diagnostics) {
        if (!place) throw new Error(`${code} has no place`);
        const { start, end } = findSpan(place);
        expect(start >= 0 && start <= end && end <= text.length, `${code} ${start}-${end} of ${text.length}`).toBe(
          true,
        );
      }
      formatFindings("text", diagnostics, { colour: false, version: "0" });
    }),
    { numRuns: 1500 },
  );
});

test("a fix never adds an error", () => {
  const errors = (text: string) =>
    lintFiles([{ path: "a.yaml", text }]).diagnostics.filter(
      (one) => one.severity === "error" && one.code.endsWith("-json"),
    );
  fc.assert(
    fc.property(damaged, (text) => {
      const [fixed] = fixFiles([{ path: "a.yaml", text }]).changed;
      if (fixed) expect(errors(fixed.text).length).toBeLessThanOrEqual(errors(text).length);
    }),
    { numRuns: 500 },
  );
});

// `String` asks a value for its own `toString`: here it has none, or a key of that name.
test.each(["{}", '{"toString":1}', "[{}]", '[{"toString":1}]'])("a network whose values are %s", (value) => {
  const ipam = (type: string, keys: string) => `{"type":"${type}",${keys.replaceAll("@", value)}}`;
  const configs = [
    `{"cniVersion":${value},"name":${value},"type":"macvlan","master":${value},"mode":${value}}`,
    `{"type":"bridge","bridge":${value},"ipam":${ipam("whereabouts", '"range":@,"exclude":@,"ipRanges":[{"range":@}]')}}`,
    `{"type":"macvlan","ipam":${ipam("host-local", '"subnet":@,"ranges":[[{"subnet":@,"gateway":@}]],"routes":[{"dst":@,"gw":@}]')}}`,
    `{"type":"macvlan","ipam":${ipam("static", '"addresses":[{"address":@,"gateway":@}]')}}`,
  ];
  const object = (kind: string, apiVersion: string, spec: object) =>
    JSON.stringify({ apiVersion, kind, metadata: { name: "n", namespace: "m" }, spec });
  const texts = [
    ...configs.map((config) => object("NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1", { config })),
    object("UserDefinedNetwork", "k8s.ovn.org/v1", {
      topology: JSON.parse(value),
      layer2: { role: JSON.parse(value) },
    }),
    object("UserDefinedNetwork", "k8s.ovn.org/v1", { topology: "Layer2", layer2: { role: JSON.parse(value) } }),
  ];
  const files = texts.map((text, at) => ({ path: `${at}.yaml`, text }));
  expect(() => formatFindings("text", lintFiles(files).diagnostics, { colour: false, version: "0" })).not.toThrow();
});
