import { isFields } from "../manifests/manifest.ts";

/** Keys of a conflist that this model reads, as plugins document them. `vlanId` and `vlanID` are keys of two plugins. */
const READ: readonly string[] = [
  ...[
    "addresses",
    "address",
    "bridge",
    "capabilities",
    "device",
    "dst",
    "exclude",
    "gateway",
    "gw",
    "ipam",
    "ipRanges",
    "id",
  ],
  ...["ips", "master", "mode", "mtu", "name", "network_name", "physicalNetworkName", "plugins", "provider", "range"],
  ...[
    "range_end",
    "range_start",
    "rangeEnd",
    "rangeStart",
    "ranges",
    "routes",
    "subnet",
    "subnets",
    "sysctl",
    "topology",
    "type",
    "vlan",
  ],
  ...["vlanID", "vlanId", "vlanTrunk", "trunk", "minID", "maxID"],
];

const spelt = new Set(READ);
const folded = new Set(READ.map((key) => key.toLowerCase()));

/** Maps whose keys are names of other things, each taken as it is. */
const VERBATIM: ReadonlySet<string> = new Set(["sysctl", "capabilities", "args", "cni", "runtimeConfig"]);

/**
 * A key that a plugin would read as another one: encoding/json matches keys of any case, and the last one of a name holds.
 * Undefined where there is none.
 */
export function findNonCanonicalKey(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    for (const one of value) {
      const found = findNonCanonicalKey(one);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isFields(value)) return undefined;
  for (const key of Object.keys(value)) {
    // Two letters beyond ASCII fold to k and s.
    const plain = key.normalize("NFKC").toLowerCase();
    if (folded.has(plain) && !spelt.has(key)) return key;
    const inside = VERBATIM.has(key) ? undefined : findNonCanonicalKey(value[key]);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
