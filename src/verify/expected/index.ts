import { pushTo } from "../../collections/push-to.ts";
import type { ExpectedEnd } from "../../ir/expects.ts";
import type { Place } from "../../source/place.ts";
import type { Flow, FlowEnd } from "../dataplane/flow.ts";
import { idsOf, type Node } from "../model/pods/node.ts";
import { zonesByNamespace } from "../report/describe.ts";
import { podsKey } from "./end-key.ts";
import { addressesMeant, namesPod } from "./ends.ts";
import type { Meaning, MeantFlow, MeantNetwork, MeantZone } from "./expected.ts";
import { type MeantTogether, takeTogether } from "./together.ts";

/** What is watched, and what is meant there, by look-up. */
export interface Watch {
  readonly meaning: Meaning;
  readonly zones: ReadonlyMap<string, MeantZone>;
  zoneOf(end: FlowEnd): MeantZone | undefined;
  /** Whether a zone's border, a device or a tunnel is concerned; zones under audit are not, yet. */
  concerns(from: FlowEnd, to: FlowEnd): boolean;
  /** The network on which a flow leaves or arrives, where all traffic is watched whatever its ends are. */
  networkOf(flow: Flow): MeantNetwork | undefined;
  adopted(node: Node): boolean;
  gatewayIntent(node: Node): string | undefined;
  /** Flows over attached networks whose ends may be those of a flow. */
  meantFor(flow: Flow): readonly MeantFlow[];
  /** The same, those between the same ends by the same way as one. */
  meantTogether(flow: Flow): readonly MeantTogether[];
  /** All flows over attached networks, taken together. */
  readonly together: readonly MeantTogether[];
  placeOf(flow: Flow): Place | undefined;
  /** Equal for pods that the intents treat alike on networks of their own. */
  told(node: Node): string;
}

export function watch(meaning: Meaning): Watch {
  const zones = zonesByNamespace(meaning.zones);
  const adoptedBy = new Map(meaning.adopted.flatMap((one) => one.nodes.map((node) => [node, one.intent] as const)));
  const attached = meaning.flows.filter((one) => one.over === "attached");
  const keyed = indexed(attached);
  const together = takeTogether(attached);
  const togetherKeyed = indexed(together);
  const networks = new Map(meaning.networks.map((one) => [one.id, one]));
  const zoneOf = (end: FlowEnd) => (end.type === "node" ? zones.get(end.node.namespace) : undefined);
  return {
    meaning,
    zones,
    zoneOf,
    concerns(from, to) {
      const ends = [from, to];
      const found = ends.map(zoneOf).filter((zone) => zone !== undefined);
      if (found.some((zone) => !zone.audit)) return true;
      return (
        found.length === 0 &&
        ends.some((end) => end.type === "tunnel" || (end.type === "node" && end.node.type === "external"))
      );
    },
    networkOf(flow) {
      if (networks.size === 0) return undefined;
      return (
        onNetwork(flow.to, flow.medium, networks) ?? onNetwork(flow.from, flow.steps[0]?.outgoing.domain, networks)
      );
    },
    adopted: (node) => adoptedBy.has(node.id),
    gatewayIntent: (node) => adoptedBy.get(node.id) ?? node.intent,
    meantFor(flow) {
      const own = keysOf(flow.from, zoneOf).flatMap((key) => keyed.get(key) ?? []);
      return own.filter((one) => addressesMeant(one.from, flow.from) && addressesMeant(one.to, flow.to));
    },
    together,
    meantTogether(flow) {
      const own = keysOf(flow.from, zoneOf).flatMap((key) => togetherKeyed.get(key) ?? []);
      return own.filter((one) => addressesMeant(one.from, flow.from) && addressesMeant(one.to, flow.to));
    },
    placeOf(flow) {
      const end = flow.to.type === "node" ? flow.to.node : flow.from.type === "node" ? flow.from.node : undefined;
      return end?.place;
    },
    told: tellApart(attached, zones),
  };
}

/** By zone, or by namespace where there is none, and by the ends that name a pod. */
function tellApart(flows: readonly MeantFlow[], zones: ReadonlyMap<string, MeantZone>): (node: Node) => string {
  const ends = new Map(flows.flatMap((one) => [one.from, one.to]).map((end) => [podsKey(end), end] as const));
  const byNamespace = new Map<string, (readonly [id: number, end: ExpectedEnd])[]>();
  for (const [id, end] of [...ends.values()].entries())
    for (const name of end.workload ? [end.workload.namespace] : end.namespaces)
      pushTo(byNamespace, name, [id, end] as const);
  return (node) => {
    const named = (byNamespace.get(node.namespace) ?? []).filter(([, end]) => namesPod(end, node));
    const zone = zones.get(node.namespace)?.id ?? `namespace ${node.namespace}`;
    return `${zone} ${named.map(([id]) => id).join(",")}`;
  };
}

function onNetwork(
  end: FlowEnd,
  domain: string | undefined,
  networks: ReadonlyMap<string, MeantNetwork>,
): MeantNetwork | undefined {
  if (end.type !== "node" || domain === undefined) return undefined;
  const on = end.node.interfaces.find((one) => one.domain === domain && one.type !== "default");
  const id = end.node.type === "external" ? end.node.id : on?.network?.manifest.intent;
  return on && id !== undefined ? networks.get(id) : undefined;
}

/** Meant flows by who asks, so that a thousand zones are not asked about each flow. */
function indexed<One extends MeantFlow>(flows: readonly One[]): ReadonlyMap<string, readonly One[]> {
  const keyed = new Map<string, One[]>();
  const put = (key: string, flow: One) => pushTo(keyed, key, flow);
  for (const flow of flows) {
    const { from } = flow;
    if (from.workload) put(`${from.workload.kind} ${from.workload.namespace}/${from.workload.name}`, flow);
    else if (from.party !== undefined) put(from.party, flow);
    else put("*", flow);
  }
  return keyed;
}

function keysOf(end: FlowEnd, zoneOf: (end: FlowEnd) => MeantZone | undefined): readonly string[] {
  if (end.type === "outside") return ["*"];
  if (end.type === "tunnel") return ["*", end.gateway.intent ?? ""];
  const zone = zoneOf(end)?.id;
  return ["*", ...idsOf(end.node), ...(zone === undefined ? [] : [zone]), ...partiesOn(end.node)];
}

/** Networks that a pod is attached to also name it: members of an external network. */
function partiesOn(node: Node): readonly string[] {
  const intents = node.interfaces.map((one) => one.network?.manifest.intent).filter((one) => one !== undefined);
  return [...new Set(intents)];
}
