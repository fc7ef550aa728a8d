import {
  containsAddresses,
  intersectAddresses,
  subtractAddresses,
  uniteAllAddresses,
} from "../headerspace/address-set.ts";
import { createBox, type HeaderBox, type HeaderSpace, mergeBoxes, subtractBox } from "../headerspace/packet-set.ts";
import { intersectServices, subtractServices } from "../headerspace/service-set.ts";
import type {
  Chain,
  ConnectionState,
  Hook,
  InterfaceMatch,
  Match,
  NftRule,
  Ruleset,
  Statement,
  Table,
  Verdict,
} from "./ruleset.ts";
import { listChainSteps, type RuleFan } from "./steps.ts";

/** What is the same for all packets of a question. */
export interface FilterContext {
  readonly incoming: string | undefined;
  readonly outgoing: string | undefined;
  readonly state: ConnectionState;
  /** Whether the destination was translated before. */
  readonly translated: boolean;
}

export interface DroppedPackets {
  readonly packets: HeaderBox;
  /** The rule that drops; undefined for the policy of the chain. */
  readonly rule: NftRule | undefined;
  readonly chain: Chain;
}

export interface FilterResult {
  readonly accepted: HeaderSpace;
  readonly dropped: readonly DroppedPackets[];
}

interface Run {
  readonly table: Table;
  readonly crossing: FilterContext;
  readonly chain: Chain;
  readonly accepted: HeaderBox[];
  readonly dropped: DroppedPackets[];
  readonly depth: number;
}

interface ChainOfTable {
  readonly table: Table;
  readonly chain: Chain;
}

const chains = new WeakMap<Ruleset, Map<string, readonly ChainOfTable[]>>();

/** The base chains of a hook, in the order the kernel asks them. */
export function findChains(ruleset: Ruleset, hook: Hook, type: "filter" | "nat"): readonly ChainOfTable[] {
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
export function evaluateFilter(ruleset: Ruleset, hook: Hook, crossing: FilterContext, box: HeaderBox): FilterResult {
  let through: HeaderSpace = [box];
  const dropped: DroppedPackets[] = [];
  for (const { table, chain } of findChains(ruleset, hook, "filter")) {
    if (!handles(table, box)) continue;
    const accepted: HeaderBox[] = [];
    for (const one of through) {
      const left = runChain({ table, crossing, chain, accepted, dropped, depth: 0 }, one);
      if (chain.base?.policy === "drop")
        dropped.push(...left.map((rest) => ({ packets: rest, rule: undefined, chain })));
      else accepted.push(...left);
    }
    through = mergeBoxes(accepted);
  }
  return { accepted: through, dropped };
}

function handles(table: Table, box: HeaderBox): boolean {
  return table.family === "inet" || (table.family === "ip") === (box.family === 4);
}

/** Runs a chain and gives what no rule decided. */
function runChain(run: Run, box: HeaderBox): HeaderSpace {
  let left: HeaderSpace = [box];
  const returned: HeaderBox[] = [];
  for (const step of listChainSteps(run.chain)) {
    if (left.length === 0) break;
    if (step.type === "fan") {
      left = left.flatMap((one) => runFan(step.fan, run, one));
      continue;
    }
    const { rule } = step;
    const verdict = verdictOf(rule.statement, run.crossing.state);
    if (!verdict) continue;
    const hits = left.map((one) => matchPackets(rule.match, run.crossing, one)).filter((one) => one !== undefined);
    if (hits.length === 0) continue;
    for (const hit of hits) left = left.flatMap((one) => subtractBox(one, hit));
    for (const hit of hits) left = [...left, ...decide(run, verdict, hit, rule, returned)];
  }
  return [...left, ...returned];
}

/** Accepts what any rule of a fan matches; gives the rest. */
function runFan({ match, parts }: RuleFan, run: Run, box: HeaderBox): HeaderSpace {
  const own = matchPackets(match, run.crossing, box);
  if (!own) return [box];
  const hits: HeaderBox[] = [];
  const rest: HeaderBox[] = [];
  for (const { addresses, services } of parts) {
    const destinations = intersectAddresses(own.destinations, addresses);
    if (destinations.length === 0) continue;
    const both = intersectServices(own.services, services);
    if (both.length === 0) continue;
    hits.push({ ...own, destinations, services: both });
    const others = subtractServices(own.services, both);
    if (others.length > 0) rest.push({ ...own, destinations, services: others });
  }
  if (hits.length === 0) return [box];
  for (const hit of hits) run.accepted.push(hit);
  const asked = uniteAllAddresses(hits.map((one) => one.destinations));
  const beside = [
    createBox(box.family, subtractAddresses(box.sources, own.sources), box.destinations, box.services),
    createBox(box.family, own.sources, subtractAddresses(own.destinations, asked), box.services),
  ].filter((one) => one !== undefined);
  return [...beside, ...rest];
}

/** Carries a verdict out; gives the packets that go on with the next rule. */
function decide(run: Run, verdict: Verdict, hit: HeaderBox, rule: NftRule, returned: HeaderBox[]): HeaderSpace {
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

function verdictOf(statement: Statement, state: ConnectionState): Verdict | undefined {
  if (statement.type === "verdict") return statement.verdict;
  return statement.type === "states" ? statement.verdicts.get(state) : undefined;
}

/** The part of a box that a rule matches. */
export function matchPackets(match: Match, crossing: FilterContext, box: HeaderBox): HeaderBox | undefined {
  if (match.families && !match.families.includes(box.family)) return undefined;
  if (match.incoming && !namesInterface(match.incoming, crossing.incoming)) return undefined;
  if (match.outgoing && !namesInterface(match.outgoing, crossing.outgoing)) return undefined;
  if (match.states && !match.states.includes(crossing.state)) return undefined;
  if (match.translated && !crossing.translated) return undefined;
  const { sources, destinations, services } = match;
  if (!sources && !destinations && !services) return box;
  return createBox(
    box.family,
    sources ? intersectAddresses(box.sources, sources) : box.sources,
    destinations ? intersectAddresses(box.destinations, destinations) : box.destinations,
    services ? intersectServices(box.services, services) : box.services,
  );
}

function namesInterface({ not, names }: InterfaceMatch, name: string | undefined): boolean {
  const hit = names.some((one) => (one.endsWith("*") ? (name ?? "").startsWith(one.slice(0, -1)) : one === name));
  return hit !== not;
}

/** Whether a rule matches all packets of a box. */
export function matchesWholeBox(match: Match, crossing: FilterContext, box: HeaderBox): boolean {
  const hit = matchPackets(match, crossing, box);
  return (
    hit !== undefined &&
    !match.sometimes &&
    containsAddresses(hit.sources, box.sources) &&
    containsAddresses(hit.destinations, box.destinations)
  );
}
