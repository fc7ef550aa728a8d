import {
  anyService,
  createPortSet,
  createProtocolSet,
  icmpTypes,
  otherProtocols,
  type ServiceSet,
  subtractServices,
  uniteServices,
} from "../headerspace/service-set.ts";
import { type TokenCursor, takeIf, takeWords, throwNotUnderstood } from "./cursor.ts";
import { parsePorts } from "./parse-values.ts";

const PROTOCOLS: Readonly<Record<string, ServiceSet>> = {
  tcp: createProtocolSet("tcp"),
  "6": createProtocolSet("tcp"),
  udp: createProtocolSet("udp"),
  "17": createProtocolSet("udp"),
  sctp: createProtocolSet("sctp"),
  "132": createProtocolSet("sctp"),
  icmp: createProtocolSet("icmp"),
  icmpv6: createProtocolSet("icmp"),
  "ipv6-icmp": createProtocolSet("icmp"),
};

/** Protocols that are neither of the above and that gateways speak. */
const OTHERS: ReadonlySet<string> = new Set(["vrrp", "112", "esp", "50", "ah", "51"]);

/** `tcp`, `{ icmp, vrrp }`, with `!=` for the others. All of the rare protocols are one: a match of one is a part of it. */
export function parseProtocols(cursor: TokenCursor): ServiceSet {
  const not = takeIf(cursor, "!=");
  const names = takeWords(cursor);
  const sets = names.map((name) => {
    if (OTHERS.has(name)) return otherProtocols;
    return Object.hasOwn(PROTOCOLS, name)
      ? (PROTOCOLS[name] as ServiceSet)
      : throwNotUnderstood(cursor, `protocol \`${name}\``);
  });
  const set = uniteServices(...sets);
  return not ? subtractServices(anyService, set) : set;
}

/** `dport …` of a transport; without a cursor, every port of it. */
export function parsePortMatch(cursor: TokenCursor | undefined, key: "tcp" | "udp" | "sctp" | "th"): ServiceSet {
  const found = cursor ? parsePorts(cursor) : [[0, 0xffff] as const];
  const transports = key === "th" ? (["tcp", "udp", "sctp"] as const) : [key];
  return uniteServices(...transports.flatMap((one) => found.map(([first, last]) => createPortSet(one, first, last))));
}

/** The types after `icmp type`. */
export function parseIcmpTypes(cursor: TokenCursor): ServiceSet {
  const not = takeIf(cursor, "!=");
  const sets = takeWords(cursor).map((name) => {
    const type = Object.hasOwn(icmpTypes, name) ? icmpTypes[name] : undefined;
    return type === undefined
      ? throwNotUnderstood(cursor, `ICMP type \`${name}\` is not understood`)
      : createPortSet("icmp", type, type);
  });
  const set = uniteServices(...sets);
  return not ? subtractServices(createProtocolSet("icmp"), set) : set;
}
