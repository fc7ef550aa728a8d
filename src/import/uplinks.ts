import { formatVlans } from "../net/vlan.ts";
import type { ResolvedNetwork } from "./infer-subnets.ts";
import type { ExistingLink } from "./read-link.ts";

/** An uplink of the Fabric, as it is written. */
export interface InferredUplink {
  readonly name: string;
  readonly interface: string | undefined;
  readonly bridge: string | undefined;
  readonly resourceName: string | undefined;
  readonly attach: ExistingLink["attach"];
  readonly vlans: readonly string[];
  readonly mtu: number | undefined;
  /** Networks on it. */
  readonly users: readonly ResolvedNetwork[];
  /** How many of them are on each VLAN; undefined is untagged. */
  readonly perVlan: ReadonlyMap<number | undefined, number>;
}

/** The links of the nodes that networks are on. A VLAN's link is one of its parent's. */
export function inferUplinks(networks: readonly ResolvedNetwork[]): ReadonlyMap<ResolvedNetwork, InferredUplink> {
  const groups = new Map<string, ResolvedNetwork[]>();
  for (const one of networks) {
    const key = keyOf(one.network.carried.link);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  const uplinks = new Map<ResolvedNetwork, InferredUplink>();
  const taken = new Set<string>();
  for (const [, users] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { link } = (users[0] as ResolvedNetwork).network.carried;
    const mtus = users.map((one) => one.network.carried.mtu ?? 0);
    const vlans = [...new Set(users.flatMap((one) => one.network.carried.link.vlan ?? []))].sort((a, b) => a - b);
    const uplink = {
      name: nameOf(link, taken),
      interface: link.interface,
      bridge: link.bridge,
      resourceName: link.resourceName,
      attach: link.attach,
      vlans: vlans.map((vlan) => formatVlans([{ first: vlan, last: vlan }])),
      mtu: Math.max(...mtus) > 1500 ? Math.max(...mtus) : undefined,
      users,
      perVlan: countedBy(users.map((one) => one.network.carried.link.vlan)),
    };
    for (const one of users) uplinks.set(one, uplink);
  }
  return uplinks;
}

function countedBy<Key>(keys: readonly Key[]): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** macvlan and ipvlan sit on the same links; bridges, Open vSwitch and device pools are things of their own. */
function keyOf({ attach, interface: link, bridge, resourceName }: ExistingLink): string {
  if (attach === "macvlan" || attach === "ipvlan") return `link ${link ?? ""}`;
  return `${attach} ${bridge ?? resourceName ?? link}`;
}

function nameOf({ interface: link, bridge, resourceName }: ExistingLink, taken: Set<string>): string {
  const base =
    (link ?? bridge ?? resourceName ?? "default")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "link";
  let name = base;
  for (let next = 2; taken.has(name); next++) name = `${base}-${next}`;
  taken.add(name);
  return name;
}
