import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { formatFindings } from "../src/diagnostics/format/index.ts";
import { loadProjectFiles } from "../src/stages/1-load.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map((match) => ({
  language: match[1],
  text: match[2] as string,
}));

test("the README's example in and out are those of the example", () => {
  const [intent, patch] = blocks.filter((block) => block.language === "yaml").map((block) => block.text);
  expect(readFileSync(join(root, "intents/zones/corp.yaml"), "utf8")).toContain(intent);
  expect(readFileSync(join(root, "out/east/patches/web/deployment-shop/kustomization.yaml"), "utf8")).toContain(patch);
});

test("the README's slip looks as the program prints it", () => {
  const { inputs } = loadProjectFiles(join(root, "test/cases/bad-input/unknown-key"));
  if (!inputs) throw new Error("the case does not load");
  const shown = formatFindings("text", compile(inputs).diagnostics, { colour: false, version: "0" });
  const block = blocks.find((one) => one.language === "console")?.text ?? "";
  expect(block).toBe(`$ plumbline check\n${shown}`);
});

test("what the README shows of lint is what it says", () => {
  const cwd = join(root, "test/data/readme");
  const { stdout } = spawnSync("node", [join(root, "dist/plumbline.js"), "lint", "kubernetes/"], {
    cwd,
    encoding: "utf8",
  });
  const block = blocks.filter((one) => one.language === "console")[1]?.text;
  expect(block).toBe(`$ plumbline lint kubernetes/\n${stdout}`);
});

test("the commands of the README are those of the program", () => {
  const cells = [...readme.matchAll(/^\| (`\w+[^|`]*`(?:, `\w+[^|`]*`)*) \|/gm)].map((match) => match[1] as string);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map((match) => match[1] as string));
  const help = execFileSync("node", [join(root, "dist/plumbline.js"), "--help"], { encoding: "utf8" });
  const commands = [...help.matchAll(/^ {2}(\w+) ?(?:\[\w+\])?(?: \[\w+\])? {2,}/gm)].map(
    (match) => match[1] as string,
  );
  for (const command of commands.filter((one) => one !== "help" && one !== "plumbline"))
    expect(named, command).toContain(command);
});

test("links between documents lead somewhere", () => {
  const documents = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/diagnostics.md",
    ...readdirSync(join(root, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  const broken = documents.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map((match) => join(root, dirname(path), match[1] as string))
      .filter((target) => !existsSync(target)),
  );
  expect(broken).toEqual([]);
});

test("files that the documents name exist", () => {
  const named = ["ARCHITECTURE.md", "CONTRIBUTING.md"].flatMap((path) =>
    [
      ...readFileSync(join(root, path), "utf8").matchAll(/`((?:src|test|docs|templates)\/[\w./-]+\.(?:ts|md|yaml))`/g),
    ].map((match) => match[1] as string),
  );
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

test("every dependency is named with its reason", () => {
  const reasons = readFileSync(join(root, "docs/decisions/0004-dependencies.md"), "utf8");
  const named = [...reasons.matchAll(/^\| ([^ |]+) \| [^|]+/gm)].map((match) => match[1] as string);
  const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const used = Object.keys({ ...about.dependencies, ...about.devDependencies });
  expect(named.filter((one) => one !== "package" && one !== "---").sort()).toEqual(used.sort());
});
