import { holdsAll, intersect, uniteAll, without } from "../headerspace/address-set.ts";
import { joined, type PacketSet, type Packets, packets, withoutPackets } from "../headerspace/packet-set.ts";
import { intersectServices, withoutServices } from "../headerspace/service-set.ts";
import type {
  Chain,
  Hook,
  InterfaceMatch,
  Match,
  NftRule,
  Ruleset,
  State,
  Statement,
  Table,
  Verdict,
} from "./ruleset.ts";
import { type Fan, stepsOf } from "./steps.ts";

/** What is the same for all packets of a question. */
export interface Crossing {
  readonly incoming: string | undefined;
  readonly outgoing: string | undefined;
  readonly state: State;
  /** Whether the destination was translated before. */
  readonly translated: boolean;
}

export interface Dropped {
  readonly packets: Packets;
  /** The rule that drops; undefined for the policy of the chain. */
  readonly rule: NftRule | undefined;
  readonly chain: Chain;
}

export interface Verdicts {
  readonly accepted: PacketSet;
  readonly dropped: readonly Dropped[];
}

interface Run {
  readonly table: Table;
  readonly crossing: Crossing;
  readonly chain: Chain;
  readonly accepted: Packets[];
  readonly dropped: Dropped[];
  readonly depth: number;
}

interface ChainOfTable {
  readonly table: Table;
  readonly chain: Chain;
}

const chains = new WeakMap<Ruleset, Map<string, readonly ChainOfTable[]>>();

/** The base chains of a hook, in the order the kernel asks them. */
export function chainsAt(ruleset: Ruleset, hook: Hook, type: "filter" | "nat"): readonly ChainOfTable[] {
  const known = chains.get(ruleset) ?? new Map<string, readonly ChainOfTable[]>();
  chains.set(ruleset, known);
  const key = `${hook} ${type}`;
  const found = known.get(key) ?? sortedChains(ruleset, hook, type);
  known.set(key, found);
  return found;
}

function sortedChains(ruleset: Ruleset, hook: Hook, type: "filter" | "nat"): readonly ChainOfTable[] {
  return ruleset.tables
    .flatMap((table) => [...table.chains.values()].map((chain) => ({ table, chain })))
    .filter(({ chain }) => chain.base?.hook === hook && chain.base.type === type)
    .sort((a, b) => (a.chain.base?.priority ?? 0) - (b.chain.base?.priority ?? 0));
}

/** What a hook lets through. Every filter chain of the hook must accept a packet. */
export function filter(ruleset: Ruleset, hook: Hook, crossing: Crossing, box: Packets): Verdicts {
  let through: PacketSet = [box];
  const dropped: Dropped[] = [];
  for (const { table, chain } of chainsAt(ruleset, hook, "filter")) {
    if (!handles(table, box)) continue;
    const accepted: Packets[] = [];
    for (const one of through) {
      const left = runChain({ table, crossing, chain, accepted, dropped, depth: 0 }, one);
      if (chain.base?.policy === "drop")
        dropped.push(...left.map((rest) => ({ packets: rest, rule: undefined, chain })));
      else accepted.push(...left);
    }
    through = joined(accepted);
  }
  return { accepted: through, dropped };
}

function handles(table: Table, box: Packets): boolean {
  return table.family === "inet" || (table.family === "ip") === (box.family === 4);
}

/** Runs a chain and gives what no rule decided. */
function runChain(run: Run, box: Packets): PacketSet {
  let left: PacketSet = [box];
  const returned: Packets[] = [];
  for (const step of stepsOf(run.chain)) {
    if (left.length === 0) break;
    if (step.type === "fan") {
      left = left.flatMap((one) => runFan(step.fan, run, one));
      continue;
    }
    const { rule } = step;
    const verdict = verdictOf(rule.statement, run.crossing.state);
    if (!verdict) continue;
    const hits = left.map((one) => matched(rule.match, run.crossing, one)).filter((one) => one !== undefined);
    if (hits.length === 0) continue;
    for (const hit of hits) left = left.flatMap((one) => withoutPackets(one, hit));
    for (const hit of hits) left = [...left, ...decide(run, verdict, hit, rule, returned)];
  }
  return [...left, ...returned];
}

/** Accepts what any rule of a fan matches; gives the rest. */
function runFan({ match, parts }: Fan, run: Run, box: Packets): PacketSet {
  const own = matched(match, run.crossing, box);
  if (!own) return [box];
  const hits: Packets[] = [];
  const rest: Packets[] = [];
  for (const { addresses, services } of parts) {
    const destinations = intersect(own.destinations, addresses);
    if (destinations.length === 0) continue;
    const both = intersectServices(own.services, services);
    if (both.length === 0) continue;
    hits.push({ ...own, destinations, services: both });
    const others = withoutServices(own.services, both);
    if (others.length > 0) rest.push({ ...own, destinations, services: others });
  }
  if (hits.length === 0) return [box];
  for (const hit of hits) run.accepted.push(hit);
  const asked = uniteAll(hits.map((one) => one.destinations));
  const beside = [
    packets(box.family, without(box.sources, own.sources), box.destinations, box.services),
    packets(box.family, own.sources, without(own.destinations, asked), box.services),
  ].filter((one) => one !== undefined);
  return [...beside, ...rest];
}

/** Carries a verdict out; gives the packets that go on with the next rule. */
function decide(run: Run, verdict: Verdict, hit: Packets, rule: NftRule, returned: Packets[]): PacketSet {
  if ("chain" in verdict) {
    const chain = run.table.chains.get(verdict.chain);
    // A jump to a chain that is not there does not load; sixteen is the depth that the kernel allows.
    if (!chain || run.depth > 16) run.dropped.push({ packets: hit, rule, chain: run.chain });
    else {
      const back = runChain({ ...run, chain, depth: run.depth + 1 }, hit);
      if (verdict.type === "jump") return back;
      returned.push(...back);
    }
  } else if (verdict.type === "accept") run.accepted.push(hit);
  else if (verdict.type === "drop") run.dropped.push({ packets: hit, rule, chain: run.chain });
  else returned.push(hit);
  return [];
}

function verdictOf(statement: Statement, state: State): Verdict | undefined {
  if (statement.type === "verdict") return statement.verdict;
  return statement.type === "states" ? statement.verdicts.get(state) : undefined;
}

/** The part of a box that a rule matches. */
export function matched(match: Match, crossing: Crossing, box: Packets): Packets | undefined {
  if (match.families && !match.families.includes(box.family)) return undefined;
  if (match.incoming && !namesInterface(match.incoming, crossing.incoming)) return undefined;
  if (match.outgoing && !namesInterface(match.outgoing, crossing.outgoing)) return undefined;
  if (match.states && !match.states.includes(crossing.state)) return undefined;
  if (match.translated && !crossing.translated) return undefined;
  const { sources, destinations, services } = match;
  if (!sources && !destinations && !services) return box;
  return packets(
    box.family,
    sources ? intersect(box.sources, sources) : box.sources,
    destinations ? intersect(box.destinations, destinations) : box.destinations,
    services ? intersectServices(box.services, services) : box.services,
  );
}

function namesInterface({ not, names }: InterfaceMatch, name: string | undefined): boolean {
  const hit = names.some((one) => (one.endsWith("*") ? (name ?? "").startsWith(one.slice(0, -1)) : one === name));
  return hit !== not;
}

/** Whether a rule matches all packets of a box. */
export function matchesAll(match: Match, crossing: Crossing, box: Packets): boolean {
  const hit = matched(match, crossing, box);
  return (
    hit !== undefined &&
    !match.sometimes &&
    holdsAll(hit.sources, box.sources) &&
    holdsAll(hit.destinations, box.destinations)
  );
}
