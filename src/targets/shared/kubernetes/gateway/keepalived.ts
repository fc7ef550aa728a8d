import type { Gateway, GatewayInterface, GatewayMember } from "../../../../ir/plan.ts";
import { formatAddress } from "../../../../net/address.ts";
import { formatInterfaceAddress } from "../../../../net/cidr.ts";

/** The first member has the addresses as long as it lives. */
const PRIORITY = { 1: 150, 2: 100 } as const;

/** keepalived's configuration of one member: unicast VRRP, one instance per leg and family, all moving together. */
export function buildKeepalived(gateway: Gateway, member: GatewayMember): Readonly<Record<string, unknown>> {
  return {
    router: member.name,
    group: "GATEWAY",
    // A tunnel that is up on both members would answer from two places at once.
    notify: gateway.tunnel
      ? [
          { state: "master", action: "up" },
          { state: "backup", action: "down" },
          { state: "fault", action: "down" },
        ]
      : [],
    instances: gateway.legs.flatMap((leg) => instancesOf(leg, member)),
  };
}

function instancesOf(leg: GatewayInterface, member: GatewayMember) {
  return ([4, 6] as const).flatMap((family) => {
    const of = (index: number) => leg.addresses[index]?.find((one) => one.address.family === family);
    const own = of(member.index - 1);
    const addresses = leg.virtualAddresses.filter((one) => one.address.family === family);
    if (!own || addresses.length === 0) return [];
    const others = leg.addresses.flatMap((_all, index) => (index === member.index - 1 ? [] : (of(index) ?? [])));
    return [
      {
        name: `${leg.name.toUpperCase().replaceAll("-", "_")}_${family}`,
        interface: leg.interface,
        routerId: String(leg.routerId),
        priority: String(PRIORITY[member.index as 1 | 2]),
        own: formatAddress(own.address),
        others: others.map((one) => formatAddress(one.address)),
        addresses: addresses.map((one) => ({ address: formatInterfaceAddress(one), interface: leg.interface })),
      },
    ];
  });
}
