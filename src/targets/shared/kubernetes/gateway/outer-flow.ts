import type { PlannedTunnel } from "../../../../ir/plan.ts";
import type { Address } from "../../../../net/address.ts";

/** What of a tunnel is seen on eth0: UDP to the peer, and nothing else. */
export interface OuterFlow {
  readonly address: Address;
  readonly ports: readonly number[];
}

/** IKE begins on 500 and goes on, with ESP in UDP, on 4500 (RFC 7296 2.23): ESP itself no NetworkPolicy can let out. */
const IKE_PORTS = [500, 4500];

export function findOuterFlow(tunnel: PlannedTunnel): OuterFlow {
  if (tunnel.type === "ipsec") return { address: tunnel.remote, ports: IKE_PORTS };
  return { address: tunnel.endpoint.address, ports: [tunnel.endpoint.port] };
}
