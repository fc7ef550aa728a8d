import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..", "src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith("generated/"))
  .sort();

interface Exported {
  readonly name: string;
  readonly kind: "function" | "value" | "type";
  readonly path: string;
}

/** Everything that a file exports under a name: declarations, and lists such as `export { a, b as c }`. */
function exportsIn(path: string, text: string): readonly Exported[] {
  const declared =
    /^export (?:declare )?(?:abstract )?(async function\*?|function\*?|const|let|class|interface|type|enum) (\w+)([^\n]*)/gm;
  const found = [...text.matchAll(declared)].map(([, word = "", name = "", rest = ""]): Exported => {
    const isFunction = /function/.test(word) || /^(: [^=]+)? = (async )?(\(|<|\w+ =>)/.test(rest);
    return {
      name,
      path,
      kind: /^(interface|type|enum|class)$/.test(word) ? "type" : isFunction ? "function" : "value",
    };
  });
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list
      .split(",")
      .map((one) => one.trim().replace(/^type /, ""))
      .filter((one) => one !== "")
      .map((one): Exported => ({ name: one.split(/ as /).at(-1) ?? one, path, kind: "value" })),
  );
  return [...found, ...lists];
}

const all = files.flatMap((path) => exportsIn(path, readFileSync(join(SRC, path), "utf8")));

/** `expectedFlowOf`: `expected`, `flow`, `of`. */
const wordsOf = (name: string) => name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());

/** Words of no standard, each with the word of the field that stands for it. */
const privateWords: Readonly<Record<string, string>> = {
  meant: "expected",
  unmeant: "unexpected",
  meaning: "expected state",
  loophole: "check",
  loopholes: "checks",
  watched: "expected",
  crossing: "allowed flow",
  crossings: "allowed flows",
  wish: "request",
  wishes: "requests",
  settle: "allocate",
  settled: "allocated, resolved",
  spell: "format",
  spelt: "formatted",
  misspelt: "misspelled",
  told: "progress, or what it says",
  shown: "format",
  beside: "the name of what it is",
  lack: "unsupported",
  lacks: "unsupported",
  stray: "unexpected",
  odd: "ambiguous",
  proved: "verified",
  unproved: "unverified",
  scene: "context",
  ground: "context",
  laws: "constraints",
  duties: "required replies",
  guilty: "offender",
  strangers: "unknown intents",
  travel: "packet state",
  sink: "visitor",
  adopted: "externally managed",
  drawer: "what it holds",
  disguise: "non-canonical",
};

/** Participles and other words that say what something is, and not what a function does. */
const noVerbs =
  /^(spelt|told|shown|made|kept|held|given|found|written|bound|taken|left|drawn|meant|hidden|apart|together|beyond|within|inside|outside|between|without|bare|alike|unlike|stale|visible|safe|distinct|absent|usable|plain|whole|both|alone|nearest|nearby|elsewhere|around|unclear|sayable|odd|beside|[a-z]*[^aeiou]ed|[a-z]+(?:ied|ued|eed|oed|aed))$/;
const verbsThatLookSo = new Set(["embed", "need", "feed", "seed", "proceed", "exceed", "shed", "read"]);

/** Names that a pattern forbids and that are right, each with its reason. */
const allowed: Readonly<Record<string, string>> = {
  mapOf: "a constructor of schemas, beside `list`, `object` and `oneOf`",
  oneOf: "a constructor of schemas, as JSON Schema calls it",
};

const refused = (isWrong: (one: Exported) => boolean) =>
  all.filter((one) => !Object.hasOwn(allowed, one.name) && isWrong(one)).map((one) => `${one.path}: ${one.name}`);

test("no exported name has a private word", () => {
  expect(refused(({ name }) => wordsOf(name).some((word) => Object.hasOwn(privateWords, word)))).toEqual([]);
});

test("no exported function is called by a participle or an adjective alone", () => {
  expect(refused(({ name, kind }) => kind === "function" && noVerbs.test(name) && !verbsThatLookSo.has(name))).toEqual(
    [],
  );
});

test("exported functions say what they do, and not only what they are of", () => {
  expect(refused(({ name, kind }) => kind === "function" && /^[a-z]+[A-Za-z]*Of$/.test(name))).toEqual([]);
});

test("no file is called by a private word", () => {
  const wrong = files.filter((path) => {
    const words = (path.split("/").at(-1) ?? "").replace(/\.ts$/, "").split("-");
    return words.some((word) => Object.hasOwn(privateWords, word) && !Object.hasOwn(fileNames, path));
  });
  expect(wrong).toEqual([]);
});

/** Files that are called as the code whose check they hold. */
const fileNames: Readonly<Record<string, string>> = {
  "verify/checks/beside-tunnel.ts": "it holds the check of `verify/beside-tunnel`",
};

test("what is allowed is there", () => {
  const names = new Set(all.map((one) => one.name));
  expect(Object.keys(allowed).filter((name) => !names.has(name))).toEqual([]);
  expect(Object.keys(fileNames).filter((path) => !files.includes(path))).toEqual([]);
});

test("the patterns notice what they forbid", () => {
  const text = [
    "export function spelt(value: unknown): string {",
    "export async function addressesOf(node: Node) {",
    "export interface MeantFlow {",
    "export const told = (what: string) => what;",
    "export { one as wishList, two };",
  ].join("\n");
  expect(exportsIn("a.ts", text).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    "function spelt",
    "function addressesOf",
    "type MeantFlow",
    "function told",
    "value wishList",
    "value two",
  ]);
  expect(["spelt", "merged", "kept", "beyond"].every((name) => noVerbs.test(name))).toBe(true);
  expect(["check", "format", "formatValue", "resolve"].some((name) => noVerbs.test(name))).toBe(false);
});
