import type { Family } from "../../net/address.ts";
import { intersectAddresses } from "../headerspace/address-set.ts";
import { intersectServices, type ServiceSet } from "../headerspace/service-set.ts";
import { isAtEnd, type TokenCursor, takeIf, takeWord, takeWords, throwNotUnderstood } from "./cursor.ts";
import { parseIcmpTypes, parsePortMatch, parseProtocols } from "./parse-services.ts";
import { parseStatement, parseStates, parseStateVerdicts } from "./parse-statement.ts";
import { type NamedSets, parseAddresses } from "./parse-values.ts";
import type { ConnectionState, InterfaceMatch, Match, Statement, Table } from "./ruleset.ts";

interface Draft {
  families?: readonly Family[];
  incoming?: InterfaceMatch;
  outgoing?: InterfaceMatch;
  sources?: Match["sources"];
  destinations?: Match["destinations"];
  services?: ServiceSet;
  states?: readonly ConnectionState[];
  translated?: boolean;
  sometimes?: boolean;
  /** Only the first packet of a TCP connection: of no weight for a new one. */
  opening?: boolean;
}

export interface ParsedRule {
  readonly match: Match;
  readonly statement: Statement;
}

/** One rule, up to its end. */
export function parseRule(cursor: TokenCursor, family: Table["family"], sets: NamedSets): ParsedRule {
  const draft: Draft = family === "inet" ? {} : { families: [family === "ip" ? 4 : 6] };
  let statement: Statement = { type: "none" };
  while (!isAtEnd(cursor)) {
    const key = takeWord(cursor);
    if (parseMatch(cursor, key, draft, sets)) continue;
    if (key === "ct" && takeIf(cursor, "state")) {
      const verdicts = parseStateVerdicts(cursor);
      if (verdicts) statement = { type: "states", verdicts };
      else draft.states = parseStates(cursor);
      continue;
    }
    const found = parseStatement(cursor, key);
    if (found === "limit") draft.sometimes = true;
    else if (found) {
      if (statement.type !== "none") throwNotUnderstood(cursor, "a second statement in one rule is not understood");
      statement = found;
      // `snat ip to` is for packets of that family only.
      const to = "to" in found && typeof found.to === "object" ? found.to[0] : undefined;
      if (to) onlyFamily(draft, to.family);
    }
  }
  const { opening, ...match } = draft;
  if (opening && statement.type === "verdict") throwNotUnderstood(cursor, "a verdict by TCP flags is not understood");
  // A limit before `accept` may let a packet through; before anything else it decides by the clock.
  if (
    draft.sometimes &&
    statement.type !== "none" &&
    !(statement.type === "verdict" && statement.verdict.type === "accept")
  )
    throwNotUnderstood(cursor, "a limit before this is not understood");
  return { match, statement };
}

/** Reads one match; false where the word starts none. */
function parseMatch(cursor: TokenCursor, key: string, draft: Draft, sets: NamedSets): boolean {
  if (key === "iifname" || key === "iif") draft.incoming = interfaces(cursor, draft.incoming);
  else if (key === "oifname" || key === "oif") draft.outgoing = interfaces(cursor, draft.outgoing);
  else if (key === "ip" || key === "ip6") network(cursor, key === "ip" ? 4 : 6, draft, sets);
  else if (key === "tcp" || key === "udp" || key === "sctp" || key === "th") transport(cursor, key, draft);
  else if (key === "icmp" || key === "icmpv6") {
    const of = key === "icmp" ? 4 : 6;
    onlyFamily(draft, of);
    expectWord(cursor, "type");
    narrow(draft, parseIcmpTypes(cursor));
  } else if (key === "meta" || key === "l4proto" || key === "nfproto") meta(cursor, key, draft);
  else if (key === "ct" && takeIf(cursor, "status")) {
    expectWord(cursor, "dnat");
    draft.translated = true;
  } else return false;
  return true;
}

function expectWord(cursor: TokenCursor, text: string): void {
  if (!takeIf(cursor, text)) throwNotUnderstood(cursor, `\`${text}\` was expected`);
}

function interfaces(cursor: TokenCursor, before: InterfaceMatch | undefined): InterfaceMatch {
  if (before) throwNotUnderstood(cursor, "a second match of the same side's interface is not understood");
  const not = takeIf(cursor, "!=");
  const names = takeWords(cursor);
  // An index is an interface too, and which one nobody knows before the pod runs.
  if (names.some((one) => /^\d+$/.test(one)))
    throwNotUnderstood(cursor, "an interface by its number is not understood");
  return { not, names };
}

function onlyFamily(draft: Draft, family: Family): void {
  draft.families = (draft.families ?? [4, 6]).filter((one) => one === family);
}

function narrow(draft: Draft, services: ServiceSet): void {
  draft.services = draft.services ? intersectServices(draft.services, services) : services;
}

function network(cursor: TokenCursor, family: Family, draft: Draft, sets: NamedSets): void {
  onlyFamily(draft, family);
  const field = takeWord(cursor);
  if (field === "saddr") {
    const found = parseAddresses(cursor, family, sets);
    draft.sources = draft.sources ? intersectAddresses(draft.sources, found) : found;
  } else if (field === "daddr") {
    const found = parseAddresses(cursor, family, sets);
    draft.destinations = draft.destinations ? intersectAddresses(draft.destinations, found) : found;
  } else if (field === "protocol" || field === "nexthdr") narrow(draft, parseProtocols(cursor));
  else throwNotUnderstood(cursor, `\`${field}\` of a packet is not understood`);
}

function transport(cursor: TokenCursor, key: "tcp" | "udp" | "sctp" | "th", draft: Draft): void {
  const field = takeWord(cursor);
  if (field === "dport") narrow(draft, parsePortMatch(cursor, key));
  else if (key === "tcp" && field === "flags") {
    flags(cursor);
    narrow(draft, parsePortMatch(undefined, "tcp"));
    draft.opening = true;
  } else if (key === "tcp" && field === "option") {
    // `tcp option maxseg size set …`: parsed as a statement, since it changes the packet.
    cursor.next -= 1;
    narrow(draft, parsePortMatch(undefined, "tcp"));
  } else throwNotUnderstood(cursor, `\`${key} ${field}\` is not understood`);
}

/** `flags & (syn | rst) == syn`, `flags syn / syn,rst`, `flags syn`: the first packet of a connection. */
function flags(cursor: TokenCursor): void {
  if (takeIf(cursor, "&")) {
    const known = takeIf(cursor, "(") && takeIf(cursor, "syn") && takeIf(cursor, "|") && takeIf(cursor, "rst");
    if (!known || !takeIf(cursor, ")") || !takeIf(cursor, "=="))
      throwNotUnderstood(cursor, "TCP flags that are not understood");
  }
  expectWord(cursor, "syn");
  if (takeIf(cursor, "/")) {
    expectWord(cursor, "syn");
    if (takeIf(cursor, ",")) expectWord(cursor, "rst");
  }
}

function meta(cursor: TokenCursor, key: string, draft: Draft): void {
  const field = key === "meta" ? takeWord(cursor) : key;
  if (field === "l4proto") narrow(draft, parseProtocols(cursor));
  else if (field === "nfproto") onlyFamily(draft, takeWord(cursor) === "ipv4" ? 4 : 6);
  else if (field === "iifname" || field === "iif") draft.incoming = interfaces(cursor, draft.incoming);
  else if (field === "oifname" || field === "oif") draft.outgoing = interfaces(cursor, draft.outgoing);
  else throwNotUnderstood(cursor, `\`meta ${field}\` is not understood`);
}
