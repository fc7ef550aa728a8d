import type { Instance } from "../../ir/intent.ts";
import type { ZoneOpening, ZoneOpeningPeer } from "../../ir/plan.ts";
import { type Cidr, cidrsOverlap, formatCidr, parseKnownCidr } from "../../net/cidr.ts";
import { parseService, type Service } from "../../net/service.ts";
import type { NodePlace } from "../../source/place.ts";
import { everyPod, type PlanBuilder } from "../plan-builder.ts";
import { toPolicyServices } from "../shared/gateway/policy-services.ts";
import { checkNodeAddresses } from "../shared/internet.ts";
import { findZone } from "../shared/zone-index.ts";
import { choosePeerKey } from "./check-opening.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec, OpeningPeerSpec, OpeningSpec } from "./types.ts";

/** What the intent opens on the default network, each also a crossing that verify lists. */
export function resolveOpenings(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): ZoneOpening[] {
  return (instance.spec.podNetwork?.allow ?? []).flatMap((opening, index) => {
    const place = (...path: (string | number)[]) => instance.at("podNetwork", "allow", index, ...path);
    const written = opening[choosePeerKey(opening)];
    const peer = written && peerOf(instance, written, place, plan, choosePeerKey(opening));
    if (!peer) return [];
    const made: ZoneOpening = {
      origin: place(),
      standing: false,
      name: `allow-${index + 1}`,
      direction: opening.direction,
      pods: everyPod,
      peer,
      services: servicesOf(opening, place, plan),
    };
    cross(instance, made, plan);
    return [made];
  });
}

function servicesOf(
  opening: OpeningSpec,
  place: (...path: (string | number)[]) => NodePlace,
  plan: PlanBuilder,
): readonly Service[] {
  // What goes to the API server goes to its port alone, unless other ports are written.
  const toApiServer = opening.ports === undefined && opening.direction === "egress" && opening.to?.apiServer === true;
  const ports = toApiServer ? [`tcp/${plan.cluster.platform.apiServer.port}`] : (opening.ports ?? []);
  const services = ports.map((text) => parseService(text) as Service);
  return toPolicyServices(services, (index) => place("ports", index), "this peer", plan);
}

function peerOf(
  instance: Instance<IsolationZoneSpec>,
  peer: OpeningPeerSpec,
  place: (...path: (string | number)[]) => NodePlace,
  plan: PlanBuilder,
  key: "from" | "to",
): ZoneOpeningPeer | undefined {
  if (peer.hostNetwork) {
    const { nodeCidrs } = plan.cluster.platform.podNetwork;
    if (nodeCidrs.length > 0) return { type: "cidrs", cidrs: nodeCidrs };
    plan.report(zoneRules.diagnose("no-node-addresses", place(key, "hostNetwork"), { cluster: plan.cluster.name }));
    return undefined;
  }
  if (peer.apiServer) {
    const { cidrs } = plan.cluster.platform.apiServer;
    if (cidrs.length > 0) return { type: "cidrs", cidrs };
    plan.report(zoneRules.diagnose("no-api-server", place(key, "apiServer"), { cluster: plan.cluster.name }));
    return undefined;
  }
  if (peer.internet) {
    const families = plan.cluster.platform.podNetwork.cidrs.map((one) => one.family);
    const missing = checkNodeAddresses(plan.cluster, families, place(key, "internet"));
    if (missing) plan.report(missing);
    return missing
      ? undefined
      : { type: "cidrs", cidrs: plan.internet().filter((one) => families.includes(one.family)) };
  }
  if (peer.namespace !== undefined) {
    const owner = findZone(plan, peer.namespace);
    if (!owner || owner === instance) return { type: "namespaces", names: [peer.namespace], pods: peer.selector };
    const related = [{ place: owner.at("namespaces"), label: "that zone" }];
    const parameters = { namespace: peer.namespace, zone: owner.intent.name };
    plan.report(zoneRules.diagnose("opening-to-zone", place(key, "namespace"), parameters, { related }));
    return undefined;
  }
  const wanted = parseKnownCidr(peer.cidr as string);
  return covers(wanted, place(key, "cidr"), plan) ? undefined : { type: "cidrs", cidrs: [wanted] };
}

/** Whether a CIDR reaches into a network that only an intent may join, or into every pod. */
function covers(wanted: Cidr, place: NodePlace, plan: PlanBuilder): boolean {
  const network = plan.networksWithin(wanted).find((site) => site.request.role === "zone");
  if (network) {
    const related = [{ place: network.request.origin, label: "that network" }];
    const parameters = { cidr: formatCidr(wanted), network: network.request.id };
    plan.report(zoneRules.diagnose("opening-covers-zone", place, parameters, { related }));
    return true;
  }
  if (!plan.cluster.platform.podNetwork.cidrs.some((pods) => cidrsOverlap(pods, wanted))) return false;
  plan.report(
    zoneRules.diagnose("opening-covers-pods", place, { cidr: formatCidr(wanted), cluster: plan.cluster.name }),
  );
  return true;
}

function cross(instance: Instance<IsolationZoneSpec>, opening: ZoneOpening, plan: PlanBuilder): void {
  const zone = { party: instance.intent.id, cidrs: [], namespaces: instance.spec.namespaces, workload: undefined };
  const { peer } = opening;
  const other = {
    party: undefined,
    cidrs: peer.type === "cidrs" ? peer.cidrs : [],
    namespaces: peer.type === "namespaces" ? peer.names : [],
    workload: undefined,
  };
  const [from, to] = opening.direction === "ingress" ? [other, zone] : [zone, other];
  plan.allowFlow({
    intent: instance.intent.id,
    origin: opening.origin,
    from,
    to,
    services: opening.services,
    through: [],
  });
}
