import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { countAddressBits, formatAddress } from "../../net/address.ts";
import { toSingleRange } from "../../net/range.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { hasCommonAddress } from "../headerspace/address-set.ts";
import { createBox } from "../headerspace/packet-set.ts";
import { otherProtocols } from "../headerspace/service-set.ts";
import { readList, readTexts } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { evaluateFilter, findChains } from "../nft/evaluate.ts";
import type { ConnectionState, NftRule } from "../nft/ruleset.ts";
import { verifyRules } from "../rules.ts";
import { checkRequiredReplies } from "./required-replies.ts";

/** Gateways that forward before they filter, whose members disagree, or whose members cannot hear each other. */
export function checkGateways(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const gateways = model.nodes.filter((node) => node.type === "gateway" && !watch.isExternallyManaged(node));
  const routers = new Map(watch.expected.interfaces.map((leg) => [`${leg.gateway} ${leg.interface}`, leg.routerId]));
  return [
    ...gateways.flatMap((node) => [
      ...checkOpenStart(node),
      ...disagreeing(node),
      ...elections(node, routers),
      ...checkRequiredReplies(node),
    ]),
    ...split(gateways),
  ];
}

function checkOpenStart(node: Node): readonly Diagnostic[] {
  const place = node.runtime.rulesAt ?? node.place;
  const say = (why: string) => verifyRules.diagnose("fails-open", place, { gateway: node.id, why });
  const found = node.runtime.early.map(say);
  const { ruleset } = node.runtime;
  if (!node.forwards4 && !node.forwards6) return found;
  if (!ruleset) return [...found, say("it forwards packets and loads no rules")];
  const chains = findChains(ruleset, "forward", "filter");
  if (!chains.some(({ chain }) => chain.base?.policy === "drop"))
    found.push(say("no forward chain has the policy drop, so what no rule names gets through"));
  const rules = chains.flatMap(({ chain }) => chain.rules);
  if (rules.some((rule) => acceptsByState(rule, "invalid")))
    found.push(say("it forwards packets of no known connection"));
  for (const hook of ["input", "output"] as const)
    if (!findChains(ruleset, hook, "filter").some(({ chain }) => chain.base?.policy === "drop"))
      found.push(say(`no ${hook} chain has the policy drop`));
  return found;
}

/** Whether a rule lets packets of a state through by that state alone. */
function acceptsByState({ match, statement }: NftRule, state: ConnectionState): boolean {
  if (statement.type === "states") return statement.verdicts.get(state)?.type === "accept";
  return match.states?.includes(state) === true && statement.type === "verdict" && statement.verdict.type === "accept";
}

/** VRRP: instances that must move together, peers that must hear each other, sources that must be their own. */
function disagreeing(node: Node): readonly Diagnostic[] {
  const { vrrp, groups, ruleset } = node.runtime;
  const what = `keepalived of ${node.id}`;
  const say = (why: string) => verifyRules.diagnose("no-traffic", node.runtime.rulesAt ?? node.place, { what, why });
  const found: Diagnostic[] = node.runtime.misplaced.map(say);
  const apart = vrrp.filter((one) => !groups.some((group) => group.includes(one.name)));
  if (vrrp.length > 1 && (apart.length > 0 || groups.length > 1))
    found.push(say(`${(apart[0] ?? vrrp[0])?.name} does not move together with the other legs`));
  for (const one of vrrp) {
    const link = node.interfaces.find((other) => other.name === one.interface);
    for (const virtual of one.virtual)
      if (virtual.address.prefix === countAddressBits(virtual.address.address.family))
        found.push(say(`${formatAddress(virtual.address.address)} of ${one.name} has no subnet`));
    for (const peer of one.peers) {
      const box = createBox(peer.family, [toSingleRange(peer)], link?.addresses ?? [], otherProtocols);
      const crossing = { incoming: one.interface, outgoing: undefined, state: "new" as const, translated: false };
      const out = { incoming: undefined, outgoing: one.interface, state: "new" as const, translated: false };
      const sent = createBox(peer.family, link?.addresses ?? [], [toSingleRange(peer)], otherProtocols);
      if (ruleset && box && evaluateFilter(ruleset, "input", crossing, box).accepted.length === 0)
        found.push(say(`its rules do not let in what ${formatAddress(peer)} sends`));
      else if (ruleset && sent && evaluateFilter(ruleset, "output", out, sent).accepted.length === 0)
        found.push(say(`its rules do not let out what it sends to ${formatAddress(peer)}`));
      if (link && !hasCommonAddress(link.addresses, [toSingleRange(peer)]))
        found.push(say(`its peer ${formatAddress(peer)} is no member`));
    }
  }
  return [...found, ...capabilities(node)];
}

/** Members hear those of their own number only, and only one of them may be first. */
function elections(node: Node, routers: ReadonlyMap<string, number>): readonly Diagnostic[] {
  const place = node.runtime.rulesAt ?? node.place;
  const say = (why: string) => verifyRules.diagnose("no-traffic", place, { what: `keepalived of ${node.id}`, why });
  const seen = new Set<string>();
  return node.runtime.vrrp.flatMap(({ name, interface: link, routerId, priority, source, peers }) => {
    const meant = routers.get(`${node.intent} ${link}`);
    if (meant !== undefined && meant !== routerId)
      return [say(`${name} is virtual router ${routerId}, but must be ${meant} on that link`)];
    if (!Number.isInteger(priority) || priority < 1 || priority > 254)
      return [say(`${name} has the priority ${priority}, which no member may have`)];
    if (source && peers.some((one) => one.value === source.value))
      return [say(`${name} sends its adverts to ${formatAddress(source)}, which is itself`)];
    const key = `${name} ${priority}`;
    const twice = seen.has(key);
    seen.add(key);
    return twice ? [say(`two members have the priority ${priority} for ${name}`)] : [];
  });
}

/** Without these the kernel refuses rules (NET_ADMIN) and VRRP (NET_RAW). */
function capabilities(node: Node): readonly Diagnostic[] {
  const containers = readList(node.pod?.spec, "containers");
  const given = new Set(containers.flatMap((one) => readTexts(one, "securityContext", "capabilities", "add")));
  const needed = node.runtime.vrrp.length > 0 ? ["NET_ADMIN", "NET_RAW"] : ["NET_ADMIN"];
  const lacking = needed.filter((one) => !given.has(one));
  if (lacking.length === 0) return [];
  const why = `it lacks ${lacking.join(" and ")}, which its commands need`;
  return [verifyRules.diagnose("no-traffic", node.place, { what: node.id, why })];
}

/** Members that share addresses must be alike: which of them answers is decided at run time. */
function split(gateways: readonly Node[]): readonly Diagnostic[] {
  const first = new Map<string, Node>();
  return gateways.flatMap((other) => {
    if (other.intent === undefined) return [];
    const key = `${other.namespace} ${other.intent}`;
    const one = first.get(key);
    if (!one) first.set(key, other);
    if (!one) return [];
    const why = `${other.id} of the same gateway has other rules, links or routes`;
    return [verifyRules.diagnose("no-traffic", one.place, { what: one.id, why })];
  });
}
