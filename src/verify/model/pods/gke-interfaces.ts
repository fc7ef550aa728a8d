import { findRepeatedKey } from "../../../yaml/repeated-key.ts";
import { readText } from "../manifests/manifest.ts";
import { formatGkeName } from "../networks/gke-network.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import type { ResolvedAttachment } from "./attached-to.ts";
import { ETH0 } from "./node.ts";
import type { Pod } from "./pod.ts";

const INTERFACES = "networking.gke.io/interfaces";
const DEFAULT_INTERFACE = "networking.gke.io/default-interface";

/** The further interfaces of a pod as GKE reads them from its annotation, or why they cannot be read. */
export function readGkeInterfaces(
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
): readonly ResolvedAttachment[] | string {
  const text = pod.annotations[INTERFACES];
  if (text === undefined) return [];
  if ((pod.annotations[DEFAULT_INTERFACE] ?? ETH0) !== ETH0) return `its default interface is not ${ETH0}`;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return "its interfaces are no JSON";
  }
  if (!Array.isArray(list)) return "its interfaces are no list";
  const twice = findRepeatedKey(text);
  if (twice !== undefined) return `the key \`${twice}\` of its interfaces, which stands twice`;
  const found: ResolvedAttachment[] = [];
  for (const element of list) {
    const [inner, network] = [readText(element, "interfaceName"), readText(element, "network")];
    if (inner === undefined || network === undefined) return "an element of its interfaces has no name or no network";
    if (network === "default") continue;
    const name = formatGkeName(network);
    found.push({
      attachment: { namespace: "", name, interface: inner, addresses: [], defaultRoute: [] },
      network: networks.get(`/${name}`),
    });
  }
  return found;
}
