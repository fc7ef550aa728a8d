import type { Part } from "../../../../ir/manifest.ts";
import type { Tunnel } from "../../../../ir/plan.ts";
import { ipsecFiles } from "./ipsec.ts";
import { wireguardFiles } from "./wireguard.ts";

/** Script and configuration of a tunnel: `tunnel.sh` with `up`, `down`, `guard` and `alive`, whatever the tunnel is. */
export function tunnelFiles(tunnel: Tunnel): Readonly<Record<string, Part>> {
  return tunnel.type === "wireguard" ? wireguardFiles(tunnel) : ipsecFiles(tunnel);
}
