import type { Tunnel } from "../../ir/plan.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, type InterfaceAddress, parseInterfaceAddress } from "../../net/cidr.ts";
import { objectName } from "../../net/name.ts";
import type { VpnEgressSpec } from "./types.ts";

/** Bytes that WireGuard adds: outer IP (20 or 40), UDP (8), WireGuard (32); IPv6 is assumed where the path may use it. */
const WIREGUARD_OVERHEAD = { 4: 60, 6: 80 } as const;
/** Bytes that ESP in UDP adds at most with AES-GCM: outer IP, UDP, SPI, sequence, IV, padding, ICV. */
const IPSEC_OVERHEAD = { 4: 74, 6: 94 } as const;

/** Where the peer is. */
export function endpointOf(spec: VpnEgressSpec): Address | undefined {
  if (spec.ipsec) return parseAddress(spec.ipsec.remote);
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(spec.wireguard?.endpoint ?? "");
  return match ? parseAddress(match[1] ?? match[2] ?? "") : undefined;
}

/** The tunnel with its MTU: what the pod network carries, less what the tunnel adds. */
export function tunnelOf(
  spec: VpnEgressSpec,
  name: string,
  podMtu: number,
  destinations: readonly Cidr[],
): Tunnel | undefined {
  const endpoint = endpointOf(spec);
  if (!endpoint) return undefined;
  if (spec.ipsec) {
    const { localId, remoteId, pskFrom, certificateFrom, proposals } = spec.ipsec;
    const mtu = podMtu - IPSEC_OVERHEAD[endpoint.family];
    const whole = {
      type: "ipsec" as const,
      interface: "ipsec0",
      remote: endpoint,
      localId,
      remoteId,
      destinations,
      mtu,
    };
    return { ...whole, pskFrom, certificateFrom, proposals: proposals ?? [] };
  }
  const { wireguard } = spec;
  if (!wireguard) return undefined;
  return {
    type: "wireguard",
    // wireguard-go keys its control socket by the interface's name alone, so names differ by intent.
    interface: objectName(["wg", name], 15),
    endpoint: { address: endpoint, port: Number(/:(\d+)$/.exec(wireguard.endpoint)?.[1]) },
    publicKey: wireguard.publicKey,
    addresses: wireguard.addresses.map((text) => parseInterfaceAddress(text) as InterfaceAddress),
    privateKeyFrom: wireguard.privateKeyFrom,
    presharedKeyFrom: wireguard.presharedKeyFrom,
    keepaliveSeconds: wireguard.keepaliveSeconds,
    destinations,
    mtu: podMtu - WIREGUARD_OVERHEAD[endpoint.family],
  };
}
