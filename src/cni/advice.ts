import { formatSuggestion, suggestWord } from "../diagnostics/suggest.ts";
import { findPluginTable, type PluginField, pluginNames } from "./plugin-table.ts";

/** Keys that people write out of another habit, where more than the plugin's own word is to be said. */
const habits: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  macvlan: {
    ...tagsNothing("macvlan"),
    isGateway: "delete it: it is a field of `bridge`, and a macvlan has no link on the node that could be a gateway",
    isDefaultGateway: "delete it: it is a field of `bridge`",
  },
  ipvlan: { ...tagsNothing("ipvlan"), mac: "links of an ipvlan share the MAC address of their `master`" },
  static: {
    gateway: "a gateway belongs beside its address: `addresses: [{address, gateway}]`",
    gw: "a gateway belongs beside its address: `addresses: [{address, gateway}]`",
    address: "addresses stand in a list: `addresses: [{address}]`",
    subnet: "the key is `addresses`; `subnet` is a field of `host-local`",
    range: "the key is `addresses`; `range` is a field of `whereabouts`",
  },
  "routes[]": {
    metric: "the key is `priority`",
    gateway: "the key is `gw`",
    via: "the key is `gw`",
    nexthop: "the key is `gw`",
    destination: "the key is `dst`",
    to: "the key is `dst`",
  },
  $annotation: {
    ...noGateway("gateway", "default-gateway", "gateways", "defaultGateway", "gw"),
    ip: "the key is `ips`, and takes a list",
    ipAddress: "the key is `ips`, and takes a list",
    address: "the key is `ips`, and takes a list",
    addresses: "the key is `ips`, and takes a list",
    macAddress: "the key is `mac`",
    hwaddr: "the key is `mac`",
    ifname: "the key is `interface`",
    interfaceName: "the key is `interface`",
    nad: "the key is `name`",
    network: "the key is `name`",
  },
};

/** Which VLAN pods are in does not change by what the help says: it names the key that decides it. */
function tagsNothing(type: string): Readonly<Record<string, string>> {
  const text = `${type} tags nothing: pods are in the VLAN of the link that \`master\` names, as \`eth0.100\``;
  return Object.fromEntries(
    ["vlan", "vlanId", "vlanID", "vlan_id", "vid", "tag", "vlanTrunk"].map((key) => [key, text]),
  );
}

/** A gateway of one network must not become the pod's default route because a help says so. */
function noGateway(...keys: readonly string[]): Readonly<Record<string, string>> {
  const text = "delete it: the gateway of a network belongs in its `ipam`, and the routes of the pod do not change";
  return Object.fromEntries(keys.map((key) => [key, text]));
}

/** Keys of one meaning. Each plugin has its own of them. */
const alike: readonly (readonly string[])[] = [
  ["master", "bridge", "device", "interface", "parent", "link", "nic", "iface", "hostInterface", "uplink", "dev"],
  ["vlan", "vlanId", "vlanID", "vlan_id", "vid", "tag", "vlanTag"],
  ["vlanTrunk", "trunk", "trunks", "vlans"],
  ["spoofchk", "macspoofchk", "spoofCheck", "macSpoofCheck"],
  ["mac", "macAddress", "hwaddr"],
  ["link_state", "linkState"],
  ["subnet", "range", "cidr", "network", "addresses", "poolName", "pool", "ippools", "default_ipv4_ippool"],
  ["ranges", "ipRanges"],
  ["rangeStart", "range_start", "start", "startAddress"],
  ["rangeEnd", "range_end", "end", "endAddress"],
  ["exclude", "excludes", "excluded", "omit_ranges", "excludeRanges", "excludeIps"],
  ["gateway", "gw", "router", "defaultGateway"],
  ["physicalNetworkName", "physicalNetwork", "bridgeMapping"],
  ["mtu", "linkMtu"],
];

/** A plugin's own key of the meaning that another key has. */
function ownKey(key: string, keys: readonly string[]): string | undefined {
  const group = alike.find((words) => words.some((word) => normalizeKey(word) === normalizeKey(key)));
  return group?.find((word) => keys.includes(word));
}

/** Words out of use, and what took their place. */
const successors: Readonly<Record<string, string>> = {
  interfaceRequest: "write `interface`",
  datastore: "delete it: leases are kept in the Kubernetes API",
};

/** What to type for a key that is out of use. */
export function findSuccessor(key: string): string | undefined {
  return /^etcd_/.test(key) ? successors.datastore : successors[key];
}

/** Spelling without what naming habits differ in. */
function normalizeKey(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, "");
}

/** The key that differs from what was written in case, `-` and `_` only. */
export function findSimilarKey(written: string, known: Iterable<string>): string | undefined {
  const wanted = normalizeKey(written);
  for (const key of known) if (normalizeKey(key) === wanted) return key;
  return undefined;
}

/** Plugins of the same role that have the key. */
function listOtherKeys(type: string, key: string, address: boolean): readonly string[] {
  return pluginNames.filter((name) => {
    const table = findPluginTable(name);
    const fits = address ? table?.kind === "ipam" : table?.kind === "main" || table?.kind === "meta";
    return name !== type && fits && Object.hasOwn(table?.fields ?? {}, key) && !table?.fields[key]?.internal;
  });
}

/**
 * What to do about a key that a plugin does not know: its own spelling, what such a key is called here, or whose it is.
 * `where` is the path of the object that holds it, `""` for the plugin itself.
 */
export function adviseOnKey(
  type: string,
  key: string,
  known: Readonly<Record<string, PluginField>>,
  where: string,
  address: boolean,
): string | undefined {
  const keys = Object.keys(known).filter((one) => !known[one]?.internal && !known[one]?.runtimeOnly);
  const same = findSimilarKey(key, keys);
  if (same !== undefined) return `did you mean \`${same}\`?`;
  const group = /routes\[\]$/.test(where) ? "routes[]" : where === "" ? type : "";
  const habit = habits[group];
  if (habit && Object.hasOwn(habit, key)) return habit[key];
  const near = suggestWord(key, keys);
  // One edit away is a slip, whatever other plugins have.
  if (near !== undefined && near.length > 3 && Math.abs(near.length - key.length) <= 1 && isOneEdit(key, near))
    return `did you mean \`${near}\`?`;
  if (where === "" && !type.startsWith("$")) {
    const owners = listOtherKeys(type, key, address);
    const own = ownKey(key, keys);
    if (own !== undefined && own !== key) {
      const whose = owners.length > 0 ? `; \`${key}\` is a field of ${formatOwners(owners)}` : "";
      return `the key of \`${type}\` is \`${own}\`${whose}`;
    }
    if (owners.length > 0) return `delete it: \`${type}\` has none, it is a field of ${formatOwners(owners)}`;
  }
  return formatSuggestion(key, keys);
}

function formatOwners(owners: readonly string[]): string {
  return owners
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(", ");
}

function isOneEdit(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  return Math.max(endA - start, endB - start) <= 1 || (endA - start === 2 && endB - start === 2);
}
