import type { Attachment, Gateway, GatewayMember, Network, Ownership, Variant } from "../../ir/plan.ts";
import type { WorkloadRef } from "../../ir/workload.ts";
import type { InterfaceAddress } from "../../net/cidr.ts";
import type { Place } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { formatIntentPath } from "../shared/kubernetes/metadata.ts";

/** One interface of the pods of one workload or gateway member: what a claim template is written for. */
export interface ClaimedInterface {
  readonly network: Network;
  readonly variant: Variant;
  readonly namespace: string;
  readonly workload: WorkloadRef;
  readonly interface: string;
  readonly mac: string | undefined;
  readonly addresses: readonly InterfaceAddress[];
  readonly owner: Ownership;
  readonly file: string;
  /** Where a finding about it belongs. */
  readonly place: Place;
  /** `Deployment payments/card`. */
  readonly words: string;
}

function variantOf(network: Network, name: string): Variant {
  const variant = network.variants.find((one) => one.name === name);
  if (!variant) throw new Error(`${network.intent} has no variant ${name}`);
  return variant;
}

/** A member's leg in a network; a pool of a single address is that address, since a claim gives out nothing. */
export function buildClaimedInterface(attachment: Attachment, network: Network): ClaimedInterface {
  const variant = variantOf(network, attachment.variant);
  return {
    network,
    variant,
    namespace: attachment.workload.namespace,
    workload: attachment.workload,
    interface: attachment.interface,
    mac: attachment.mac,
    addresses: attachment.addresses.length > 0 ? attachment.addresses : onlyAddresses(variant),
    owner: network,
    file: formatIntentPath(network.role, network.intent),
    place: attachment.origin,
    words: formatDisplayName(attachment.workload),
  };
}

function onlyAddresses({ ipam }: Variant): readonly InterfaceAddress[] {
  if (ipam.mode !== "pool") return [];
  const single = ipam.pools.every(({ start, end }) => start.value === end.value);
  return single ? ipam.pools.map(({ subnet, start }) => ({ address: start, prefix: subnet.prefix })) : [];
}

/** The legs of a gateway's member. */
export function listGatewayInterfaces(
  gateway: Gateway,
  member: GatewayMember,
  networks: ReadonlyMap<string, Network>,
): readonly ClaimedInterface[] {
  const own = { namespace: gateway.namespace, kind: "Deployment", name: member.name };
  const workload = gateway.adopted[member.index - 1] ?? own;
  return gateway.legs.flatMap((leg) => {
    const network = networks.get(leg.network);
    if (!network) return [];
    return [
      {
        network,
        variant: variantOf(network, leg.variant),
        namespace: gateway.namespace,
        workload,
        interface: leg.interface,
        mac: undefined,
        addresses: leg.addresses[member.index - 1] ?? [],
        owner: gateway,
        file: formatIntentPath(gateway.role, gateway.intent),
        place: gateway.origin,
        words: `${gateway.name}, member ${member.name}`,
      },
    ];
  });
}
