import type { Part } from "../../../../ir/manifest.ts";
import type { WireGuardTunnel } from "../../../../ir/plan.ts";
import { formatAddress } from "../../../../net/address.ts";
import { formatCidr, formatInterfaceAddress } from "../../../../net/cidr.ts";
import { buildTunnelRoutes } from "./tunnel-routes.ts";

/** What brings a WireGuard tunnel up, by the kernel or by wireguard-go. */
export function buildWireguardFiles(tunnel: WireGuardTunnel): Readonly<Record<string, Part>> {
  const { address, port } = tunnel.endpoint;
  const shown = formatAddress(address);
  const script = {
    interface: tunnel.interface,
    privateKey: tunnel.privateKeyFrom.key,
    presharedKeys: tunnel.presharedKeyFrom ? [{ peer: tunnel.publicKey, key: tunnel.presharedKeyFrom.key }] : [],
    addresses: tunnel.addresses.map(formatInterfaceAddress),
    mtu: String(tunnel.mtu),
    ...buildTunnelRoutes(tunnel),
  };
  const configuration = {
    publicKey: tunnel.publicKey,
    endpoint: address.family === 6 ? `[${shown}]:${port}` : `${shown}:${port}`,
    allowed: tunnel.destinations.map(formatCidr).join(", "),
    keepalives: tunnel.keepaliveSeconds === undefined ? [] : [String(tunnel.keepaliveSeconds)],
  };
  return {
    "tunnel.sh": { template: "gateway/tunnel.sh", data: script },
    "wireguard.conf": { template: "gateway/wireguard.conf", data: configuration },
  };
}
