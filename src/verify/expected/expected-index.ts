import { pushTo } from "../../collections/push-to.ts";
import type { ExpectedEnd } from "../../ir/expects.ts";
import type { Place } from "../../source/place.ts";
import type { Flow, FlowEnd } from "../dataplane/flow.ts";
import { listWorkloadIds, type Node } from "../model/pods/node.ts";
import { indexZones } from "../report/describe.ts";
import { formatPodsKey } from "./end-key.ts";
import { findExpectedAddresses, matchesPod } from "./ends.ts";
import type { ExpectedFlow, ExpectedNetwork, ExpectedState, ExpectedZone } from "./expected.ts";
import { type ExpectedFlowGroup, groupFlows } from "./flow-groups.ts";

/** What is watched, and what is meant there, by look-up. */
export interface ExpectedIndex {
  readonly expected: ExpectedState;
  readonly zones: ReadonlyMap<string, ExpectedZone>;
  findZone(end: FlowEnd): ExpectedZone | undefined;
  /** Whether a zone's border, a device or a tunnel is concerned; zones under audit are not, yet. */
  isRelevant(from: FlowEnd, to: FlowEnd): boolean;
  /** The network on which a flow leaves or arrives, where all traffic is watched whatever its ends are. */
  findWatchedNetwork(flow: Flow): ExpectedNetwork | undefined;
  isExternallyManaged(node: Node): boolean;
  findGatewayIntent(node: Node): string | undefined;
  /** Flows over attached networks whose ends may be those of a flow. */
  findExpectedFlows(flow: Flow): readonly ExpectedFlow[];
  /** The same, those between the same ends by the same way as one. */
  findFlowGroups(flow: Flow): readonly ExpectedFlowGroup[];
  /** All flows over attached networks, taken together. */
  readonly flowGroups: readonly ExpectedFlowGroup[];
  findPlace(flow: Flow): Place | undefined;
  /** Equal for pods that the intents treat alike on networks of their own. */
  podClass(node: Node): string;
}

export function buildExpectedIndex(expected: ExpectedState): ExpectedIndex {
  const zones = indexZones(expected.zones);
  const adoptedBy = new Map(
    expected.externallyManaged.flatMap((one) => one.nodes.map((node) => [node, one.intent] as const)),
  );
  const attached = expected.flows.filter((one) => one.over === "attached");
  const keyed = indexByEnd(attached);
  const flowGroups = groupFlows(attached);
  const togetherKeyed = indexByEnd(flowGroups);
  const networks = new Map(expected.networks.map((one) => [one.id, one]));
  const findZone = (end: FlowEnd) => (end.type === "node" ? zones.get(end.node.namespace) : undefined);
  return {
    expected,
    zones,
    findZone,
    isRelevant(from, to) {
      const ends = [from, to];
      const found = ends.map(findZone).filter((zone) => zone !== undefined);
      if (found.some((zone) => !zone.audit)) return true;
      return (
        found.length === 0 &&
        ends.some((end) => end.type === "tunnel" || (end.type === "node" && end.node.type === "external"))
      );
    },
    findWatchedNetwork(flow) {
      if (networks.size === 0) return undefined;
      return (
        onNetwork(flow.to, flow.medium, networks) ?? onNetwork(flow.from, flow.steps[0]?.outgoing.domain, networks)
      );
    },
    isExternallyManaged: (node) => adoptedBy.has(node.id),
    findGatewayIntent: (node) => adoptedBy.get(node.id) ?? node.intent,
    findExpectedFlows(flow) {
      const own = keysOf(flow.from, findZone).flatMap((key) => keyed.get(key) ?? []);
      return own.filter((one) => findExpectedAddresses(one.from, flow.from) && findExpectedAddresses(one.to, flow.to));
    },
    flowGroups,
    findFlowGroups(flow) {
      const own = keysOf(flow.from, findZone).flatMap((key) => togetherKeyed.get(key) ?? []);
      return own.filter((one) => findExpectedAddresses(one.from, flow.from) && findExpectedAddresses(one.to, flow.to));
    },
    findPlace(flow) {
      const end = flow.to.type === "node" ? flow.to.node : flow.from.type === "node" ? flow.from.node : undefined;
      return end?.place;
    },
    podClass: tellApart(attached, zones),
  };
}

/** By zone, or by namespace where there is none, and by the ends that name a pod. */
function tellApart(flows: readonly ExpectedFlow[], zones: ReadonlyMap<string, ExpectedZone>): (node: Node) => string {
  const ends = new Map(flows.flatMap((one) => [one.from, one.to]).map((end) => [formatPodsKey(end), end] as const));
  const byNamespace = new Map<string, (readonly [id: number, end: ExpectedEnd])[]>();
  for (const [id, end] of [...ends.values()].entries())
    for (const name of end.workload ? [end.workload.namespace] : end.namespaces)
      pushTo(byNamespace, name, [id, end] as const);
  return (node) => {
    const named = (byNamespace.get(node.namespace) ?? []).filter(([, end]) => matchesPod(end, node));
    const zone = zones.get(node.namespace)?.id ?? `namespace ${node.namespace}`;
    return `${zone} ${named.map(([id]) => id).join(",")}`;
  };
}

function onNetwork(
  end: FlowEnd,
  domain: string | undefined,
  networks: ReadonlyMap<string, ExpectedNetwork>,
): ExpectedNetwork | undefined {
  if (end.type !== "node" || domain === undefined) return undefined;
  const on = end.node.interfaces.find((one) => one.domain === domain && one.type !== "default");
  const id = end.node.type === "external" ? end.node.id : on?.network?.manifest.intent;
  return on && id !== undefined ? networks.get(id) : undefined;
}

/** Meant flows by who asks, so that a thousand zones are not asked about each flow. */
function indexByEnd<One extends ExpectedFlow>(flows: readonly One[]): ReadonlyMap<string, readonly One[]> {
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

function keysOf(end: FlowEnd, zoneOf: (end: FlowEnd) => ExpectedZone | undefined): readonly string[] {
  if (end.type === "outside") return ["*"];
  if (end.type === "tunnel") return ["*", end.gateway.intent ?? ""];
  const zone = zoneOf(end)?.id;
  return ["*", ...listWorkloadIds(end.node), ...(zone === undefined ? [] : [zone]), ...partiesOn(end.node)];
}

/** Networks that a pod is attached to also name it: members of an external network. */
function partiesOn(node: Node): readonly string[] {
  const intents = node.interfaces.map((one) => one.network?.manifest.intent).filter((one) => one !== undefined);
  return [...new Set(intents)];
}
