import type { Flow } from "../dataplane/flow.ts";
import type { Step } from "../dataplane/travel.ts";
import { intersectPackets, type Packets, packets } from "../headerspace/packet-set.ts";
import { nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { formatRoute } from "../model/pods/merge-nodes.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { firstRoute } from "../model/pods/routes.ts";
import { isolatingOn } from "../model/policies/attached-network.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { type Crossing, chainsAt, filter, matched } from "../nft/evaluate.ts";
import type { NftRule, Ruleset } from "../nft/ruleset.ts";
import type { Hop } from "./trace.ts";

/** What lets one packet of a flow go on, station by station, and its answer back. */
export function hopsOf(model: Model, flow: Flow, box: Packets): readonly Hop[] {
  const hops: Hop[] = [];
  for (const [index, step] of flow.steps.entries()) {
    hops.push(...stationOf(model, step, box, index === 0));
    if (step.sourcesBefore)
      hops.push({
        at: step.node.id,
        text: "translates the source to its own address",
        place: step.node.runtime.rulesAt,
      });
  }
  const { to } = flow;
  if (to.type === "tunnel")
    hops.push({
      at: to.gateway.id,
      text: `sends it encrypted through ${to.interface}`,
      place: to.gateway.runtime.tunnels.get(to.interface)?.place,
    });
  else if (to.type === "node") hops.push(arrival(model, to.node, flow, box));
  hops.push({ at: "the answer", text: answer(flow), place: undefined });
  return hops;
}

/** A rule whose sets are long, with their first members only. */
function shortened(rule: string): string {
  return rule.replaceAll(/\{ ([^{}]*) \}/g, (whole, members: string) => {
    const list = members.split(", ");
    return list.length <= SHOWN ? whole : `{ ${list.slice(0, 2).join(", ")}, and ${list.length - 2} more }`;
  });
}

const SHOWN = 8;

function answer({ steps, assumed }: Flow): string {
  if (assumed.length > 0) return `is taken for granted: ${assumed.join("; ")}`;
  const back = steps.map((step) => step.node.id).reverse();
  return `returns by ${back.join(" -> ")}, as an established connection`;
}

function stationOf(model: Model, step: Step, box: Packets, first: boolean): readonly Hop[] {
  const { node, outgoing, incoming } = step;
  const routed = firstRoute(node, box.destinations, box.family);
  const route: Hop = {
    at: node.id,
    text: `${first ? "sends" : "forwards"} by ${routed ? formatRoute(routed).replace(/ metric -?\d+/, "") : outgoing.name} on ${outgoing.domain}`,
    place: outgoing.network && placeIn(outgoing.network.manifest, "spec", "config"),
  };
  if (first) return [route, policyHop(model, node, outgoing, "egress", box)];
  const { ruleset } = node.runtime;
  if (!ruleset) return [route];
  const crossing = { incoming: incoming?.name, outgoing: outgoing.name, state: "new" as const, translated: false };
  const rule = acceptedBy(ruleset, "forward", crossing, box);
  const text = rule ? `its rule \`${shortened(rule.text)}\` accepts` : "its forward chain accepts";
  return [{ at: node.id, text, place: rule?.place ?? node.runtime.rulesAt }, route];
}

function arrival(model: Model, node: Node, flow: Flow, box: Packets): Hop {
  const link = node.interfaces.find((one) => one.domain === flow.medium);
  if (!link || node.type === "external") return { at: node.id, text: "receives it", place: node.place };
  return policyHop(model, node, link, "ingress", { ...box, sources: flow.arrived.sources });
}

/** The rule of a MultiNetworkPolicy that lets a packet in or out of an interface. */
function policyHop(model: Model, node: Node, link: Interface, direction: Direction, box: Packets): Hop {
  const way = direction === "egress" ? `out of ${link.name}` : `into ${link.name}`;
  const policies = isolatingOn(model, node, link, direction);
  if (policies.length === 0) return { at: node.id, text: `no policy is enforced ${way}`, place: node.place };
  for (const policy of policies)
    for (const rule of policy[direction] ?? []) {
      const blocks = rule.peers?.flatMap((peer) => (peer.type === "block" ? [peer.addresses] : [])) ?? [undefined];
      const hit = blocks.some((block) => {
        const side = block ?? (direction === "egress" ? box.destinations : box.sources);
        const [sources, destinations] = direction === "egress" ? [box.sources, side] : [side, box.destinations];
        const part = packets(box.family, sources, destinations, rule.services);
        return part !== undefined && intersectPackets(part, box) !== undefined;
      });
      if (hit)
        return {
          at: node.id,
          text: `${nameOf(policy.manifest)} lets it ${way}`,
          place: placeIn(policy.manifest, "spec", direction, rule.index),
        };
    }
  return { at: node.id, text: `its policies let it ${way}`, place: node.place };
}

/** The rule that accepts a packet, if a rule and not the policy of a chain does. */
function acceptedBy(ruleset: Ruleset, hook: "forward", crossing: Crossing, box: Packets): NftRule | undefined {
  if (filter(ruleset, hook, crossing, box).accepted.length === 0) return undefined;
  for (const { chain } of chainsAt(ruleset, hook, "filter"))
    for (const rule of chain.rules)
      if (
        rule.statement.type === "verdict" &&
        rule.statement.verdict.type === "accept" &&
        matched(rule.match, crossing, box)
      )
        return rule;
  return undefined;
}
