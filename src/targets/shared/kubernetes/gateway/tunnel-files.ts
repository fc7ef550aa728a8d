import type { Part } from "../../../../ir/manifest.ts";
import type { PlannedTunnel } from "../../../../ir/plan.ts";
import { buildIpsecFiles } from "./ipsec.ts";
import { buildWireguardFiles } from "./wireguard.ts";

/** Script and configuration of a tunnel: `tunnel.sh` with `up`, `down`, `guard` and `alive`, whatever the tunnel is. */
export function buildTunnelFiles(tunnel: PlannedTunnel): Readonly<Record<string, Part>> {
  return tunnel.type === "wireguard" ? buildWireguardFiles(tunnel) : buildIpsecFiles(tunnel);
}
