import { setOf } from "../headerspace/address-set.ts";
import { atEnd, expect, fail, peek, skipEnds, type TokenCursor, take, takeIf, word, wordsOf } from "./cursor.ts";
import { addressRange } from "./parse-values.ts";
import type { State, Statement, Verdict } from "./ruleset.ts";

const STATES: readonly string[] = ["new", "established", "related", "invalid", "untracked"];

/**
 * What a rule does. Counting, logging and comments do nothing to a packet and give undefined; a limit gives `limit`,
 * since what stands behind it happens only sometimes.
 */
export function parseStatement(cursor: TokenCursor, key: string): Statement | "limit" | undefined {
  switch (key) {
    case "counter":
      for (const field of ["packets", "bytes"]) if (takeIf(cursor, field)) take(cursor);
      return undefined;
    case "comment":
      take(cursor);
      return undefined;
    case "log":
      return logging(cursor);
    case "limit":
      return limit(cursor);
    case "tcp":
    case "option":
      return clamp(cursor);
    case "accept":
    case "drop":
    case "return":
    case "jump":
    case "goto":
    case "reject":
      return { type: "verdict", verdict: verdict(cursor, key) };
    case "masquerade":
      while (takeIf(cursor, "random") || takeIf(cursor, "fully-random") || takeIf(cursor, "persistent"));
      return { type: "masquerade" };
    case "snat":
    case "dnat":
      return translation(cursor, key);
    default:
      cursor.next--;
      return fail(cursor, `\`${key}\` is not understood`);
  }
}

function logging(cursor: TokenCursor): undefined {
  while (!atEnd(cursor)) {
    if (takeIf(cursor, "prefix") || takeIf(cursor, "level") || takeIf(cursor, "group")) take(cursor);
    else if (takeIf(cursor, "flags")) word(cursor);
    else break;
  }
  return undefined;
}

function limit(cursor: TokenCursor): "limit" {
  expect(cursor, "rate");
  takeIf(cursor, "over");
  word(cursor);
  if (takeIf(cursor, "burst")) {
    word(cursor);
    word(cursor);
  }
  return "limit";
}

function clamp(cursor: TokenCursor): Statement {
  takeIf(cursor, "option");
  for (const part of ["maxseg", "size", "set"]) expect(cursor, part);
  const size = word(cursor);
  if (size === "rt") {
    expect(cursor, "mtu");
    return { type: "clamp", to: "route" };
  }
  return /^\d+$/.test(size) ? { type: "clamp", to: Number(size) } : fail(cursor, `a segment of \`${size}\``);
}

function verdict(cursor: TokenCursor, key: string): Verdict {
  if (key === "jump" || key === "goto") return { type: key, chain: word(cursor) };
  if (key === "reject") {
    if (takeIf(cursor, "with")) while (!atEnd(cursor)) take(cursor);
    return { type: "drop" };
  }
  if (key !== "accept" && key !== "drop" && key !== "return") return fail(cursor, `verdict \`${key}\``);
  return { type: key };
}

function translation(cursor: TokenCursor, key: "snat" | "dnat"): Statement {
  takeIf(cursor, "ip") || takeIf(cursor, "ip6");
  expect(cursor, "to");
  const bracket = takeIf(cursor, "[");
  const range = addressRange(cursor, word(cursor));
  if (bracket) expect(cursor, "]");
  const to = setOf([range]);
  if (range.start !== range.end) fail(cursor, "a translation to several addresses is not understood");
  if (key === "snat") return { type: "source", to };
  return { type: "destination", to, port: takeIf(cursor, ":") ? Number(word(cursor)) : undefined };
}

/** `established,related`, or `{ … }`. */
export function states(cursor: TokenCursor): readonly State[] {
  const not = takeIf(cursor, "!=");
  const found = [...wordsOf(cursor)];
  while (takeIf(cursor, ",")) found.push(word(cursor));
  for (const one of found) if (!STATES.includes(one)) fail(cursor, `state \`${one}\``);
  return (not ? STATES.filter((one) => !found.includes(one)) : found) as State[];
}

/** `vmap { established : accept, … }`; undefined where no map stands. */
export function stateVerdicts(cursor: TokenCursor): ReadonlyMap<State, Verdict> | undefined {
  if (!takeIf(cursor, "vmap")) return undefined;
  expect(cursor, "{");
  const verdicts = new Map<State, Verdict>();
  for (skipEnds(cursor); !takeIf(cursor, "}"); skipEnds(cursor)) {
    const state = word(cursor);
    if (!STATES.includes(state)) fail(cursor, `state \`${state}\``);
    expect(cursor, ":");
    verdicts.set(state as State, verdict(cursor, word(cursor)));
    skipEnds(cursor);
    if (!takeIf(cursor, ",") && peek(cursor)?.text !== "}") fail(cursor, "`,` was expected");
  }
  return verdicts;
}
