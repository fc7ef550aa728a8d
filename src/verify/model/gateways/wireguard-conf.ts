import type { Address } from "../../../net/address.ts";
import { parseAddress } from "../../../net/address.ts";
import { type Cidr, parseInterfaceAddress, toNetwork } from "../../../net/cidr.ts";

export interface WireguardPeer {
  readonly endpoint: { readonly address: Address; readonly port: number } | undefined;
  readonly allowed: readonly Cidr[];
  readonly key: string;
}

/** The peers of a wg(8) configuration, or why it cannot be read. */
export function parseWireguard(text: string): readonly WireguardPeer[] | string {
  const peers: { endpoint: WireguardPeer["endpoint"]; allowed: Cidr[]; key: string }[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*$/, "").trim();
    if (line === "[Peer]") peers.push({ endpoint: undefined, allowed: [], key: "" });
    const pair = /^(\w+)\s*=\s*(.*)$/.exec(line);
    const peer = peers.at(-1);
    if (!pair || !peer) continue;
    const [, key = "", value = ""] = pair;
    if (key.toLowerCase() === "endpoint") {
      const end = /^\[?([^\]]+?)\]?:(\d+)$/.exec(value);
      const address = parseAddress(end?.[1] ?? "");
      if (!end || !address) return `the endpoint \`${value}\``;
      peer.endpoint = { address, port: Number(end[2]) };
    } else if (key.toLowerCase() === "publickey") peer.key = value;
    else if (key.toLowerCase() === "allowedips")
      for (const part of value.split(",")) {
        const read = parseInterfaceAddress(part.trim());
        if (typeof read === "string") return `AllowedIPs \`${part.trim()}\``;
        peer.allowed.push(toNetwork(read));
      }
  }
  return peers;
}
