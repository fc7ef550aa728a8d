import type { Instance } from "../../ir/intent.ts";
import type { ForwardRule, GatewayInterface, PlannedTunnel, Translation } from "../../ir/plan.ts";
import { type Address, countAddressBits } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import { complementCidrs } from "../../net/complement.ts";
import { parseService, type Service } from "../../net/service.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { PlanBuilder, ResolvedParty } from "../plan-builder.ts";
import { buildSelector } from "../shared/select.ts";
import { findNetworkId } from "./index.ts";
import { vpnRules } from "./rules.ts";
import type { VpnEgressSpec } from "./types.ts";

/** A port of the tunnel's address with the client that answers there. */
interface Passed {
  readonly index: number;
  readonly service: Service;
  readonly party: ResolvedParty;
  readonly address: Address;
  /** What the far side connects to. */
  readonly entry: Address;
}

/** Everything that passes ports of the tunnel on, in the words of a gateway. */
export interface InboundPlan {
  readonly rules: readonly ForwardRule[];
  readonly translations: readonly Translation[];
}

/** What may come in by the tunnel, with what clients and verification need to know of it. */
export function buildInbound(
  instance: Instance<VpnEgressSpec>,
  leg: GatewayInterface,
  tunnel: PlannedTunnel,
  destinations: readonly Cidr[],
  plan: PlanBuilder,
): InboundPlan {
  const passed = passedBy(instance, tunnel, plan);
  const outside = outsideOf(instance, destinations, plan);
  const sourcesOf = (one: Passed) => outside.filter(({ family }) => family === one.address.family);
  for (const one of passed) openInbound(instance, one, sourcesOf(one), plan);
  return {
    rules: passed.map((one) => ({
      name: `inbound-${one.index + 1}`,
      origin: instance.at("inbound", one.index),
      family: one.address.family,
      fromLeg: tunnel.interface,
      toLeg: leg.name,
      sources: sourcesOf(one),
      destinations: one.party.cidrs.filter(({ family }) => family === one.address.family),
      services: [one.service],
      log: false,
    })),
    translations: passed.map((one) => ({
      origin: instance.at("inbound", one.index),
      leg: tunnel.interface,
      address: one.entry,
      service: one.service,
      to: one.address,
      toPort: one.service.first,
    })),
  };
}

/** Who may come in: what is behind the tunnel, and not what a client reaches in another way. */
function outsideOf(
  instance: Instance<VpnEgressSpec>,
  destinations: readonly Cidr[],
  plan: PlanBuilder,
): readonly Cidr[] {
  const { onEth0, nodeCidrs } = plan.cluster.platform.podNetwork;
  const nearer = [...onEth0, ...nodeCidrs, ...(plan.findSegment(findNetworkId(instance))?.subnets ?? [])];
  return destinations.flatMap((one) => (one.prefix > 0 ? [one] : complementCidrs(one.family, nearer)));
}

function passedBy(instance: Instance<VpnEgressSpec>, tunnel: PlannedTunnel, plan: PlanBuilder): readonly Passed[] {
  const seen = new Map<string, number>();
  return (instance.spec.inbound ?? []).flatMap((entry, index): Passed[] => {
    const at = (...path: (string | number)[]) => instance.at("inbound", index, ...path);
    const service = parseService(entry.port) as Service;
    const first = seen.get(entry.port);
    if (first !== undefined) {
      const related = [{ place: instance.at("inbound", first, "port"), label: "the first entry" }];
      plan.report(vpnRules.diagnose("inbound-twice", at("port"), { port: entry.port }, { related }));
      return [];
    }
    seen.set(entry.port, index);
    if (!["tcp", "udp"].includes(service.protocol) || service.first !== service.last) {
      plan.report(vpnRules.diagnose("inbound-port", at("port"), { port: entry.port }));
      return [];
    }
    const wrong = (why: string): Passed[] => {
      plan.report(vpnRules.diagnose("inbound-target", entry.to ? at("to") : at(), { why }));
      return [];
    };
    const ref = entry.to?.workload;
    if (!entry.to || !ref) return wrong("this entry names none");
    const pods = plan.workloads.find(ref)?.pods;
    if (plan.workloads.find(ref) && pods !== 1)
      return wrong(
        `${formatDisplayName(ref)} may run ${pods === undefined ? "a pod on each node" : `${pods} pods at once`}`,
      );
    const party = plan.resolveParty(entry.to, at("to"));
    if (!party) return [];
    if (party.network !== findNetworkId(instance))
      return wrong(`${party.description} is not on ${findNetworkId(instance)}`);
    const found = tunnel.addresses.flatMap(({ address: entry }): Passed[] => {
      const own = party.cidrs.filter((one) => one.family === entry.family);
      const [only] = own;
      if (!only || own.length > 1 || only.prefix < countAddressBits(only.family)) return [];
      return [{ index, service, party, entry, address: { family: only.family, value: only.base } }];
    });
    return found.length > 0
      ? found.slice(0, 2)
      : wrong(`${party.description} has no single address of the tunnel's family`);
  });
}

/** The client's own policy lets it in, and verification expects it. */
function openInbound(
  instance: Instance<VpnEgressSpec>,
  { index, service, party }: Passed,
  sources: readonly Cidr[],
  plan: PlanBuilder,
): void {
  const owned = { intent: instance.intent.id, origin: instance.at("inbound", index) };
  if (party.workload)
    plan.addPolicyRule({
      ...owned,
      network: findNetworkId(instance),
      name: `vpn-${instance.intent.name}-inbound-${index + 1}-ipv${sources[0]?.family ?? 4}`,
      direction: "ingress",
      namespaces: [party.workload.namespace],
      pods: buildSelector(party.workload.labels),
      cidrs: sources,
      services: [service],
    });
  plan.allowFlow({
    ...owned,
    from: { party: instance.intent.id, cidrs: sources, namespaces: [], workload: undefined },
    to: party.end,
    services: [service],
    through: [instance.intent.id],
  });
}
