import type { WireGuardTunnel } from "../../../ir/plan.ts";
import { formatAddress } from "../../../net/address.ts";
import { formatCidr, formatInterfaceAddress } from "../../../net/cidr.ts";

/** Destinations that are everything need a table of their own: the tunnel's own packets must still find eth0. */
const OWN_TABLE = "51820";

/** What tunnel.sh and wireguard.conf spell. */
export function tunnelFiles(tunnel: WireGuardTunnel) {
  const { address, port } = tunnel.endpoint;
  const shown = formatAddress(address);
  const whole = tunnel.destinations.filter((one) => one.prefix === 0);
  return {
    script: {
      interface: tunnel.interface,
      privateKey: tunnel.privateKeyFrom.key,
      presharedKeys: tunnel.presharedKeyFrom ? [{ peer: tunnel.publicKey, key: tunnel.presharedKeyFrom.key }] : [],
      addresses: tunnel.addresses.map(formatInterfaceAddress),
      mtu: String(tunnel.mtu),
      rules: whole.map((one) => ({ family: `-${one.family}`, table: OWN_TABLE })),
      routes: tunnel.destinations.map((one) => ({
        family: `-${one.family}`,
        to: formatCidr(one),
        table: one.prefix === 0 ? OWN_TABLE : "main",
      })),
    },
    configuration: {
      publicKey: tunnel.publicKey,
      endpoint: address.family === 6 ? `[${shown}]:${port}` : `${shown}:${port}`,
      allowed: tunnel.destinations.map(formatCidr).join(", "),
      keepalives: tunnel.keepaliveSeconds === undefined ? [] : [String(tunnel.keepaliveSeconds)],
    },
  };
}
