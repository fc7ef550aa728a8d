import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Instance } from "../../../ir/intent.ts";
import type { IsolationZoneSpec } from "../../isolation-zone/types.ts";
import type { IntentContext } from "../../plan-builder.ts";
import type { Member } from "../members.ts";
import { findZone } from "../zone-index.ts";
import { trafficRules } from "./rules.ts";
import type { TrafficSpec } from "./types.ts";

/** The members of one zone, or those of none. */
export interface ZoneMembers {
  readonly zone: Instance<IsolationZoneSpec> | undefined;
  readonly members: readonly Member[];
  /** Hosts, router and whatever is behind it: they are in no zone. */
  readonly hasDevices: boolean;
}

/** Who is on a network, divided along the borders of zones; those of no zone first. */
export function groupByZone(
  spec: TrafficSpec & { readonly network: { readonly separation?: string } },
  members: readonly Member[],
  scene: Pick<IntentContext, "all">,
): readonly ZoneMembers[] {
  const devices = spec.hosts !== undefined || spec.gateway !== undefined || spec.network.separation === "shared";
  const byZone = new Map<Instance<IsolationZoneSpec> | undefined, Member[]>();
  if (devices) byZone.set(undefined, []);
  for (const member of members) {
    const zone = findZone(scene, member.workload.namespace);
    const list = byZone.get(zone);
    if (list) list.push(member);
    else byZone.set(zone, [member]);
  }
  return [...byZone]
    .map(([zone, own]): ZoneMembers => ({ zone, members: own, hasDevices: zone === undefined && devices }))
    .sort((a, b) => ((a.zone?.intent.name ?? "") < (b.zone?.intent.name ?? "") ? -1 : 1));
}

/** How much of a network's traffic policies must block: nothing, what no entry names, or what crosses a zone's border. */
export function computeTrafficLimits(spec: TrafficSpec, sides: readonly ZoneMembers[]): "none" | "traffic" | "border" {
  if (sides.length > 1) return "border";
  return spec.traffic ? "traffic" : "none";
}

interface Scoped {
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly overrides?: Readonly<Record<string, { readonly namespaces?: readonly string[] }>>;
}

/** Clusters of the network in which a zone does not hold its members: there they are beyond its border, on the same wire. */
export function checkZonesElsewhere(
  instance: Instance,
  sides: readonly ZoneMembers[],
  scene: IntentContext,
): readonly Diagnostic[] {
  const isIn = (spec: Scoped, cluster: string) => spec.clusters?.includes(cluster) ?? true;
  const others = scene.neighbours.filter((name) => name !== scene.cluster.name);
  const clusters = others.filter((name) => isIn(instance.intent.spec as Scoped, name));
  return sides.flatMap(({ zone, members }) => {
    if (!zone) return [];
    const spec = zone.intent.spec as Scoped;
    return clusters.flatMap((cluster) => {
      const namespaces = new Set(spec.overrides?.[cluster]?.namespaces ?? spec.namespaces ?? []);
      const away = members.find((one) => !isIn(spec, cluster) || !namespaces.has(one.workload.namespace));
      if (!away) return [];
      const related = [{ place: zone.at("namespaces"), label: "that zone" }];
      const parameters = { zone: zone.intent.name, cluster, network: instance.intent.name };
      return [trafficRules.diagnose("zone-elsewhere", away.place, parameters, { related })];
    });
  });
}
