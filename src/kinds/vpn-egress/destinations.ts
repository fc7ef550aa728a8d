import type { Instance } from "../../ir/intent.ts";
import type { Family } from "../../net/address.ts";
import { type Address, formatAddress, parseAddress } from "../../net/address.ts";
import {
  type Cidr,
  cidrsOverlap,
  containsAddress,
  formatCidr,
  parseInterfaceAddress,
  parseKnownCidr,
  toRange,
} from "../../net/cidr.ts";
import { embedIpv4Ranges } from "../../net/embedded.ts";
import type { IsolationZoneSpec } from "../isolation-zone/types.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { checkEndpoint } from "./endpoint.ts";
import { vpnRules } from "./rules.ts";
import { parseEndpoint } from "./tunnel.ts";
import type { VpnEgressSpec } from "./types.ts";

/** `any` means every address of the families that the tunnel has. */
export function listDestinations(spec: VpnEgressSpec): readonly Cidr[] {
  return spec.destinations.flatMap((text) =>
    text === "any"
      ? tunnelFamilies(spec).map((family) => parseKnownCidr(family === 4 ? "0.0.0.0/0" : "::/0"))
      : [parseKnownCidr(text)],
  );
}

export function isFullTunnel(spec: VpnEgressSpec): boolean {
  return spec.destinations.includes("any");
}

function tunnelFamilies(spec: VpnEgressSpec): readonly Family[] {
  if (!spec.wireguard) return [4];
  const families = spec.wireguard.addresses.map((text) => {
    const read = parseInterfaceAddress(text);
    return typeof read === "string" ? undefined : read.address.family;
  });
  return ([4, 6] as const).filter((family) => families.includes(family));
}

/** A destination is behind the tunnel and nowhere else; anything else is a leak or a black hole. */
export function checkDestinations(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const { spec } = instance;
  const { cluster } = plan;
  const endpoint = parseEndpoint(spec);
  checkEndpoint(instance, plan);
  for (const [index, text] of spec.destinations.entries()) {
    if (text === "any") continue;
    const place = instance.at("destinations", index);
    const wanted = parseKnownCidr(text);
    const inside = plan.networksWithin(wanted)[0];
    if (inside) {
      const related = [{ place: inside.request.origin, label: "that network" }];
      plan.report(
        vpnRules.diagnose("destination-in-network", place, { cidr: text, network: inside.request.id }, { related }),
      );
    }
    const { podNetwork } = cluster.platform;
    for (const [what, cidrs] of [
      ["pod", podNetwork.cidrs],
      ["service", podNetwork.serviceCidrs],
    ] as const)
      if (cidrs.some((one) => cidrsOverlap(one, wanted)))
        plan.report(vpnRules.diagnose("destination-in-pods", place, { cidr: text, what, cluster: cluster.name }));
    if (endpoint && containsAddress(wanted, endpoint))
      plan.report(
        vpnRules.diagnose("endpoint-in-destination", place, { endpoint: formatAddress(endpoint), cidr: text }),
      );
    const zone = plan.findSegment(`isolationzone/${spec.clients.zone}`);
    if (zone && !zone.subnets.some((subnet) => subnet.family === wanted.family))
      plan.report(vpnRules.diagnose("no-common-family", place, { cidr: text, zone: spec.clients.zone }));
  }
  checkResolvers(instance, plan);
  checkOpenings(instance, plan);
  checkOthers(instance, plan);
}

function checkResolvers(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const behind = listDestinations(instance.spec);
  for (const [index, server] of (instance.spec.dns?.servers ?? []).entries())
    if (!behind.some((one) => containsAddress(one, parseAddress(server) as Address)))
      plan.report(vpnRules.diagnose("dns-outside", instance.at("dns", "servers", index), { server }));
}

/** What the zone opens on its default network must not be what the tunnel is for. */
function checkOpenings(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const zone = plan.find("IsolationZone", instance.spec.clients.zone) as Instance<IsolationZoneSpec> | undefined;
  for (const [index, opening] of (zone?.spec.podNetwork?.allow ?? []).entries()) {
    const peer = opening.direction === "egress" ? opening.to : undefined;
    const open = peer?.internet ? "the internet" : peer?.cidr;
    if (!zone || !peer || open === undefined) continue;
    const behind = listDestinations(instance.spec);
    const opened = peer.cidr === undefined ? plan.internet() : [parseKnownCidr(peer.cidr)];
    const at = behind.findIndex((one) => opened.some((other) => reaches(other, one)));
    const hit = behind[at];
    if (!hit) continue;
    const related = [
      {
        place: zone.at("podNetwork", "allow", index, "to", peer.internet ? "internet" : "cidr"),
        label: "open on eth0",
      },
    ];
    const place = instance.at("destinations", isFullTunnel(instance.spec) ? 0 : at);
    plan.report(vpnRules.diagnose("destination-open", place, { cidr: formatCidr(hit), open }, { related }));
  }
}

/** Whether what is open leads to a destination: by its own addresses, or by those in which a translator finds it. */
function reaches(open: Cidr, destination: Cidr): boolean {
  if (cidrsOverlap(open, destination)) return true;
  const { family, start, end } = toRange(open);
  return embedIpv4Ranges([toRange(destination)]).some(
    (one) => one.family === family && one.start <= end && start <= one.end,
  );
}

/** Two tunnels for one destination and the same clients: which one is taken would be chance. */
function checkOthers(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const others = vpnsOfZone(plan, instance.spec.clients.zone);
  for (const other of others) {
    if (other.intent.id >= instance.intent.id) break;
    if (disjointClients(instance, other)) continue;
    for (const [index, mine] of listDestinations(instance.spec).entries()) {
      const theirs = listDestinations(other.spec);
      const at = theirs.findIndex(
        (one) => cidrsOverlap(one, mine) && !(isFullTunnel(other.spec) !== isFullTunnel(instance.spec)),
      );
      const hit = theirs[at];
      if (!hit) continue;
      const related = [
        { place: other.at("destinations", isFullTunnel(other.spec) ? 0 : at), label: "the first tunnel" },
      ];
      const parameters = { a: formatCidr(mine), b: formatCidr(hit), other: other.intent.id };
      plan.report(
        vpnRules.diagnose(
          "claimed-twice",
          instance.at("destinations", isFullTunnel(instance.spec) ? 0 : index),
          parameters,
          { related },
        ),
      );
      return;
    }
  }
}

const byZone = new WeakMap<PlanBuilder["all"], Map<string, Instance<VpnEgressSpec>[]>>();

function vpnsOfZone(plan: PlanBuilder, zone: string): readonly Instance<VpnEgressSpec>[] {
  let index = byZone.get(plan.all);
  if (!index) {
    index = new Map();
    for (const one of plan.all("VpnEgress") as readonly Instance<VpnEgressSpec>[]) {
      const list = index.get(one.spec.clients.zone);
      if (list) list.push(one);
      else index.set(one.spec.clients.zone, [one]);
    }
    byZone.set(plan.all, index);
  }
  return index.get(zone) ?? [];
}

/** Told apart by one label with two values; anything cleverer might select one pod with both. */
function disjointClients(a: Instance<VpnEgressSpec>, b: Instance<VpnEgressSpec>): boolean {
  const mine = a.spec.clients.selector?.matchLabels ?? {};
  const theirs = b.spec.clients.selector?.matchLabels ?? {};
  return Object.entries(mine).some(([key, value]) => Object.hasOwn(theirs, key) && theirs[key] !== value);
}
