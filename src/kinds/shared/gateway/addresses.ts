import { type Address, type Family, parseAddress } from "../../../net/address.ts";
import type { InterfaceAddress } from "../../../net/cidr.ts";
import type { NodePlace } from "../../../source/place.ts";
import { addPrefix, listFamilies, type PlanBuilder, type Segment } from "../../plan-builder.ts";
import type { Claim } from "../claims.ts";

type Written = string | readonly string[] | undefined;

/** A leg's wishes for addresses, as written. */
export interface GatewayAddressRequest {
  /** `leg.inside`: field of the claims. */
  readonly field: string;
  readonly network: string;
  readonly members: number;
  readonly addresses: readonly Written[] | undefined;
  readonly virtualAddress: Written;
  readonly standby: boolean;
  readonly place: NodePlace;
  at(...path: (string | number)[]): NodePlace;
}

function findWrittenAddress(
  value: Written,
  family: Family,
): { readonly address: Address; readonly index: number | undefined } | undefined {
  const texts = value === undefined ? [] : typeof value === "string" ? [value] : value;
  for (const [index, text] of texts.entries()) {
    const address = parseAddress(text) as Address;
    if (address.family === family) return { address, index: typeof value === "string" ? undefined : index };
  }
  return undefined;
}

/** An address per member and family, a virtual one per family, and a router id. */
export function claimInterfaceAddresses(leg: GatewayAddressRequest, site: Segment): Claim[] {
  const claims: Claim[] = [];
  const claim = (field: string, value: Written, family: Family, ...path: (string | number)[]) => {
    const one = findWrittenAddress(value, family);
    const place = one ? leg.at(...path, ...(one.index === undefined ? [] : [one.index])) : leg.place;
    const base = { type: "address" as const, network: leg.network, use: "gateway" as const };
    claims.push({ ...base, field, place, family, pinned: one?.address });
  };
  for (const family of listFamilies(site)) {
    for (let member = 1; member <= leg.members; member++)
      claim(`${leg.field}.address.${member}`, leg.addresses?.[member - 1], family, "addresses", member - 1);
    claim(`${leg.field}.virtual`, leg.virtualAddress, family, "virtualAddress");
  }
  if (leg.standby)
    claims.push({
      type: "number",
      field: leg.field,
      place: leg.place,
      space: { kind: "vrid", network: leg.network },
      first: 1,
      last: 255,
    });
  return claims;
}

export interface AllocatedAddresses {
  /** By member; one per family. */
  readonly addresses: readonly (readonly InterfaceAddress[])[];
  readonly virtualAddresses: readonly InterfaceAddress[];
  readonly routerId: number;
}

/** What a leg was given; undefined when something is missing, which was reported where it was claimed. */
export function findAllocatedAddresses(
  intent: string,
  leg: GatewayAddressRequest,
  site: Segment,
  plan: PlanBuilder,
): AllocatedAddresses | undefined {
  const families = listFamilies(site);
  const all = (field: string) =>
    families.flatMap((family) => {
      const address = plan.address(intent, field, family);
      return address ? [addPrefix(site, address)] : [];
    });
  const addresses = Array.from({ length: leg.members }, (_none, index) => all(`${leg.field}.address.${index + 1}`));
  const virtualAddresses = all(`${leg.field}.virtual`);
  const routerId = leg.standby ? plan.routerId(intent, leg.field, leg.network) : 0;
  const whole = [...addresses, virtualAddresses].every((list) => list.length === families.length);
  return whole && families.length > 0 && routerId !== undefined ? { addresses, virtualAddresses, routerId } : undefined;
}
