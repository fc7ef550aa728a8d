import type { Flow } from "../dataplane/flow.ts";
import type { FlowStep } from "../dataplane/packet-state.ts";
import { createBox, type HeaderBox, intersectBoxes } from "../headerspace/packet-set.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { formatRoute } from "../model/pods/merge-nodes.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { findFirstRoute } from "../model/pods/routes.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { listIsolatingPolicies } from "../model/policies/secondary-network.ts";
import { evaluateFilter, type FilterContext, findChains, matchPackets } from "../nft/evaluate.ts";
import type { NftRule, Ruleset } from "../nft/ruleset.ts";
import type { Hop } from "./trace.ts";

/** What lets one packet of a flow go on, station by station, and its answer back. */
export function listHops(model: Model, flow: Flow, box: HeaderBox): readonly Hop[] {
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
  else if (to.type === "node") hops.push(describeArrival(model, to.node, flow, box));
  hops.push({ at: "the answer", text: describeReply(flow), place: undefined });
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

function describeReply({ steps, assumed }: Flow): string {
  if (assumed.length > 0) return `is taken for granted: ${assumed.join("; ")}`;
  const back = steps.map((step) => step.node.id).reverse();
  return `returns by ${back.join(" -> ")}, as an established connection`;
}

function stationOf(model: Model, step: FlowStep, box: HeaderBox, first: boolean): readonly Hop[] {
  const { node, outgoing, incoming } = step;
  const routed = findFirstRoute(node, box.destinations, box.family);
  const route: Hop = {
    at: node.id,
    text: `${first ? "sends" : "forwards"} by ${routed ? formatRoute(routed).replace(/ metric -?\d+/, "") : outgoing.name} on ${outgoing.domain}`,
    place: outgoing.network && locateInManifest(outgoing.network.manifest, "spec", "config"),
  };
  if (first) return [route, policyHop(model, node, outgoing, "egress", box)];
  const { ruleset } = node.runtime;
  if (!ruleset) return [route];
  const crossing = { incoming: incoming?.name, outgoing: outgoing.name, state: "new" as const, translated: false };
  const rule = acceptedBy(ruleset, "forward", crossing, box);
  const text = rule ? `its rule \`${shortened(rule.text)}\` accepts` : "its forward chain accepts";
  return [{ at: node.id, text, place: rule?.place ?? node.runtime.rulesAt }, route];
}

function describeArrival(model: Model, node: Node, flow: Flow, box: HeaderBox): Hop {
  const link = node.interfaces.find((one) => one.domain === flow.medium);
  if (!link || node.type === "external") return { at: node.id, text: "receives it", place: node.place };
  return policyHop(model, node, link, "ingress", { ...box, sources: flow.arrived.sources });
}

/** The rule of a MultiNetworkPolicy that lets a packet in or out of an interface. */
function policyHop(model: Model, node: Node, link: Interface, direction: Direction, box: HeaderBox): Hop {
  const way = direction === "egress" ? `out of ${link.name}` : `into ${link.name}`;
  const policies = listIsolatingPolicies(model, node, link, direction);
  if (policies.length === 0) return { at: node.id, text: `no policy is enforced ${way}`, place: node.place };
  for (const policy of policies)
    for (const rule of policy[direction] ?? []) {
      const blocks = rule.peers?.flatMap((peer) => (peer.type === "block" ? [peer.addresses] : [])) ?? [undefined];
      const hit = blocks.some((block) => {
        const side = block ?? (direction === "egress" ? box.destinations : box.sources);
        const [sources, destinations] = direction === "egress" ? [box.sources, side] : [side, box.destinations];
        const part = createBox(box.family, sources, destinations, rule.services);
        return part !== undefined && intersectBoxes(part, box) !== undefined;
      });
      if (hit)
        return {
          at: node.id,
          text: `${formatName(policy.manifest)} lets it ${way}`,
          place: locateInManifest(policy.manifest, "spec", direction, rule.index),
        };
    }
  return { at: node.id, text: `its policies let it ${way}`, place: node.place };
}

/** The rule that accepts a packet, if a rule and not the policy of a chain does. */
function acceptedBy(ruleset: Ruleset, hook: "forward", crossing: FilterContext, box: HeaderBox): NftRule | undefined {
  if (evaluateFilter(ruleset, hook, crossing, box).accepted.length === 0) return undefined;
  for (const { chain } of findChains(ruleset, hook, "filter"))
    for (const rule of chain.rules)
      if (
        rule.statement.type === "verdict" &&
        rule.statement.verdict.type === "accept" &&
        matchPackets(rule.match, crossing, box)
      )
        return rule;
  return undefined;
}
