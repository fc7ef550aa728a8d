import type { AddressSet } from "../headerspace/address-set.ts";
import { type PacketSet, type Packets, withoutPackets } from "../headerspace/packet-set.ts";
import { portsOf, type ServiceSet } from "../headerspace/service-set.ts";
import { type Crossing, chainsAt, matched } from "./evaluate.ts";
import type { NftRule, Ruleset, Statement, Table } from "./ruleset.ts";

/** Packets before and after a NAT hook. The same object where nothing was translated. */
export interface Translated {
  readonly before: Packets;
  readonly after: Packets;
  readonly rule: NftRule | undefined;
}

/** What the NAT chains of a hook make of packets. `own` is the address that masquerading takes. */
export function translate(
  ruleset: Ruleset,
  hook: "prerouting" | "postrouting",
  crossing: Crossing,
  box: Packets,
  own: AddressSet,
): readonly Translated[] {
  const found: Translated[] = [];
  let left: PacketSet = [box];
  for (const { table, chain } of chainsAt(ruleset, hook, "nat"))
    for (const rule of chain.rules) left = applyRule(table, rule, crossing, left, own, found);
  return [...found, ...left.map((one) => ({ before: one, after: one, rule: undefined }))];
}

function applyRule(
  table: Table,
  rule: NftRule,
  crossing: Crossing,
  left: PacketSet,
  own: AddressSet,
  found: Translated[],
): PacketSet {
  if (left.length === 0 || rule.statement.type === "none") return left;
  if (table.family !== "inet" && (table.family === "ip") !== (left[0]?.family === 4)) return left;
  const hits = left.map((one) => matched(rule.match, crossing, one)).filter((one) => one !== undefined);
  let rest = left;
  for (const hit of hits) {
    rest = rest.flatMap((one) => withoutPackets(one, hit));
    found.push({ before: hit, after: changed(rule.statement, hit, own), rule });
  }
  return rest;
}

function changed(statement: Statement, hit: Packets, own: AddressSet): Packets {
  if (statement.type === "masquerade") return { ...hit, sources: own };
  if (statement.type === "source") return { ...hit, sources: statement.to };
  if (statement.type === "destination")
    return { ...hit, destinations: statement.to, services: portChanged(hit.services, statement.port) };
  return hit;
}

/** The services with their port replaced, one per transport that they hold. */
function portChanged(services: ServiceSet, port: number | undefined): ServiceSet {
  if (port === undefined) return services;
  const transports = (["tcp", "udp", "sctp"] as const).filter((_, index) =>
    services.some(([first, last]) => first >> 16 <= index && last >> 16 >= index),
  );
  return transports.flatMap((one) => portsOf(one, port, port));
}
