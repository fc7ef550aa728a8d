import { parseAddress } from "../../src/net/address.ts";
import { type AddressRange, containsRangeAddress } from "../../src/net/range.ts";
import { parseService, type Service } from "../../src/net/service.ts";
import type { FlowEnd, FlowSet } from "../../src/verify/dataplane/flow.ts";
import { intersectServices, type ServiceSet, toServiceSet } from "../../src/verify/headerspace/service-set.ts";
import { listWorkloadIds, type Node } from "../../src/verify/model/pods/node.ts";
import { canonical, familyOf, holds } from "./address.ts";
import type { Expectations } from "./expectations.ts";
import type { Party, Probe } from "./matrix.ts";

/** What of the expectations a verdict needs: where pods have their eth0, how hosts are plugged in, who ends a tunnel. */
export type Wiring = Pick<Expectations, "hosts" | "tunnels"> & {
  readonly platform: Pick<Expectations["platform"], "podCidrs">;
};

/** Whether the reachability model says that a probe is answered; undefined where it has no word on the two. */
export function modelVerdict(flows: FlowSet, wiring: Wiring): (probe: Probe) => boolean | undefined {
  return (probe) => {
    const hosts = [probe.from, probe.to].filter(isHost);
    // Hosts among themselves stand in no manifest, and pods of one workload are one node.
    if (hosts.length === 2 || probe.from.id === probe.to.id) return undefined;
    return overNetworks(flows, wiring, probe) || overEth0(flows, wiring, probe);
  };
}

function isHost(party: Party): boolean {
  return party.id.startsWith("host:");
}

function overNetworks(flows: FlowSet, wiring: Wiring, { from, to, target }: Probe): boolean {
  const wanted = servicesOf(target);
  return flows.secondary.some(
    ({ from: start, to: end, sent }) =>
      isEnd(start, from, wiring) &&
      isEnd(end, to, wiring) &&
      from.addresses.some((address) => familyOf(address) === sent.family && inSet(sent.sources, address)) &&
      inSet(sent.destinations, target.address) &&
      intersectServices(sent.services, wanted).length > 0,
  );
}

function overEth0(flows: FlowSet, { hosts, platform }: Wiring, { from, to, target }: Probe): boolean {
  const wanted = servicesOf(target);
  const family = familyOf(target.address);
  const open = (services: ServiceSet) => intersectServices(services, wanted).length > 0;
  const beyond = [from, to].find(isHost);
  if (beyond === undefined) {
    if (!platform.podCidrs.some((cidr) => holds(cidr, target.address))) return false;
    return flows.primary.some(
      (flow) =>
        flow.family === family &&
        flow.from.nodes.some((node) => isPod(node, from)) &&
        flow.to.nodes.some((node) => isPod(node, to)) &&
        open(flow.services),
    );
  }
  const host = hosts.find(({ name }) => beyond.id === `host:${name}`);
  // One that is plugged into a VLAN has no way to the nodes.
  if (!host || host.link !== undefined) return false;
  const own = host.addresses.map((address) => canonical(address.split("/")[0] ?? ""));
  const pods = platform.podCidrs;
  return flows.outside.some(
    ({ nodes, direction, addresses, services, family: of }) =>
      of === family &&
      open(services) &&
      (direction === "egress"
        ? beyond === to &&
          nodes.some((node) => isPod(node, from)) &&
          own.includes(target.address) &&
          inSet(addresses, target.address)
        : beyond === from &&
          nodes.some((node) => isPod(node, to)) &&
          pods.some((cidr) => holds(cidr, target.address)) &&
          own.some((address) => inSet(addresses, address))),
  );
}

function isEnd(end: FlowEnd, party: Party, { hosts, tunnels }: Wiring): boolean {
  if (end.type === "outside") return false;
  if (end.type === "tunnel") {
    const host = hosts.find(({ name }) => party.id === `host:${name}`);
    const tunnel = tunnels.find(({ namespace }) => namespace === end.gateway.namespace);
    return tunnel !== undefined && (host?.addresses.some((one) => one.split("/")[0] === tunnel.endpoint) ?? false);
  }
  if (end.node.type === "external") return hosts.some(({ name, link }) => link && party.id === `host:${name}`);
  return isPod(end.node, party);
}

/** `Deployment web/shop` is the workload `web/shop`; the members of a pair are one node, `Deployment fw-edge/edge-1, edge-2`. */
function isPod(node: Node, party: Party): boolean {
  return listWorkloadIds(node).some((id) => {
    const [first = "", ...others] = id.slice(id.indexOf(" ") + 1).split(", ");
    const namespace = first.slice(0, first.indexOf("/") + 1);
    return first === party.id || others.some((name) => `${namespace}${name}` === party.id);
  });
}

function inSet(ranges: readonly AddressRange[], text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && ranges.some((range) => containsRangeAddress(range, address));
}

function servicesOf({ protocol, port }: Probe["target"]): ServiceSet {
  return toServiceSet(parseService(protocol === "icmp" ? "icmp" : `${protocol}/${port}`) as Service);
}
