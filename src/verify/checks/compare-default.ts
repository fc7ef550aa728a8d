import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { hostCidr } from "../../net/cidr.ts";
import type { DefaultFlow, DefaultGroup, OutsideFlow } from "../dataplane/flow.ts";
import { namesPod } from "../expected/ends.ts";
import type { MeantEnd, MeantFlow } from "../expected/expected.ts";
import type { Watch } from "../expected/index.ts";
import { type AddressSet, formatSet, intersect, lowest, setOfCidrs, without } from "../headerspace/address-set.ts";
import {
  formatServices,
  type ServiceSet,
  setOfServices,
  uniteServices,
  withoutServices,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { endName, nodeParty } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** Meant flows over eth0, by the namespaces of both ends. */
interface MeantOnDefault {
  flows(from: Node, to: Node): readonly MeantFlow[];
  services(from: Node, to: Node): ServiceSet;
  outside(node: Node, direction: OutsideFlow["direction"]): readonly MeantFlow[];
}

export function meantOnDefault(watch: Watch): MeantOnDefault {
  const flows = watch.meaning.flows.filter((one) => one.over === "eth0");
  const byEnd = (end: "from" | "to") => {
    const keyed = new Map<string, MeantFlow[]>();
    for (const flow of flows) for (const name of namesOf(flow[end])) listAt(keyed, name).push(flow);
    return keyed;
  };
  const [bySender, byReceiver] = [byEnd("from"), byEnd("to")];
  const flowsOf = (from: Node, to: Node) =>
    (bySender.get(from.namespace) ?? []).filter((one) => namesPod(one.from, from) && namesPod(one.to, to));
  return {
    flows: flowsOf,
    services: (from, to) => uniteServices(...flowsOf(from, to).map((one) => setOfServices(one.services))),
    outside(node, direction) {
      const [own, far] = direction === "egress" ? (["from", "to"] as const) : (["to", "from"] as const);
      const list = (direction === "egress" ? bySender : byReceiver).get(node.namespace) ?? [];
      return list.filter((one) => namesPod(one[own], node) && one[far].cidrs.length > 0);
    },
  };
}

function listAt<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function namesOf(end: MeantEnd): readonly string[] {
  return end.workload ? [end.workload.namespace] : end.namespaces;
}

interface Excess {
  readonly from: Node;
  readonly to: Node;
  readonly services: ServiceSet;
}

/** Connections by eth0 that cross a zone's border and that nobody means. */
export function unexpectedOnDefault(flows: readonly DefaultFlow[], watch: Watch): readonly Diagnostic[] {
  const meant = meantOnDefault(watch);
  const groups = new Map<string, Excess[]>();
  for (const flow of flows) {
    if (!guarded(flow.from, watch) && !guarded(flow.to, watch)) continue;
    for (const from of distinct(flow.from))
      for (const to of distinct(flow.to)) {
        if (!borders(from, to, watch)) continue;
        const services = withoutServices(flow.services, meant.services(from, to));
        if (services.length === 0) continue;
        const key = `${nodeParty(from, watch.zones)} | ${nodeParty(to, watch.zones)}`;
        const list = groups.get(key);
        if (list) list.push({ from, to, services });
        else groups.set(key, [{ from, to, services }]);
      }
  }
  return [...groups.values()].map((list) => backDoor(list, watch));
}

/** Pods of a namespace that a group holds; labels tell apart whom meant flows name, so each is kept. */
function distinct(group: DefaultGroup): readonly Node[] {
  return group.nodes;
}

function guarded(group: DefaultGroup, watch: Watch): boolean {
  return group.nodes.some((node) => isGuarded(node, watch));
}

/** Pods whose eth0 must be closed: those of a zone that enforces, and gateways. */
function isGuarded(node: Node, watch: Watch): boolean {
  const zone = watch.zones.get(node.namespace);
  return zone ? !zone.audit : node.type === "gateway" && !watch.adopted(node);
}

function borders(from: Node, to: Node, watch: Watch): boolean {
  return isGuarded(from, watch) || isGuarded(to, watch);
}

function backDoor(list: readonly Excess[], watch: Watch): Diagnostic {
  const { from, to } = list[0] as Excess;
  const inward = isGuarded(to, watch);
  const zone = watch.zones.get((inward ? to : from).namespace);
  const parameters = {
    zone: nodeParty(to, watch.zones),
    other: nodeParty(from, watch.zones),
    services: formatServices(uniteServices(...list.map((one) => one.services))).join(", "),
  };
  const notes = [`path: ${from.id} (eth0) -> the default network -> ${to.id} (eth0)`];
  const names = [...new Set(list.map((one) => `${one.from.id} to ${one.to.id}`))].slice(1, 4);
  if (names.length > 0) notes.push(`so do ${list.length - 1} more: ${names.join("; ")}`);
  return verifyRules.diagnose("back-door", zone?.origin ?? (inward ? to : from).place, parameters, { notes });
}

/** Connections of closed pods with the world beyond the cluster that nobody means. */
export function unexpectedOutside(flows: readonly OutsideFlow[], watch: Watch): readonly Diagnostic[] {
  const meant = meantOnDefault(watch);
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const flow of flows) {
    const { node, direction } = flow;
    if (!isGuarded(node, watch)) continue;
    const left = leftOutside(flow, [...meant.outside(node, direction), ...endpointsOf(node, direction)]);
    if (!left) continue;
    const party = nodeParty(node, watch.zones);
    const key = `${direction} ${party}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const world = `the world outside (${shortly(left.addresses)})`;
    const [from, to] = direction === "egress" ? [party, world] : [world, party];
    const service = formatServices(left.services).join(", ");
    const notes = [
      `path: ${endName({ type: "node", node })} (eth0) ${direction === "egress" ? "->" : "<-"} the node -> outside`,
    ];
    const place = watch.zones.get(node.namespace)?.origin ?? node.place;
    found.push(verifyRules.diagnose("unexpected-path", place, { from, to, service }, { notes }));
  }
  return found;
}

function shortly(set: AddressSet): string {
  const first = lowest(set);
  return set.length > 3 && first ? `${formatSet(set.slice(0, 2))} and more` : formatSet(set);
}

/** What is left when every meant part is taken out: addresses of one service set at a time. */
function leftOutside(flow: OutsideFlow, meant: readonly Pick<MeantFlow, "from" | "to" | "services">[]) {
  const far = flow.direction === "egress" ? "to" : "from";
  let parts: { addresses: AddressSet; services: ServiceSet }[] = [flow];
  for (const one of meant) {
    const addresses = setOfCidrs(one[far].cidrs);
    const services = setOfServices(one.services);
    parts = parts.flatMap((part) => [
      { addresses: without(part.addresses, addresses), services: part.services },
      { addresses: intersect(part.addresses, addresses), services: withoutServices(part.services, services) },
    ]);
    parts = parts.filter((part) => part.addresses.length > 0 && part.services.length > 0);
  }
  return parts[0];
}

/** The encrypted flow of a gateway's own tunnels is what its eth0 is for. */
function endpointsOf(node: Node, direction: OutsideFlow["direction"]) {
  if (direction === "ingress") return [];
  const none: MeantEnd = { party: undefined, cidrs: [], namespaces: [], workload: undefined };
  return [...node.runtime.tunnels.values()].flatMap(({ endpoint }) => {
    if (!endpoint) return [];
    const to = { ...none, cidrs: [hostCidr(endpoint.address)] };
    const services = endpoint.ports.map((port) => ({ protocol: "udp" as const, first: port, last: port }));
    return [{ from: none, to, services }];
  });
}

/** Services that are meant by eth0 and do not get through. */
export function missingOnDefault(model: Model, flows: readonly DefaultFlow[], watch: Watch): readonly Diagnostic[] {
  const reached = new Map<Node, DefaultFlow[]>();
  for (const flow of flows) for (const node of flow.from.nodes) reached.set(node, [...(reached.get(node) ?? []), flow]);
  const byNamespace = new Map<string, Node[]>();
  for (const node of model.nodes) listAt(byNamespace, node.namespace).push(node);
  const pods = (end: MeantEnd) =>
    namesOf(end)
      .flatMap((name) => byNamespace.get(name) ?? [])
      .filter((node) => !node.hostNetwork && namesPod(end, node));
  const found: Diagnostic[] = [];
  for (const meant of watch.meaning.flows.filter((one) => one.over === "eth0")) {
    const missing = firstMissing(pods(meant.from), pods(meant.to), meant, reached);
    if (!missing) continue;
    const parameters = {
      from: missing.from.id,
      to: missing.to.id,
      service: formatServices(missing.services).join(", "),
    };
    const notes = ["path: by eth0, over the default network"];
    found.push(verifyRules.diagnose("missing-path", meant.origin, parameters, { notes }));
  }
  return found;
}

function firstMissing(
  from: readonly Node[],
  to: readonly Node[],
  meant: MeantFlow,
  reached: ReadonlyMap<Node, readonly DefaultFlow[]>,
): Excess | undefined {
  const wanted = setOfServices(meant.services);
  for (const sender of from) {
    const flows = reached.get(sender) ?? [];
    for (const receiver of to) {
      const passing = flows.filter((flow) => flow.to.nodes.includes(receiver)).map((flow) => flow.services);
      const services = withoutServices(wanted, uniteServices(...passing));
      if (services.length > 0) return { from: sender, to: receiver, services };
    }
  }
  return undefined;
}
