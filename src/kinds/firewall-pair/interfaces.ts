import type { Instance } from "../../ir/intent.ts";
import type { Address } from "../../net/address.ts";
import { parseAddress } from "../../net/address.ts";
import type { NodePlace } from "../../source/place.ts";
import type { ExternalNetworkSpec } from "../external-network/types.ts";
import type { ClaimContext } from "../plan-builder.ts";
import type { Claim } from "../shared/claims.ts";
import { claimInterfaceAddresses, type GatewayAddressRequest } from "../shared/gateway/addresses.ts";
import type { FirewallPairSpec, LegSpec } from "./types.ts";

/** A leg as written. */
export interface PairInterface {
  readonly spec: LegSpec;
  readonly index: number;
  /** Intent id of its network. */
  readonly network: string;
  readonly interface: string;
  at(...path: (string | number)[]): NodePlace;
}

export function listPairInterfaces(instance: Instance<FirewallPairSpec>): readonly PairInterface[] {
  return instance.spec.legs.map((spec, index) => ({
    spec,
    index,
    network: spec.zone === undefined ? `externalnetwork/${spec.external}` : `isolationzone/${spec.zone}`,
    interface: spec.interface ?? `net${index + 1}`,
    at: (...path) => instance.at("legs", index, ...path),
  }));
}

/** Whether a leg stands in a network whose gateway leads to the internet. */
export function leadsToInternet({ spec }: PairInterface, plan: Pick<ClaimContext, "find">): boolean {
  const external = spec.external === undefined ? undefined : plan.find("ExternalNetwork", spec.external);
  return (external?.spec as ExternalNetworkSpec | undefined)?.internet === true;
}

/** Two members stand by each other unless one is enough. */
export function countMembers(spec: FirewallPairSpec): number {
  return spec.availability?.mode === "single" ? 1 : 2;
}

export function buildPairAddressRequest(
  instance: Instance<FirewallPairSpec>,
  leg: PairInterface,
): GatewayAddressRequest {
  const members = countMembers(instance.spec);
  return {
    field: `leg.${leg.spec.name}`,
    network: leg.network,
    members,
    addresses: leg.spec.addresses,
    virtualAddress: leg.spec.virtualAddress,
    standby: members > 1,
    place: leg.at(),
    at: leg.at,
  };
}

/** Addresses and router ids of the legs, and published addresses. */
export function claimPairAddresses(instance: Instance<FirewallPairSpec>, sites: ClaimContext): Claim[] {
  const all: Claim[] = [];
  for (const leg of listPairInterfaces(instance)) {
    const site = sites.findSegment(leg.network);
    if (site) all.push(...claimInterfaceAddresses(buildPairAddressRequest(instance, leg), site));
  }
  return [...all, ...publishedClaims(instance, sites)];
}

/** A published address that is no leg's virtual address is taken all the same. */
function publishedClaims(instance: Instance<FirewallPairSpec>, sites: ClaimContext): Claim[] {
  const legs = listPairInterfaces(instance);
  const virtual = new Set(legs.flatMap(({ spec }) => spec.virtualAddress ?? []));
  const seen = new Set<string>();
  return instance.spec.rules.flatMap((rule, index): Claim[] => {
    const leg = legs.find(({ spec, ...rest }) =>
      spec.external === undefined
        ? false
        : spec.external === rule.from.external ||
          (rule.from.internet === true && leadsToInternet({ spec, ...rest }, sites)),
    );
    if (!rule.publish || !leg || virtual.has(rule.publish.address) || seen.has(rule.publish.address)) return [];
    seen.add(rule.publish.address);
    const address = parseAddress(rule.publish.address) as Address;
    const place = instance.at("rules", index, "publish", "address");
    const field = `publish.${rule.name}`;
    return [
      { type: "address", field, place, network: leg.network, family: address.family, pinned: address, use: "gateway" },
    ];
  });
}
