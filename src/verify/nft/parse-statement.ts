import { createAddressSet } from "../headerspace/address-set.ts";
import {
  expectToken,
  isAtEnd,
  peekToken,
  skipEnds,
  type TokenCursor,
  takeIf,
  takeToken,
  takeWord,
  takeWords,
  throwNotUnderstood,
} from "./cursor.ts";
import { parseAddressRange } from "./parse-values.ts";
import type { ConnectionState, Statement, Verdict } from "./ruleset.ts";

const STATES: readonly string[] = ["new", "established", "related", "invalid", "untracked"];

/**
 * What a rule does. Counting, logging and comments do nothing to a packet and give undefined; a limit gives `limit`,
 * since what stands behind it happens only sometimes.
 */
export function parseStatement(cursor: TokenCursor, key: string): Statement | "limit" | undefined {
  switch (key) {
    case "counter":
      for (const field of ["packets", "bytes"]) if (takeIf(cursor, field)) takeToken(cursor);
      return undefined;
    case "comment":
      takeToken(cursor);
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
      return throwNotUnderstood(cursor, `\`${key}\` is not understood`);
  }
}

function logging(cursor: TokenCursor): undefined {
  while (!isAtEnd(cursor)) {
    if (takeIf(cursor, "prefix") || takeIf(cursor, "level") || takeIf(cursor, "group")) takeToken(cursor);
    else if (takeIf(cursor, "flags")) takeWord(cursor);
    else break;
  }
  return undefined;
}

function limit(cursor: TokenCursor): "limit" {
  expectToken(cursor, "rate");
  takeIf(cursor, "over");
  takeWord(cursor);
  if (takeIf(cursor, "burst")) {
    takeWord(cursor);
    takeWord(cursor);
  }
  return "limit";
}

function clamp(cursor: TokenCursor): Statement {
  takeIf(cursor, "option");
  for (const part of ["maxseg", "size", "set"]) expectToken(cursor, part);
  const size = takeWord(cursor);
  if (size === "rt") {
    expectToken(cursor, "mtu");
    return { type: "clamp", to: "route" };
  }
  return /^\d+$/.test(size)
    ? { type: "clamp", to: Number(size) }
    : throwNotUnderstood(cursor, `a segment of \`${size}\``);
}

function verdict(cursor: TokenCursor, key: string): Verdict {
  if (key === "jump" || key === "goto") return { type: key, chain: takeWord(cursor) };
  if (key === "reject") {
    if (takeIf(cursor, "with")) while (!isAtEnd(cursor)) takeToken(cursor);
    return { type: "drop" };
  }
  if (key !== "accept" && key !== "drop" && key !== "return") return throwNotUnderstood(cursor, `verdict \`${key}\``);
  return { type: key };
}

function translation(cursor: TokenCursor, key: "snat" | "dnat"): Statement {
  takeIf(cursor, "ip") || takeIf(cursor, "ip6");
  expectToken(cursor, "to");
  const bracket = takeIf(cursor, "[");
  const range = parseAddressRange(cursor, takeWord(cursor));
  if (bracket) expectToken(cursor, "]");
  const to = createAddressSet([range]);
  if (range.start !== range.end) throwNotUnderstood(cursor, "a translation to several addresses is not understood");
  if (key === "snat") return { type: "source", to };
  return { type: "destination", to, port: takeIf(cursor, ":") ? Number(takeWord(cursor)) : undefined };
}

/** `established,related`, or `{ … }`. */
export function parseStates(cursor: TokenCursor): readonly ConnectionState[] {
  const not = takeIf(cursor, "!=");
  const found = [...takeWords(cursor)];
  while (takeIf(cursor, ",")) found.push(takeWord(cursor));
  for (const one of found) if (!STATES.includes(one)) throwNotUnderstood(cursor, `state \`${one}\``);
  return (not ? STATES.filter((one) => !found.includes(one)) : found) as ConnectionState[];
}

/** `vmap { established : accept, … }`; undefined where no map stands. */
export function parseStateVerdicts(cursor: TokenCursor): ReadonlyMap<ConnectionState, Verdict> | undefined {
  if (!takeIf(cursor, "vmap")) return undefined;
  expectToken(cursor, "{");
  const verdicts = new Map<ConnectionState, Verdict>();
  for (skipEnds(cursor); !takeIf(cursor, "}"); skipEnds(cursor)) {
    const state = takeWord(cursor);
    if (!STATES.includes(state)) throwNotUnderstood(cursor, `state \`${state}\``);
    expectToken(cursor, ":");
    verdicts.set(state as ConnectionState, verdict(cursor, takeWord(cursor)));
    skipEnds(cursor);
    if (!takeIf(cursor, ",") && peekToken(cursor)?.text !== "}") throwNotUnderstood(cursor, "`,` was expected");
  }
  return verdicts;
}
