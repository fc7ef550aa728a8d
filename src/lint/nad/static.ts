import { type Fields, isFields } from "../read/lint-object.ts";
import { readSubnet } from "./addresses.ts";
import { checkGatewayInSubnet } from "./gateways.ts";
import type { IpamProblem } from "./ipam-problem.ts";

/** A gateway beside an address is a neighbour of it. */
export function checkStaticIpam(ipam: Fields): readonly IpamProblem[] {
  const addresses = Array.isArray(ipam.addresses) ? (ipam.addresses as readonly unknown[]) : [];
  return addresses.flatMap((one, index) => {
    const subnet = isFields(one) ? readSubnet(one.address) : undefined;
    return subnet && isFields(one) ? checkGatewayInSubnet(one.gateway, subnet, ["addresses", index, "gateway"]) : [];
  });
}
