import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { kinds } from "../src/kinds/index.ts";
import { targets } from "../src/targets/index.ts";

const SRC = join(import.meta.dirname, "..", "src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith("generated/"))
  .sort();
const textOf = (path: string) => readFileSync(join(SRC, path), "utf8");

/** A file may import only from its own rank and below. */
const ranks: readonly (readonly [RegExp, number])[] = [
  // The driver of verification asks kinds what they expect. The readers and the model below it import no kind.
  [/^verify\/(verify-cluster|expected-from-plan)\.ts$/, 8],
  [/^(source|net|collections|generated)\//, 0],
  // Frames read the text of a finding's place again.
  [/^diagnostics\/format\//, 3],
  [/^diagnostics\//, 1],
  [/^(ir|yaml|template)\//, 2],
  [/^(schema|cni)\//, 3],
  [/^(workloads|project)\//, 4],
  [/^(kinds|targets|lint)\//, 5],
  [/^(allocation|verify)\//, 6],
  [/^(stages|graph)\//, 7],
  [/^compile\.ts$/, 8],
  [/^(answers|import|migrate|lsp)\/|^catalogue\.ts$/, 9],
  [/^commands\//, 10],
  [/^(cli|main|api)\.ts$/, 11],
];

function rankOf(path: string): number {
  const rank = ranks.find(([pattern]) => pattern.test(path));
  if (!rank) throw new Error(`src/${path} has no rank: give its folder one`);
  return rank[1];
}

function importsOf(path: string): string[] {
  const found = [...textOf(path).matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
  return found.map((one) => relative(SRC, join(SRC, dirname(path), one)));
}

test("imports go down", () => {
  const up = files.flatMap((path) =>
    importsOf(path)
      .filter((other) => rankOf(other) > rankOf(path))
      .map((other) => `${path} -> ${other}`),
  );
  expect(up).toEqual([]);
});

test("the reader of the output shares nothing with what writes it", () => {
  const shared = files
    .filter((path) => path.startsWith("verify/") && rankOf(path) === 6)
    .flatMap((path) =>
      importsOf(path)
        .filter((other) => /^(kinds|targets|stages|allocation)\//.test(other))
        .map((other) => `${path} -> ${other}`),
    );
  expect(shared).toEqual([]);
});

test("the library and the language server know no command", () => {
  const known = files
    .filter((path) => /^(api\.ts$|answers\/|lsp\/)/.test(path))
    .flatMap((path) =>
      importsOf(path)
        .filter((other) => other.startsWith("commands/"))
        .map((other) => `${path} -> ${other}`),
    );
  expect(known).toEqual([]);
});

test("stages name no kind and no target", () => {
  // The Fabric is an intent, and also the model's word for the ground that all networks stand on; Network is the Plan's type of
  // every layer-2 network too.
  const names = [...kinds.map((kind) => kind.name), ...targets.map((target) => target.name)].filter(
    (name) => name !== "Fabric" && name !== "Network",
  );
  const named = files
    .filter((path) => path.startsWith("stages/"))
    .flatMap((path) => {
      // Comments may name them, and a rule's help may too.
      const code = textOf(path)
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
        .replace(/`[^`]*`|"[^"\n]*"/g, '""');
      return names.filter((name) => new RegExp(`\\b${name}\\b`).test(code)).map((name) => `${path}: ${name}`);
    });
  expect(named).toEqual([]);
});

test("verify asks kinds by their hooks, and compares with the name of none", () => {
  const names = kinds.map((kind) => kind.name).filter((name) => name !== "Fabric" && name !== "Network");
  const named = files
    .filter((path) => path.startsWith("verify/"))
    .flatMap((path) => {
      const code = textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      const ownFolder = importsOf(path).filter((other) => /^kinds\/(?!shared\/)[^/]+\//.test(other));
      return [...names.filter((name) => code.includes(`"${name}"`)), ...ownFolder].map((name) => `${path}: ${name}`);
    });
  expect(named).toEqual([]);
});

test("kinds and targets do not know each other", () => {
  const crossed = files.flatMap((path) =>
    importsOf(path)
      .filter(
        (other) =>
          (/^kinds\//.test(path) && /^targets\//.test(other)) || (/^targets\//.test(path) && /^kinds\//.test(other)),
      )
      .map((other) => `${path} -> ${other}`),
  );
  expect(crossed).toEqual([]);
});

test("files are read and written at the rim only", () => {
  const rim = /^(stages\/1-load|stages\/load\/|stages\/10-write|stages\/write\/|commands\/|cli|main)/;
  expect(files.filter((path) => /"node:(fs|child_process|net|http|os)/.test(textOf(path)) && !rim.test(path))).toEqual(
    [],
  );
});

test("only the command line touches the process", () => {
  const code = (path: string) => textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*|"[^"\n]*"|`[^`]*`/g, "");
  expect(
    files.filter((path) => !/^(cli|main)\.ts$/.test(path) && /(?<![.\w])process\.(?!id\b|isAlive\b)/.test(code(path))),
  ).toEqual([]);
});

test("the core knows no clock and no chance", () => {
  expect(
    files.filter((path) => path !== "cli.ts" && /\bDate\b|Math\.random|performance\.now/.test(textOf(path))),
  ).toEqual([]);
});

test("files fit two screens", () => {
  const sizes = files.map((path) => [textOf(path).split("\n").length - 1, path] as const).sort((a, b) => a[0] - b[0]);
  const median = sizes[sizes.length >> 1]?.[0] ?? 0;
  const ninth = sizes[Math.floor(sizes.length * 0.9)]?.[0] ?? 0;
  expect(sizes.filter(([lines]) => lines > 400)).toEqual([]);
  expect(median).toBeLessThan(90);
  expect(ninth).toBeLessThanOrEqual(200);
});

test("functions fit one screen", () => {
  const long = files.flatMap((path) => {
    const lines = textOf(path).split("\n");
    return lines.flatMap((line, start) => {
      const name = /^(?:export )?(?:async )?function (\w+)/.exec(line)?.[1];
      const length = name === undefined ? 0 : lines.slice(start).indexOf("}") + 1;
      return length > 80 ? [`${path} ${name}: ${length} lines`] : [];
    });
  });
  expect(long).toEqual([]);
});

test("no folder is a drawer", () => {
  expect(
    files.filter(
      (path) =>
        /(utils?|helpers?|common|misc|manager)\.ts$/.test(path) &&
        !/^(schema\/common|stages\/render\/helpers)\.ts$/.test(path),
    ),
  ).toEqual([]);
});

test("no test is skipped", () => {
  const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".test.ts"),
  );
  const skipping = new RegExp(["\\.(skip", "only", "todo)\\("].join("|"));
  expect(
    tests.filter(
      (path) =>
        statSync(join(import.meta.dirname, path)).isFile() &&
        skipping.test(readFileSync(join(import.meta.dirname, path), "utf8")),
    ),
  ).toEqual([]);
});

test("ARCHITECTURE.md names every folder and file of src", () => {
  const text = readFileSync(join(SRC, "..", "ARCHITECTURE.md"), "utf8");
  const names = readdirSync(SRC, { withFileTypes: true })
    .filter((one) => one.name !== "generated")
    .map((one) => (one.isDirectory() ? `${one.name}/` : one.name));
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("no list of a map is copied for each value that is added", () => {
  // `collections/push-to.ts`, `collections/add-to.ts` and `collections/group-by.ts` add in place.
  const idioms = [
    /\.set\([^;]{0,200}\[\s*\.\.\.\(?\s*\w+\.get\(/,
    /(\w+\[[^\]]+\])\s*=\s*\[\s*\.\.\.\(?\s*\1/,
    /\.set\((\w+), \[\.\.\.\w+, \w+\]\)/,
  ];
  const broken = (text: string) => idioms.some((one) => one.test(text));
  expect(files.filter((path) => broken(textOf(path)))).toEqual([]);
  for (const text of [
    "map.set(key, [...(map.get(key) ?? []), value]);",
    "map.set(key, new Set([...(map.get(key) ?? []), value]));",
    "found[key] = [...(found[key] ?? []), value];",
    "byLegs.set(key, [...earlier, rule]);",
  ])
    expect(broken(text), text).toBe(true);
});
