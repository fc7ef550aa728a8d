import type { Instance } from "../../ir/intent.ts";
import type { PlannedTunnel } from "../../ir/plan.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, type InterfaceAddress, parseInterfaceAddress } from "../../net/cidr.ts";
import { formatObjectName } from "../../net/name.ts";
import { computeEspMtu } from "./esp-size.ts";
import type { IpsecSpec, VpnEgressSpec } from "./types.ts";

/** Bytes that WireGuard adds: outer IP (20 or 40), UDP (8), WireGuard (32); IPv6 is assumed where the path may use it. */
const WIREGUARD_OVERHEAD = { 4: 60, 6: 80 } as const;
/** The outer header of ESP in UDP; what the cipher adds is in esp-size.ts. */
const OUTER_HEADER = { 4: 20, 6: 40 } as const;

/** Offered where the intent names none: authenticated ciphers with forward secrecy (RFC 8221, RFC 8247). */
const PROPOSALS = ["aes256gcm16-sha384-ecp384", "aes128gcm16-sha256-ecp256"];

/** Where the peer is. */
export function parseEndpoint(spec: VpnEgressSpec): Address | undefined {
  if (spec.ipsec) return parseAddress(spec.ipsec.remote);
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(spec.wireguard?.endpoint ?? "");
  return match ? parseAddress(match[1] ?? match[2] ?? "") : undefined;
}

/** The tunnel with its MTU: what the pod network carries, less what the tunnel adds. */
export function buildTunnel(
  { spec, intent: { name }, at }: Instance<VpnEgressSpec>,
  podMtu: number,
  destinations: readonly Cidr[],
): PlannedTunnel | undefined {
  const origin = at("destinations");
  const endpoint = parseEndpoint(spec);
  if (!endpoint) return undefined;
  if (spec.ipsec) return ipsecOf(spec.ipsec, endpoint, podMtu, { destinations, origin });
  const { wireguard } = spec;
  if (!wireguard) return undefined;
  return {
    type: "wireguard",
    // wireguard-go keys its control socket by the interface's name alone, so names differ by intent.
    interface: formatObjectName(["wg", name], 15),
    endpoint: { address: endpoint, port: Number(/:(\d+)$/.exec(wireguard.endpoint)?.[1]) },
    publicKey: wireguard.publicKey,
    addresses: wireguard.addresses.map((text) => parseInterfaceAddress(text) as InterfaceAddress),
    privateKeyFrom: wireguard.privateKeyFrom,
    presharedKeyFrom: wireguard.presharedKeyFrom,
    keepaliveSeconds: wireguard.keepaliveSeconds,
    destinations,
    mtu: podMtu - WIREGUARD_OVERHEAD[endpoint.family],
    origin,
  };
}

function ipsecOf(
  spec: IpsecSpec,
  remote: Address,
  podMtu: number,
  behind: Pick<PlannedTunnel, "destinations" | "origin">,
): PlannedTunnel | undefined {
  const { localId, remoteId, pskFrom, certificateFrom, proposals = PROPOSALS } = spec;
  const from = pskFrom ?? certificateFrom;
  if (!from) return undefined;
  return {
    type: "ipsec",
    // strongSwan's userland path calls its link so, and nothing else in the pod is called like it.
    interface: "ipsec0",
    remote,
    localId,
    remoteId,
    addresses: spec.addresses.map((text) => parseInterfaceAddress(text) as InterfaceAddress),
    credential: { type: pskFrom ? "psk" : "certificate", from },
    proposals,
    ...behind,
    mtu: computeEspMtu(proposals, podMtu, OUTER_HEADER[remote.family]),
  };
}
