import type { Family, Firewall, NetRule, Topology } from "./topology.ts";

/** A pod by its zone and its number there. */
export interface PodRef {
  readonly zone: number;
  readonly nth: number;
}

export interface Probe {
  readonly family: Family;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

/** The port that answers go to. */
const CHOSEN = 40000;

/**
 * One packet and its answer, hop by hop, in the plainest way: no sets, no manifests, nothing of the program. Whether a
 * connection over the attached networks comes about.
 */
export function reachesByNetwork(world: Topology, from: PodRef, to: PodRef, probe: Probe): boolean {
  if (!mayPass(world, from.zone, "egress", to.zone, probe)) return false;
  if (from.zone === to.zone) return mayPass(world, to.zone, "ingress", from.zone, probe);
  const { firewall } = world;
  if (!firewall || !steered(world, from, to.zone) || !forwards(firewall, probe.family)) return false;
  if (!firewall.legs.includes(from.zone) || !firewall.legs.includes(to.zone)) return false;
  if (!passes(firewall, from.zone, to.zone, probe.protocol, probe.port, false)) return false;
  const masked = firewall.masks.includes(to.zone);
  const seen = masked ? to.zone : from.zone;
  if (!masked && !filteredBack(world, to, from.zone, probe.family)) return false;
  if (!mayPass(world, to.zone, "ingress", seen, probe)) return false;
  if (!masked && !steered(world, to, from.zone)) return false;
  return passes(firewall, to.zone, from.zone, probe.protocol, CHOSEN, true);
}

/** Strict reverse path filtering of IPv4: some route to the source must lead out of the same link. */
function filteredBack(world: Topology, at: PodRef, source: number, family: Family): boolean {
  const zone = world.zones[at.zone];
  if (!zone?.reversePath || family === 6) return true;
  return zone.pods[at.nth]?.routes.some((route) => route.zone === source) ?? false;
}

/** Whether a pod's route to a zone leads to the firewall itself. */
function steered(world: Topology, at: PodRef, to: number): boolean {
  const route = world.zones[at.zone]?.pods[at.nth]?.routes.find((one) => one.zone === to);
  return route?.right === true && (world.firewall?.legs.includes(at.zone) ?? false);
}

function forwards(firewall: Firewall, family: Family): boolean {
  return family === 4 ? firewall.forwards4 : firewall.forwards6;
}

function passes(
  firewall: Firewall,
  from: number,
  to: number,
  protocol: Probe["protocol"],
  port: number,
  established: boolean,
): boolean {
  if (established && firewall.stateful) return true;
  for (const rule of firewall.rules)
    if (rule.from === from && rule.to === to && rule.protocol === protocol && port >= rule.first && port <= rule.last)
      return rule.verdict === "accept";
  return !firewall.drops;
}

function mayPass(world: Topology, zone: number, direction: "ingress" | "egress", other: number, probe: Probe): boolean {
  const policy = world.zones[zone]?.network;
  if (!policy || !world.enforced) return true;
  const rules: readonly NetRule[] = policy[direction];
  return rules.some(
    (rule) =>
      rule.zone === other && (rule.port === undefined || (probe.protocol === "tcp" && probe.port === rule.port)),
  );
}

/** Whether a connection over eth0 comes about. */
export function reachesByDefault(world: Topology, from: PodRef, to: PodRef, probe: Probe): boolean {
  const allows = (zone: number, direction: "Ingress" | "Egress", other: number) => {
    const policies = world.zones[zone]?.eth0;
    if (!policies) return true;
    return policies.some(
      (rule) =>
        rule.direction === direction &&
        rule.zone === other &&
        (rule.port === undefined || (probe.protocol === "tcp" && probe.port === rule.port)),
    );
  };
  return allows(from.zone, "Egress", to.zone) && allows(to.zone, "Ingress", from.zone);
}
