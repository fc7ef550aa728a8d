import type { Part } from "../../../../ir/manifest.ts";
import type { IpsecTunnel } from "../../../../ir/plan.ts";
import { formatAddress } from "../../../../net/address.ts";
import { formatCidr, formatInterfaceAddress, toHostCidr } from "../../../../net/cidr.ts";
import { buildTunnelRoutes } from "./tunnel-routes.ts";

/** Ties the link to the associations of its tunnel: only what goes through the link is encrypted by them. */
const LINK_ID = "51820";

/** TUN_DEFAULT_MTU of strongSwan's libipsec: longer packets are cut off when it reads them. */
const USERLAND_MTU = 1400;

/** What brings an IPsec tunnel up: strongSwan, and the kernel's XFRM interface or strongSwan's own userland path. */
export function buildIpsecFiles(tunnel: IpsecTunnel): Readonly<Record<string, Part>> {
  const { credential } = tunnel;
  const isPsk = credential.type === "psk";
  const certificate = credential.from.key;
  const files = [
    { from: certificate, to: `x509/${certificate}` },
    { from: certificate.replace(/crt$/, "key"), to: `private/${certificate.replace(/crt$/, "key")}` },
    { from: "ca.crt", to: "x509ca/ca.crt" },
  ];
  const script = {
    interface: tunnel.interface,
    id: LINK_ID,
    keys: isPsk ? [credential.from.key] : [],
    files: isPsk ? [] : files,
    addresses: tunnel.addresses.map(formatInterfaceAddress),
    mtu: String(tunnel.mtu),
    userlandMtu: String(Math.min(tunnel.mtu, USERLAND_MTU)),
    ...buildTunnelRoutes(tunnel),
  };
  const configuration = {
    id: LINK_ID,
    remote: formatAddress(tunnel.remote),
    localId: tunnel.localId,
    remoteId: tunnel.remoteId,
    auth: isPsk ? "psk" : "pubkey",
    certificates: isPsk ? [] : [certificate],
    authorities: isPsk ? [] : ["ca.crt"],
    proposals: tunnel.proposals.join(", "),
    local: tunnel.addresses.map((one) => formatCidr(toHostCidr(one.address))).join(", "),
    behind: tunnel.destinations.map(formatCidr).join(", "),
  };
  return {
    "tunnel.sh": { template: "gateway/ipsec.sh", data: script },
    "strongswan.conf": { template: "gateway/strongswan.conf", data: {} },
    "swanctl.conf": { template: "gateway/swanctl.conf", data: configuration },
  };
}
