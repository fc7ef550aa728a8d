import { didYouMean, suggest } from "../diagnostics/suggest.ts";
import { type PluginField, pluginNames, pluginTable } from "./plugin-table.ts";

/** Keys that people write out of another habit, and what the plugin's own word is. */
const habits: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  macvlan: {
    vlan: "macvlan tags nothing: let `master` be the VLAN's link, as in `eth0.100`",
    vlanId: "macvlan tags nothing: let `master` be the VLAN's link, as in `eth0.100`",
    vlanID: "macvlan tags nothing: let `master` be the VLAN's link, as in `eth0.100`",
    isGateway: "it is a field of `bridge`; a macvlan has no link on the node that could be a gateway",
    isDefaultGateway: "it is a field of `bridge`; give the pod a route with `ipam.routes`",
  },
  ipvlan: {
    vlan: "ipvlan tags nothing: let `master` be the VLAN's link, as in `eth0.100`",
    vlanId: "ipvlan tags nothing: let `master` be the VLAN's link, as in `eth0.100`",
    mac: "links of an ipvlan share the MAC address of their master",
  },
  static: {
    gateway: "a gateway stands beside its address: `addresses: [{address, gateway}]`",
    address: "addresses stand in a list: `addresses: [{address}]`",
    subnet: "`static` takes `addresses`; `host-local` takes a `subnet`",
  },
  whereabouts: {
    subnet: "the key is `range`",
    ranges: "the key is `ipRanges`",
    excludes: "the key is `exclude`",
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
    gateway: "the key is `default-route`, and takes a list of addresses without prefix",
    "default-gateway": "the key is `default-route`, and takes a list of addresses without prefix",
    gateways: "the key is `default-route`, and takes a list of addresses without prefix",
    ip: "the key is `ips`, and takes a list",
    macAddress: "the key is `mac`",
    ifname: "the key is `interface`",
  },
};

/** Words out of use, and what took their place. */
const successors: Readonly<Record<string, string>> = {
  interfaceRequest: "write `interface`",
  datastore: "delete it: leases are kept in the Kubernetes API",
};

/** What to type for a key that is out of use. */
export function successorOf(key: string): string | undefined {
  return /^etcd_/.test(key) ? successors.datastore : successors[key];
}

/** Spelling without what naming habits differ in. */
function bare(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, "");
}

/** The key that differs from what was written in case, `-` and `_` only. */
export function sameBut(written: string, known: Iterable<string>): string | undefined {
  const wanted = bare(written);
  for (const key of known) if (bare(key) === wanted) return key;
  return undefined;
}

/** Plugins of the same role that have the key. */
function others(type: string, key: string, address: boolean): readonly string[] {
  return pluginNames.filter((name) => {
    const table = pluginTable(name);
    const fits = address ? table?.kind === "ipam" : table?.kind === "main" || table?.kind === "meta";
    return name !== type && fits && Object.hasOwn(table?.fields ?? {}, key) && !table?.fields[key]?.internal;
  });
}

/**
 * What to do about a key that a plugin does not know: its own spelling, what such a key is called here, or whose it is.
 * `where` is the path of the object that holds it, `""` for the plugin itself.
 */
export function adviceFor(
  type: string,
  key: string,
  known: Readonly<Record<string, PluginField>>,
  where: string,
  address: boolean,
): string | undefined {
  const keys = Object.keys(known).filter((one) => !known[one]?.internal && !known[one]?.runtimeOnly);
  const same = sameBut(key, keys);
  if (same !== undefined) return `did you mean \`${same}\`?`;
  const group = /routes\[\]$/.test(where) ? "routes[]" : where === "" ? type : "";
  const habit = habits[group];
  if (habit && Object.hasOwn(habit, key)) return habit[key];
  const near = suggest(key, keys);
  // One edit away is a slip, whatever other plugins have.
  if (near !== undefined && near.length > 3 && Math.abs(near.length - key.length) <= 1 && isOneEdit(key, near))
    return `did you mean \`${near}\`?`;
  if (where === "" && !type.startsWith("$")) {
    const owners = others(type, key, address);
    if (owners.length > 0)
      return `it is a field of ${owners
        .slice(0, 3)
        .map((name) => `\`${name}\``)
        .join(", ")}`;
  }
  return didYouMean(key, keys);
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
