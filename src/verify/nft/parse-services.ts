import {
  anyService,
  icmpTypes,
  otherProtocols,
  portsOf,
  protocolOf,
  type ServiceSet,
  uniteServices,
  withoutServices,
} from "../headerspace/service-set.ts";
import { fail, type TokenCursor, takeIf, wordsOf } from "./cursor.ts";
import { ports } from "./parse-values.ts";

const PROTOCOLS: Readonly<Record<string, ServiceSet>> = {
  tcp: protocolOf("tcp"),
  "6": protocolOf("tcp"),
  udp: protocolOf("udp"),
  "17": protocolOf("udp"),
  sctp: protocolOf("sctp"),
  "132": protocolOf("sctp"),
  icmp: protocolOf("icmp"),
  icmpv6: protocolOf("icmp"),
  "ipv6-icmp": protocolOf("icmp"),
};

/** Protocols that are neither of the above and that gateways speak. */
const OTHERS: ReadonlySet<string> = new Set(["vrrp", "112", "esp", "50", "ah", "51"]);

/** `tcp`, `{ icmp, vrrp }`, with `!=` for the others. All of the rare protocols are one: a match of one is a part of it. */
export function protocols(cursor: TokenCursor): ServiceSet {
  const not = takeIf(cursor, "!=");
  const names = wordsOf(cursor);
  const sets = names.map((name) => {
    if (OTHERS.has(name)) return otherProtocols;
    return Object.hasOwn(PROTOCOLS, name) ? (PROTOCOLS[name] as ServiceSet) : fail(cursor, `protocol \`${name}\``);
  });
  const set = uniteServices(...sets);
  return not ? withoutServices(anyService, set) : set;
}

/** `dport …` of a transport; without a cursor, every port of it. */
export function portMatch(cursor: TokenCursor | undefined, key: "tcp" | "udp" | "sctp" | "th"): ServiceSet {
  const found = cursor ? ports(cursor) : [[0, 0xffff] as const];
  const transports = key === "th" ? (["tcp", "udp", "sctp"] as const) : [key];
  return uniteServices(...transports.flatMap((one) => found.map(([first, last]) => portsOf(one, first, last))));
}

/** The types after `icmp type`. */
export function icmp(cursor: TokenCursor): ServiceSet {
  const not = takeIf(cursor, "!=");
  const sets = wordsOf(cursor).map((name) => {
    const type = Object.hasOwn(icmpTypes, name) ? icmpTypes[name] : undefined;
    return type === undefined ? fail(cursor, `ICMP type \`${name}\` is not understood`) : portsOf("icmp", type, type);
  });
  const set = uniteServices(...sets);
  return not ? withoutServices(protocolOf("icmp"), set) : set;
}
