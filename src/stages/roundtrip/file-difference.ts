import { type NftProblem, parseNft } from "../../verify/nft/parse.ts";
import type { Ruleset } from "../../verify/nft/ruleset.ts";

/** A place in what a template wrote where its meaning is another, and what is wrong there. */
export interface FileDifference {
  readonly offset: number;
  readonly what: string;
}

/**
 * Whether a file inside an object means what the built-in template wrote. An nft ruleset is read; of a script or another
 * configuration every line must be there as it is, but comments, empty lines and the space that a line begins with.
 */
export function findFileDifference(name: string, meant: string, says: string): FileDifference | undefined {
  return name.endsWith(".nft") ? rulesetDifference(meant, says) : linesDifference(meant, says);
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

function linesDifference(meant: string, says: string): FileDifference | undefined {
  const wanted = linesOf(meant);
  const found = linesOf(says);
  for (const [index, line] of found.entries()) {
    const other = wanted[index]?.text;
    if (line.text === other) continue;
    const later = wanted.slice(index).some((one) => one.text === line.text);
    if (later) return { offset: line.offset, what: `before this line, \`${other}\` is missing` };
    return { offset: line.offset, what: `\`${line.text}\` is not a line of it` };
  }
  const missing = wanted[found.length];
  return missing && { offset: says.length, what: `\`${missing.text}\` is missing` };
}

function linesOf(text: string): readonly Line[] {
  let offset = 0;
  return text.split("\n").flatMap((line, index) => {
    const start = offset;
    offset += line.length + 1;
    const plain = line.replace(/^[ \t]+/, "");
    if (plain === "" || (plain.startsWith("#") && !(index === 0 && plain.startsWith("#!")))) return [];
    return [{ text: plain, offset: start + line.length - plain.length }];
  });
}

interface FlatRule {
  readonly key: string;
  readonly text: string;
  readonly logged: boolean;
  readonly offset: number;
}

/** Loaded twice, as a change of rules is: what does not replace itself is found so. */
function rulesetDifference(meant: string, says: string): FileDifference | undefined {
  const flush = /\bflush\b/.exec(says);
  if (flush) return { offset: flush.index, what: "`flush` would empty what is not its own" };
  const wanted = read(`${meant}\n${meant}`);
  const found = read(`${says}\n${says}`);
  if ("why" in wanted) throw new Error(`the built-in ruleset is not understood: ${wanted.why}`);
  if ("why" in found) return { offset: found.at % (says.length + 1), what: found.why };
  const heads = headsOf(found).find((one) => !headsOf(wanted).includes(one));
  if (heads !== undefined) return { offset: 0, what: `\`${heads}\` is not a chain of it` };
  const lost = headsOf(wanted).find((one) => !headsOf(found).includes(one));
  if (lost !== undefined) return { offset: 0, what: `\`${lost}\` is missing` };
  return ruleDifference(rulesOf(wanted), rulesOf(found), says.length + 1);
}

function read(text: string): Ruleset | NftProblem {
  return parseNft(text, (start, end) => ({ file: { path: "", text }, start, end }));
}

function headsOf({ tables }: Ruleset): readonly string[] {
  return tables.flatMap(({ family, name, chains }) =>
    [...chains.values()].map((chain) => {
      const base = chain.base;
      const hook = base ? ` hook ${base.hook} priority ${base.priority} ${base.type} policy ${base.policy}` : "";
      return `${family} ${name} chain ${chain.name}${hook}`;
    }),
  );
}

function rulesOf({ tables }: Ruleset): readonly FlatRule[] {
  return tables.flatMap((table) =>
    [...table.chains.values()].flatMap((chain) =>
      chain.rules
        // A rule that only counts, logs or is a remark.
        .filter((rule) => rule.statement.type !== "none")
        .map((rule) => ({
          key: `${table.family} ${table.name} ${chain.name} ${canonicalize([rule.match, rule.statement])}`,
          text: rule.text,
          logged: /\blog\b/.test(rule.text.replace(/"[^"]*"/g, "")),
          offset: "start" in rule.place ? rule.place.start : 0,
        })),
    ),
  );
}

function ruleDifference(
  wanted: readonly FlatRule[],
  found: readonly FlatRule[],
  length: number,
): FileDifference | undefined {
  for (const [index, rule] of found.entries()) {
    const other = wanted[index];
    const offset = rule.offset % length;
    if (rule.key === other?.key && (rule.logged || !other.logged)) continue;
    if (rule.key === other?.key) return { offset, what: `\`${rule.text}\` no longer logs` };
    if (other && wanted.slice(index).some((one) => one.key === rule.key))
      return { offset, what: `before this rule, \`${other.text}\` is missing` };
    return { offset, what: `\`${rule.text}\` is not a rule of it` };
  }
  const missing = wanted[found.length];
  return missing && { offset: (found.at(-1)?.offset ?? 0) % length, what: `\`${missing.text}\` is missing` };
}

/** JSON with sorted keys; maps and big numbers too. */
function canonicalize(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === "bigint") return `${one}n`;
    if (one instanceof Map) return [...one].sort();
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
