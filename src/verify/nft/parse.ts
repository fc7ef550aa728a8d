import type { Place } from "../../source/place.ts";
import { type AddressSet, noAddresses, uniteAddresses } from "../headerspace/address-set.ts";
import {
  expectToken,
  isAtEnd,
  NotUnderstood,
  peekToken,
  skipEnds,
  type TokenCursor,
  takeIf,
  takeToken,
  takeWord,
  throwNotUnderstood,
} from "./cursor.ts";
import { tokenize } from "./lexer.ts";
import { parseRule } from "./parse-rule.ts";
import { type NamedSets, parseNamedSet } from "./parse-values.ts";
import type { BaseChain, Chain, Hook, NftRule, Ruleset, Table } from "./ruleset.ts";

export interface NftProblem {
  readonly why: string;
  /** Offset in the text. */
  readonly at: number;
}

/** Priorities by name, as nft has them for `inet` and `ip`. */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};
const HOOKS: readonly string[] = ["prerouting", "input", "forward", "output", "postrouting"];

interface OpenTable {
  readonly family: Table["family"];
  readonly name: string;
  readonly chains: Map<string, Chain>;
}

/**
 * Loads texts one after the other, as `nft -f` would, and gives what is then in the kernel. Only the subset that gateways
 * are written in: anything else is a problem, never passed over. `placeOf` says where an offset of a text stands.
 */
export function parseNft(text: string, placeOf: (start: number, end: number) => Place): Ruleset | NftProblem {
  const found = tokenize(text);
  if (typeof found === "number") return { why: `\`${text[found]}\` is no part of the language`, at: found };
  const cursor: TokenCursor = { tokens: found, length: text.length, next: 0 };
  const tables = new Map<string, OpenTable>();
  try {
    for (skipEnds(cursor); peekToken(cursor); skipEnds(cursor)) parseCommand(cursor, tables, text, placeOf);
  } catch (problem) {
    if (problem instanceof NotUnderstood) return { why: problem.message, at: problem.at };
    throw problem;
  }
  return { tables: [...tables.values()] };
}

function parseCommand(
  cursor: TokenCursor,
  tables: Map<string, OpenTable>,
  text: string,
  placeOf: (start: number, end: number) => Place,
): void {
  const command = takeWord(cursor);
  if (command === "flush" && takeIf(cursor, "ruleset")) {
    tables.clear();
    return;
  }
  if (command === "add") expectToken(cursor, "table");
  else if (command === "delete" || command === "destroy" || command === "flush") expectToken(cursor, "table");
  else if (command !== "table") throwNotUnderstood(cursor, `\`${command}\` at the top of a file is not understood`);
  const family = takeWord(cursor);
  if (family !== "inet" && family !== "ip" && family !== "ip6") throwNotUnderstood(cursor, `family \`${family}\``);
  const name = takeWord(cursor);
  const key = `${family} ${name}`;
  const table = tables.get(key) ?? { family, name, chains: new Map<string, Chain>() };
  if (command === "delete" && !tables.has(key))
    throwNotUnderstood(cursor, `table \`${name}\` is deleted before it is there`);
  if (command === "delete" || command === "destroy") tables.delete(key);
  else if (command === "flush") for (const [at, chain] of table.chains) table.chains.set(at, { ...chain, rules: [] });
  else tables.set(key, table);
  if ((command === "table" || command === "add") && takeIf(cursor, "{")) parseTable(cursor, table, text, placeOf);
}

function parseTable(
  cursor: TokenCursor,
  table: OpenTable,
  text: string,
  placeOf: (start: number, end: number) => Place,
): void {
  const sets: Map<string, AddressSet> = new Map();
  for (skipEnds(cursor); !takeIf(cursor, "}"); skipEnds(cursor)) {
    const what = takeWord(cursor);
    const name = takeWord(cursor);
    expectToken(cursor, "{");
    if (what === "chain") {
      const before = table.chains.get(name);
      const { base, rules } = parseChain(cursor, table.family, sets, text, placeOf);
      const chain = { name, base: base ?? before?.base, rules: [...(before?.rules ?? []), ...rules] };
      table.chains.set(name, chain);
    } else if (what === "set") sets.set(name, parseSet(cursor));
    else if (what === "counter") expectToken(cursor, "}");
    else throwNotUnderstood(cursor, `\`${what}\` in a table is not understood`);
  }
}

function parseSet(cursor: TokenCursor): AddressSet {
  let elements: AddressSet = noAddresses;
  for (skipEnds(cursor); !takeIf(cursor, "}"); skipEnds(cursor)) {
    const what = takeWord(cursor);
    if (what === "type") {
      const type = takeWord(cursor);
      if (type !== "ipv4_addr" && type !== "ipv6_addr")
        throwNotUnderstood(cursor, `a set of \`${type}\` is not understood`);
    } else if (what === "flags") {
      if (takeWord(cursor) !== "interval")
        throwNotUnderstood(cursor, "a set that changes while it runs is not understood");
    } else if (what === "elements") {
      expectToken(cursor, "=");
      elements = uniteAddresses(elements, parseNamedSet(cursor));
    } else if (what !== "auto-merge") throwNotUnderstood(cursor, `\`${what}\` in a set is not understood`);
  }
  return elements;
}

interface ParsedChain {
  readonly base: BaseChain | undefined;
  readonly rules: readonly NftRule[];
}

function parseChain(
  cursor: TokenCursor,
  family: Table["family"],
  sets: NamedSets,
  text: string,
  placeOf: (start: number, end: number) => Place,
): ParsedChain {
  let base: BaseChain | undefined;
  const rules: NftRule[] = [];
  for (skipEnds(cursor); !takeIf(cursor, "}"); skipEnds(cursor)) {
    if (takeIf(cursor, "type")) {
      base = parseBase(cursor);
      continue;
    }
    if (takeIf(cursor, "policy")) {
      if (!base) return throwNotUnderstood(cursor, "a policy without a hook");
      base = { ...base, policy: parsePolicy(cursor) };
      if (base.type === "nat" && base.policy === "drop")
        throwNotUnderstood(cursor, "a nat chain that drops is not understood");
      continue;
    }
    const start = peekToken(cursor)?.at ?? 0;
    const { match, statement } = parseRule(cursor, family, sets);
    if (!isAtEnd(cursor)) throwNotUnderstood(cursor, `\`${takeToken(cursor).text}\` after a rule is not understood`);
    const end = peekToken(cursor)?.at ?? text.length;
    rules.push({ place: placeOf(start, end), text: text.slice(start, end).trim(), match, statement });
  }
  return { base, rules };
}

function parseBase(cursor: TokenCursor): BaseChain {
  const type = takeWord(cursor);
  if (type !== "filter" && type !== "nat")
    return throwNotUnderstood(cursor, `a chain of type \`${type}\` is not understood`);
  expectToken(cursor, "hook");
  const hook = takeWord(cursor);
  if (!HOOKS.includes(hook)) return throwNotUnderstood(cursor, `hook \`${hook}\` is not understood`);
  expectToken(cursor, "priority");
  const named = takeWord(cursor);
  const priority = Object.hasOwn(PRIORITIES, named) ? (PRIORITIES[named] as number) : Number(named);
  if (!Number.isInteger(priority)) return throwNotUnderstood(cursor, `priority \`${named}\` is not understood`);
  return { type, hook: hook as Hook, priority, policy: "accept" };
}

function parsePolicy(cursor: TokenCursor): "accept" | "drop" {
  const policy = takeWord(cursor);
  return policy === "accept" || policy === "drop" ? policy : throwNotUnderstood(cursor, `policy \`${policy}\``);
}
