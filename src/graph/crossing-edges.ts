import type { ExternalDevices } from "../ir/expects.ts";
import type { Crossing, CrossingEnd, Plan } from "../ir/plan.ts";
import { formatCidr } from "../net/cidr.ts";
import { setOfCidrs, without } from "../verify/headerspace/address-set.ts";
import { farId, nameOf, servicesText } from "./build-graph.ts";
import type { GraphEdge } from "./graph.ts";

type Known = ReadonlyMap<string, ExternalDevices>;

/** What gateways let through, one edge from a party to the first gateway of its way with all that goes there. */
export function crossingEdges(plan: Plan, devices: readonly ExternalDevices[]): GraphEdge[] {
  const found = new Map<string, { edge: GraphEdge; labels: string[] }>();
  const put = (from: string, to: string, kind: GraphEdge["kind"], label: string | undefined) => {
    const key = JSON.stringify([from, to, kind]);
    const one = found.get(key) ?? { edge: { from, to, kind, labels: [] }, labels: [] };
    if (label !== undefined && !one.labels.includes(label)) one.labels.push(label);
    found.set(key, one);
  };
  const known = new Map(devices.map((one) => [one.id, one]));
  for (const crossing of plan.crossings.filter((one) => one.through.length > 0)) {
    const { through } = crossing;
    const tunnelled = crossing.to.party !== undefined && crossing.to.party === through.at(-1);
    const entering = crossing.from.party !== undefined && crossing.from.party === through[0];
    const from = entering ? [farId(crossing.from.party as string)] : idsOf(crossing.from);
    const ends = [from, tunnelled ? [farId(crossing.to.party as string)] : idsOf(crossing.to)] as const;
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

function idsOf({ party, cidrs, namespaces }: CrossingEnd): readonly string[] {
  if (party !== undefined) return [party];
  return namespaces.length > 0 ? namespaces.map((name) => `namespace/${name}`) : cidrs.map(formatCidr);
}

/** What is allowed on a network itself, one line for an entry: `smf to upf: udp/8805`. */
export function trafficLines(crossings: readonly Crossing[], devices: Known): readonly string[] {
  const own = crossings.filter((one) => one.through.length === 0);
  const name = (end: CrossingEnd) => end.workload?.name ?? hostOf(end, devices) ?? "members";
  return own.map(({ from, to, services }) => `${name(from)} to ${name(to)}: ${servicesText(services)}`);
}

/** `api: tcp/50000 to db2 of mainframe`. */
function labelOf({ from, to, services }: Crossing, tunnelled: boolean, known: Known): string {
  const who = from.workload ? `${from.workload.name}: ` : "";
  if (tunnelled) return `${who}${servicesText(services)}`;
  const party = to.party === undefined ? to.cidrs.map(formatCidr).join(" ") : nameOf(to.party);
  const part = to.workload?.name ?? hostOf(to, known);
  return `${who}${servicesText(services)} to ${part === undefined ? party : `${part} of ${party}`}`;
}

/** The host that an end means, where it means no more than that. */
function hostOf({ party, cidrs }: CrossingEnd, known: Known): string | undefined {
  const hosts = (party === undefined ? undefined : known.get(party))?.hosts ?? [];
  return hosts.find((host) => without(setOfCidrs(cidrs), setOfCidrs(host.cidrs)).length === 0)?.name;
}
