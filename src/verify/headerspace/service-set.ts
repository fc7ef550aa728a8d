import type { Protocol, Service } from "../../net/service.ts";

/** Inclusive interval of service numbers. */
export type Interval = readonly [first: number, last: number];

/**
 * Services as sorted, disjoint intervals of one number line: protocol × 65536 + port. For ICMP the port is the type, in
 * the numbers of ICMPv4; both families' echo request is type 8. All other protocols together are one number.
 */
export type ServiceSet = readonly Interval[];

const BASE: Readonly<Record<Protocol, number>> = { tcp: 0, udp: 0x10000, sctp: 0x20000, icmp: 0x30000 };
const OTHER = 0x40000;

/** ICMP types by the names of nft, v6 ones mapped to the v4 type of the same meaning; ND has numbers of its own. */
export const icmpTypes: Readonly<Record<string, number>> = {
  "echo-reply": 0,
  "destination-unreachable": 3,
  "packet-too-big": 3,
  redirect: 5,
  "nd-redirect": 137,
  "echo-request": 8,
  "router-advertisement": 9,
  "router-solicitation": 10,
  "time-exceeded": 11,
  "parameter-problem": 12,
  "nd-router-solicit": 133,
  "nd-router-advert": 134,
  "nd-neighbor-solicit": 135,
  "nd-neighbor-advert": 136,
  "mld-listener-query": 130,
  "mld-listener-report": 131,
  "mld-listener-done": 132,
  "mld-listener-reduction": 132,
  "mld2-listener-report": 143,
};

export const noServices: ServiceSet = [];

/** All that a packet may be. */
export const anyService: ServiceSet = [[0, OTHER]];

export const echoService: ServiceSet = [[BASE.icmp + 8, BASE.icmp + 8]];

/** What tells a sender that a packet was too long. */
export const packetTooBigService: ServiceSet = [[BASE.icmp + 3, BASE.icmp + 3]];

/** What a question about reachability asks for: every port, echo, and any other protocol. */
export const everyService: ServiceSet = [
  [BASE.tcp + 1, BASE.tcp + 0xffff],
  [BASE.udp + 1, BASE.udp + 0xffff],
  [BASE.sctp + 1, BASE.sctp + 0xffff],
  [BASE.icmp + 8, BASE.icmp + 8],
  [OTHER, OTHER],
];

export function createPortSet(protocol: Protocol, first: number, last: number): ServiceSet {
  return [[BASE[protocol] + first, BASE[protocol] + last]];
}

export function createProtocolSet(protocol: Protocol): ServiceSet {
  return createPortSet(protocol, 0, protocol === "icmp" ? 255 : 0xffff);
}

export const otherProtocols: ServiceSet = [[OTHER, OTHER]];

/** A service as users write it; `icmp` is the echo request. */
export function toServiceSet(service: Service): ServiceSet {
  return service.protocol === "icmp" ? echoService : createPortSet(service.protocol, service.first, service.last);
}

/** No service at all means every one. */
export function mergeToServiceSet(services: readonly Service[]): ServiceSet {
  if (services.length === 0) return everyService;
  const known = sets.get(services) ?? uniteServices(...services.map(toServiceSet));
  sets.set(services, known);
  return known;
}

const sets = new WeakMap<readonly Service[], ServiceSet>();

/** What answers look like to a rule: they go to a port that the asker chose (ip_local_port_range), or are an echo reply. */
export function toReplyServices(services: ServiceSet): ServiceSet {
  const asked = (protocol: Protocol) => intersectServices(services, createProtocolSet(protocol)).length > 0;
  return uniteServices(
    ...(["tcp", "udp", "sctp"] as const).filter(asked).map((one) => createPortSet(one, 32768, 60999)),
    asked("icmp") ? createPortSet("icmp", 0, 0) : noServices,
    intersectServices(services, otherProtocols),
  );
}

export function uniteServices(...sets: readonly ServiceSet[]): ServiceSet {
  const some = sets.filter((one) => one.length > 0);
  // Each is sorted and disjoint already.
  if (some.length <= 1) return some[0] ?? noServices;
  const merged: [number, number][] = [];
  for (const [first, last] of some.flat().sort((a, b) => a[0] - b[0])) {
    const open = merged.at(-1);
    if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function intersectServices(a: ServiceSet, b: ServiceSet): ServiceSet {
  const both: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [aFirst, aLast] = a[i] as Interval;
    const [bFirst, bLast] = b[j] as Interval;
    const first = Math.max(aFirst, bFirst);
    const last = Math.min(aLast, bLast);
    if (first <= last) both.push([first, last]);
    if (aLast < bLast) i++;
    else j++;
  }
  return both;
}

/** What `a` holds and `b` does not; linear in their intervals. */
export function subtractServices(a: ServiceSet, b: ServiceSet): ServiceSet {
  if (b.length === 0) return a;
  const left: Interval[] = [];
  let next = 0;
  for (const [from, to] of a) {
    let first = from;
    while (next < b.length && (b[next] as Interval)[1] < from) next++;
    for (let at = next; at < b.length; at++) {
      const [bFirst, bLast] = b[at] as Interval;
      if (bFirst > to) break;
      if (bFirst > first) left.push([first, bFirst - 1]);
      first = bLast + 1;
    }
    if (first <= to) left.push([first, to]);
  }
  return left;
}

export function isSameServiceSet(a: ServiceSet, b: ServiceSet): boolean {
  return a.length === b.length && a.every(([first, last], i) => first === b[i]?.[0] && last === b[i]?.[1]);
}

/** The lowest service of a set, as users write it. */
export function formatFirstService(set: ServiceSet): string {
  const first = set[0]?.[0];
  return first === undefined ? "nothing" : formatInterval([first, first]);
}

function formatInterval([first, last]: Interval): string {
  if (first >= OTHER) return "other";
  const protocol = (["tcp", "udp", "sctp", "icmp"] as const)[first >> 16] as Protocol;
  const [from, to] = [first & 0xffff, last & 0xffff];
  if (protocol === "icmp") return from === 8 && to === 8 ? "icmp" : `icmp type ${from === to ? from : `${from}-${to}`}`;
  if (from <= 1 && to === 0xffff) return `${protocol}/*`;
  return from === to ? `${protocol}/${from}` : `${protocol}/${from}-${to}`;
}

/** As users write services, sorted as on the line; `everything` for all. */
export function formatServices(set: ServiceSet): readonly string[] {
  if (subtractServices(everyService, set).length === 0) return ["everything"];
  const split = set.flatMap(([first, last]): Interval[] => {
    const parts: Interval[] = [];
    for (let at = first; at <= last; ) {
      const end = at >= OTHER ? at : Math.min(last, at | 0xffff);
      parts.push([at, end]);
      at = end + 1;
    }
    return parts;
  });
  return split.map(formatInterval);
}
