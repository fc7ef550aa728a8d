import { groupBy } from "../../collections/group-by.ts";
import { listAllAddresses } from "../headerspace/address-set.ts";
import { anyService } from "../headerspace/service-set.ts";
import { type AddressedServices, splitByAddress } from "../headerspace/services-by-address.ts";
import type { Chain, Match, NftRule } from "./ruleset.ts";

/** Rules that accept, one after the other, and are alike but for destinations and services. Their order is of no weight. */
export interface RuleFan {
  readonly match: Match;
  /** No two of them share a destination. */
  readonly parts: readonly AddressedServices[];
}

/** What a chain does in turn: a rule, or many at once. */
export type ChainStep =
  | { readonly type: "rule"; readonly rule: NftRule }
  | { readonly type: "fan"; readonly fan: RuleFan };

const known = new WeakMap<Chain, readonly ChainStep[]>();

/** Rules of a chain, long runs of rules that accept taken together: every packet is then held against each run once. */
export function listChainSteps(chain: Chain): readonly ChainStep[] {
  const before = known.get(chain);
  if (before) return before;
  const steps: ChainStep[] = [];
  let run: NftRule[] = [];
  const close = () => {
    steps.push(...(run.length < FEW ? run.map(single) : fans(run)));
    run = [];
  };
  for (const rule of chain.rules) {
    if (accepts(rule)) run.push(rule);
    else {
      close();
      steps.push(single(rule));
    }
  }
  close();
  known.set(chain, steps);
  return steps;
}

/** Below that, each by itself is faster. */
const FEW = 8;

function single(rule: NftRule): ChainStep {
  return { type: "rule", rule };
}

function accepts({ statement, match }: NftRule): boolean {
  return statement.type === "verdict" && statement.verdict.type === "accept" && !match.sometimes;
}

function fans(run: readonly NftRule[]): readonly ChainStep[] {
  const alike = groupBy(run, ({ match: { destinations: _to, services: _what, ...rest } }) => formatMatch(rest));
  return [...alike.values()].map((rules): ChainStep => {
    const { destinations: _to, services: _what, ...match } = (rules[0] as NftRule).match;
    const families = match.families ?? [4, 6];
    const parts = rules.map(({ match: { destinations, services } }) => ({
      addresses: destinations ?? families.flatMap(listAllAddresses),
      services: services ?? anyService,
    }));
    return { type: "fan", fan: { match, parts: splitByAddress(parts) } };
  });
}

function formatMatch(match: Match): string {
  return JSON.stringify(match, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
