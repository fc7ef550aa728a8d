import { type Fields, isFields } from "../read/lint-object.ts";
import { subnetOf } from "./addresses.ts";
import { gatewayOutside } from "./gateways.ts";
import type { IpamProblem } from "./ipam-problem.ts";

/** A gateway beside an address is a neighbour of it. */
export function staticLaws(ipam: Fields): readonly IpamProblem[] {
  const addresses = Array.isArray(ipam.addresses) ? (ipam.addresses as readonly unknown[]) : [];
  return addresses.flatMap((one, index) => {
    const subnet = isFields(one) ? subnetOf(one.address) : undefined;
    return subnet && isFields(one) ? gatewayOutside(one.gateway, subnet, ["addresses", index, "gateway"]) : [];
  });
}
