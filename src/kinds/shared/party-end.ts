import type { ExpectedEnd, ExternalDevices } from "../../ir/expects.ts";
import type { Party } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import { type Cidr, parseKnownCidr, toHostCidr } from "../../net/cidr.ts";
import { indexById } from "./by-id.ts";

/** A party of an expectation or of a question, as ends of flows can be held against. */
export function resolvePartyEnd(party: Party, plan: Plan, devices: readonly ExternalDevices[]): ExpectedEnd {
  const none: ExpectedEnd = { party: undefined, cidrs: [], namespaces: [], workload: undefined };
  if (party.cidr !== undefined) return { ...none, cidrs: [parseKnownCidr(party.cidr)] };
  if (party.internet) return { ...none, cidrs: plan.internet };
  if (party.workload) return { ...none, workload: party.workload };
  if (party.zone !== undefined) {
    const zone = indexById(plan.zones, ({ intent }) => intent).get(`isolationzone/${party.zone}`);
    return { ...none, party: zone?.intent, namespaces: zone?.namespaces ?? [] };
  }
  if (party.vpn !== undefined) {
    const id = `vpnegress/${party.vpn}`;
    const tunnel = indexById(plan.gateways, ({ intent }) => intent).get(id)?.tunnel;
    return { ...none, party: id, cidrs: tunnel?.destinations ?? [] };
  }
  const device = indexById(devices, ({ id }) => id).get(
    party.network === undefined ? `externalnetwork/${party.external}` : `network/${party.network}`,
  );
  const host = device?.hosts.find((one) => one.name === party.host);
  const cidrs = host
    ? host.cidrs
    : party.network === undefined
      ? [...(device?.subnets ?? []), ...(device?.beyond ?? [])]
      : ofDevice(device);
  return { ...none, party: device?.id, cidrs };
}

/** What of a Network is no pod: its hosts, its router and what is behind that. */
function ofDevice(device: ExternalDevices | undefined): readonly Cidr[] {
  if (!device) return [];
  return [...device.hosts.flatMap((one) => one.cidrs), ...device.gateways.map(toHostCidr), ...device.beyond];
}

/** How a report names a party. */
export function formatParty(party: Party): string {
  if (party.workload) return `${party.workload.kind} ${party.workload.namespace}/${party.workload.name}`;
  if (party.cidr !== undefined) return party.cidr;
  if (party.zone !== undefined) return `zone ${party.zone}`;
  if (party.vpn !== undefined) return `vpn ${party.vpn}`;
  const named = party.network ?? party.external;
  if (party.host !== undefined) return `host ${party.host} of ${named}`;
  return party.network === undefined ? `external ${named}` : `network ${named}`;
}
