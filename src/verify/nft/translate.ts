import type { AddressSet } from "../headerspace/address-set.ts";
import { type HeaderBox, type HeaderSpace, subtractBox } from "../headerspace/packet-set.ts";
import { createPortSet, type ServiceSet } from "../headerspace/service-set.ts";
import { type FilterContext, findChains, matchPackets } from "./evaluate.ts";
import type { NftRule, Ruleset, Statement, Table } from "./ruleset.ts";

/** Packets before and after a NAT hook. The same object where nothing was translated. */
export interface NatResult {
  readonly before: HeaderBox;
  readonly after: HeaderBox;
  readonly rule: NftRule | undefined;
}

/** What the NAT chains of a hook make of packets. `own` is the address that masquerading takes. */
export function applyNat(
  ruleset: Ruleset,
  hook: "prerouting" | "postrouting",
  crossing: FilterContext,
  box: HeaderBox,
  own: AddressSet,
): readonly NatResult[] {
  const found: NatResult[] = [];
  let left: HeaderSpace = [box];
  for (const { table, chain } of findChains(ruleset, hook, "nat"))
    for (const rule of chain.rules) left = applyRule(table, rule, crossing, left, own, found);
  return [...found, ...left.map((one) => ({ before: one, after: one, rule: undefined }))];
}

function applyRule(
  table: Table,
  rule: NftRule,
  crossing: FilterContext,
  left: HeaderSpace,
  own: AddressSet,
  found: NatResult[],
): HeaderSpace {
  if (left.length === 0 || rule.statement.type === "none") return left;
  if (table.family !== "inet" && (table.family === "ip") !== (left[0]?.family === 4)) return left;
  const hits = left.map((one) => matchPackets(rule.match, crossing, one)).filter((one) => one !== undefined);
  let rest = left;
  for (const hit of hits) {
    rest = rest.flatMap((one) => subtractBox(one, hit));
    found.push({ before: hit, after: translateBox(rule.statement, hit, own), rule });
  }
  return rest;
}

function translateBox(statement: Statement, hit: HeaderBox, own: AddressSet): HeaderBox {
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
  return transports.flatMap((one) => createPortSet(one, port, port));
}
