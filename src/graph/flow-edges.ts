import type { ExternalDevices } from "../ir/expects.ts";
import type { AllowedFlow, AllowedFlowEnd, Plan } from "../ir/plan.ts";
import { formatCidr } from "../net/cidr.ts";
import { subtractAddresses, toAddressSet } from "../verify/headerspace/address-set.ts";
import { formatRemoteId, formatServiceList, parseIntentName } from "./build-graph.ts";
import type { GraphEdge } from "./graph.ts";

type Known = ReadonlyMap<string, ExternalDevices>;

/** What gateways let through, one edge from a party to the first gateway of its way with all that goes there. */
export function buildFlowEdges(plan: Plan, devices: readonly ExternalDevices[]): GraphEdge[] {
  const found = new Map<string, { edge: GraphEdge; labels: string[] }>();
  const put = (from: string, to: string, kind: GraphEdge["kind"], label: string | undefined) => {
    const key = JSON.stringify([from, to, kind]);
    const one = found.get(key) ?? { edge: { from, to, kind, labels: [] }, labels: [] };
    if (label !== undefined && !one.labels.includes(label)) one.labels.push(label);
    found.set(key, one);
  };
  const known = new Map(devices.map((one) => [one.id, one]));
  for (const crossing of plan.allowedFlows.filter((one) => one.through.length > 0)) {
    const { through } = crossing;
    const tunnelled = crossing.to.party !== undefined && crossing.to.party === through.at(-1);
    const entering = crossing.from.party !== undefined && crossing.from.party === through[0];
    const from = entering ? [formatRemoteId(crossing.from.party as string)] : idsOf(crossing.from);
    const ends = [from, tunnelled ? [formatRemoteId(crossing.to.party as string)] : idsOf(crossing.to)] as const;
    for (const from of ends[0])
      for (const to of ends[1]) {
        const way = [from, ...through, to];
        way.slice(1).forEach((next, index) => {
          const last = index === way.length - 2;
          const label = index === 0 ? labelOf(crossing, tunnelled, known) : undefined;
          const inTunnel = (last && tunnelled) || (index === 0 && entering);
          put(way[index] as string, next, inTunnel ? "tunnel" : "allowed", label);
        });
      }
  }
  return [...found.values()].map(({ edge, labels }) => ({ ...edge, labels }));
}

function idsOf({ party, cidrs, namespaces }: AllowedFlowEnd): readonly string[] {
  if (party !== undefined) return [party];
  return namespaces.length > 0 ? namespaces.map((name) => `namespace/${name}`) : cidrs.map(formatCidr);
}

/** What is allowed on a network itself, one line for an entry: `smf to upf: udp/8805`. */
export function formatTrafficLines(crossings: readonly AllowedFlow[], devices: Known): readonly string[] {
  const own = crossings.filter((one) => one.through.length === 0);
  const name = (end: AllowedFlowEnd) => end.workload?.name ?? hostOf(end, devices) ?? "members";
  return own.map(({ from, to, services }) => `${name(from)} to ${name(to)}: ${formatServiceList(services)}`);
}

/** `api: tcp/50000 to db2 of mainframe`. */
function labelOf({ from, to, services }: AllowedFlow, tunnelled: boolean, known: Known): string {
  const who = from.workload ? `${from.workload.name}: ` : "";
  if (tunnelled) return `${who}${formatServiceList(services)}`;
  const party = to.party === undefined ? to.cidrs.map(formatCidr).join(" ") : parseIntentName(to.party);
  const part = to.workload?.name ?? hostOf(to, known);
  return `${who}${formatServiceList(services)} to ${part === undefined ? party : `${part} of ${party}`}`;
}

/** The host that an end means, where it means no more than that. */
function hostOf({ party, cidrs }: AllowedFlowEnd, known: Known): string | undefined {
  const hosts = (party === undefined ? undefined : known.get(party))?.hosts ?? [];
  return hosts.find((host) => subtractAddresses(toAddressSet(cidrs), toAddressSet(host.cidrs)).length === 0)?.name;
}
