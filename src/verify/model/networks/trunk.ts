import { VLAN_MAX, VLAN_MIN, type VlanRange } from "../../../net/vlan.ts";
import { type Fields, hasValue, readList, readNumber, readText } from "../manifests/manifest.ts";

/** VLANs whose frames an interface takes as a pod tags them, besides the one network that it is on. */
export type Trunk = readonly VlanRange[];

/** That of a link which no VLAN is said of. */
export const ALL_VLANS: Trunk = [{ first: VLAN_MIN, last: VLAN_MAX }];

/** The trunk of a conflist's first plugin, whose layer-2 domain is known; undefined where the pod can tag nothing. */
export function readTrunk(plugin: Fields, domain: string): Trunk | undefined {
  const wholeLink = / vlan \d+$/.test(domain) ? undefined : ALL_VLANS;
  switch (readText(plugin, "type")) {
    case "macvlan":
    case "ipvlan":
    case "host-device":
    // A virtual function without a VLAN sends whatever its driver tags.
    case "sriov":
      return wholeLink;
    case "bridge":
      return readTrunkList(plugin, "vlanTrunk");
    case "ovs":
      // A port of Open vSwitch without a tag is one of every VLAN.
      return readTrunkList(plugin, "trunk") ?? (hasValue(plugin, "vlan") ? undefined : ALL_VLANS);
    default:
      return undefined;
  }
}

function readTrunkList(plugin: Fields, key: string): Trunk | undefined {
  const ranges = readList(plugin, key).flatMap((one): readonly VlanRange[] => {
    const [id, first, last] = ["id", "minID", "maxID"].map((name) => readNumber(one, name));
    return [
      ...(id === undefined ? [] : [{ first: id, last: id }]),
      ...(first === undefined || last === undefined ? [] : [{ first, last }]),
    ];
  });
  return ranges.length === 0 ? undefined : ranges;
}
