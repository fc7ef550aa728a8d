import {
  type Fields,
  isFields,
  type ReadManifest,
  readFields,
  readLabels,
  readList,
  readNumber,
  readText,
} from "../manifests/manifest.ts";
import type { Labels } from "../policies/selector.ts";

/** An interface of the nodes, as a NodeNetworkConfigurationPolicy asks NMState for it. */
export interface NodeLink {
  readonly manifest: ReadManifest;
  /** Its place in the policy's list. */
  readonly index: number;
  readonly name: string;
  readonly type: string;
  /** What a VLAN sits on, and its id. */
  readonly base: string | undefined;
  readonly id: number | undefined;
  /** What a macvlan or an ipvlan sits on: it is on the same wire. */
  readonly under: string | undefined;
  /** Ports of a bridge. */
  readonly ports: readonly string[];
  readonly isUp: boolean;
  /** Families in which the node may have an address there: whatever is not switched off. */
  readonly addressed: readonly ("IPv4" | "IPv6")[];
  /** Labels of the nodes that have it. */
  readonly nodes: Labels;
}

export function isNodePolicy(manifest: ReadManifest): boolean {
  return manifest.kind === "NodeNetworkConfigurationPolicy" && manifest.apiVersion.startsWith("nmstate.io/");
}

export function readNodeLinks(policies: readonly ReadManifest[]): readonly NodeLink[] {
  return policies.flatMap((manifest) => {
    const nodes = readLabels(manifest.value, "spec", "nodeSelector");
    return readList(manifest.value, "spec", "desiredState", "interfaces").flatMap((one, index) =>
      isFields(one) ? [readLink(one, manifest, index, nodes)] : [],
    );
  });
}

function readLink(one: Fields, manifest: ReadManifest, index: number, nodes: Labels): NodeLink {
  const families = [
    ["IPv4", readFields(one, "ipv4")],
    ["IPv6", readFields(one, "ipv6")],
  ] as const;
  return {
    manifest,
    index,
    name: readText(one, "name") ?? "",
    type: readText(one, "type") ?? "",
    base: readText(one, "vlan", "base-iface"),
    id: readNumber(one, "vlan", "id"),
    under: ["mac-vlan", "mac-vtap", "ipvlan"]
      .map((key) => readText(one, key, "base-iface"))
      .find((name) => name !== undefined),
    ports: readList(one, "bridge", "port").flatMap((port) => readText(port, "name") ?? []),
    isUp: readText(one, "state") === "up",
    addressed: families.filter(([, ip]) => ip.enabled !== false).map(([family]) => family),
    nodes,
  };
}

/** `VLAN 110 of bond1`: two links that differ in it are two links, whatever they are called. */
export function formatLinkIdentity({ type, base, id, ports }: NodeLink): string {
  if (type === "vlan") return `VLAN ${id ?? "?"} of ${base ?? "?"}`;
  if (type.endsWith("bridge")) return `a bridge of ${ports.length > 0 ? [...ports].sort().join(" and ") : "nothing"}`;
  return `of type ${type}`;
}

/** Whether a node may exist that both are for. */
export function mayShareNodes(a: NodeLink, b: NodeLink): boolean {
  return Object.entries(a.nodes).every(([key, value]) => b.nodes[key] === undefined || b.nodes[key] === value);
}

/** Links inside links that are followed. */
const DEEP = 8;

/** The wires that a link is on, down to links that no policy makes: `VLAN 510 of bond0`, `bond0`. */
export function listWires(
  name: string,
  byName: ReadonlyMap<string, readonly NodeLink[]>,
  depth = 0,
): readonly string[] {
  const link = byName.get(name)?.[0];
  if (!link || depth > DEEP) return [name];
  const down = (one: string) => (one === name ? [one] : listWires(one, byName, depth + 1));
  if (link.type === "vlan") return down(link.base ?? "?").map((wire) => `VLAN ${link.id ?? "?"} of ${wire}`);
  if (link.under !== undefined) return down(link.under);
  const found = new Set(link.ports.slice(0, MOST_PORTS).flatMap(down));
  return found.size > 0 ? [...found] : [name];
}

/** Ports of one bridge that are followed. */
const MOST_PORTS = 64;
