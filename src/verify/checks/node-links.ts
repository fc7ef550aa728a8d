import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import {
  formatLinkIdentity,
  listWires,
  mayShareNodes,
  type NodeLink,
  readNodeLinks,
} from "../model/networks/node-links.ts";
import { verifyRules } from "../rules.ts";

/**
 * Links that NodeNetworkConfigurationPolicies make, against each other and against the networks on them. NMState applies
 * one policy after another, so a name that two of them use is first one link and then another, with pods on it.
 */
export function checkNodeLinks(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = readNodeLinks(model.nodePolicies);
  const expected = watch.expected.links.filter(
    ({ attach, parent, interface: name, takesOver, bridgeIsThere }) =>
      ["macvlan", "ipvlan", "bridge"].includes(attach) &&
      parent !== undefined &&
      name !== undefined &&
      takesOver.length === 0 &&
      !bridgeIsThere,
  );
  const byName = new Map<string, NodeLink[]>();
  for (const link of links) {
    const list = byName.get(link.name);
    if (list) list.push(link);
    else byName.set(link.name, [link]);
  }
  // Where another target writes the network, nobody sits on a link of the node's own.
  const made = new Set(
    model.platform.nmstate ? model.networks.map(({ manifest, plugin }) => `${manifest.intent ?? ""} ${plugin}`) : [],
  );
  const written = new Set(model.written.map(formatName));
  const concerned = new Set(expected.map((one) => one.interface));
  const ours = (link: NodeLink) => written.has(formatName(link.manifest)) || concerned.has(link.name);
  return [
    ...oneMeaning(byName, ours),
    ...oneName(links, ours),
    ...onePort(links, ours),
    ...bridged(links, expected),
    ...otherNames(links, byName, watch),
    ...expected.flatMap((one) => heldAgainst(one, byName, made.has(`${one.network} ${one.attach}`))),
  ];
}

function differs(link: NodeLink, why: string, origin?: ExpectedLink["origin"]): Diagnostic {
  const place = locateInManifest(link.manifest, "spec", "desiredState", "interfaces", link.index);
  const related = origin ? [{ place: origin, label: "expected here" }] : [];
  return verifyRules.diagnose("node-link", place, { what: formatName(link.manifest), why }, { related });
}

/** Those of one key that differ from the first one of the same nodes. */
function unlike(
  lists: Iterable<readonly NodeLink[]>,
  ours: (link: NodeLink) => boolean,
  meaning: (link: NodeLink) => string,
  why: (link: NodeLink, first: NodeLink) => string,
): readonly Diagnostic[] {
  return [...lists].flatMap((list) =>
    list.slice(1).flatMap((link, index) => {
      const first = list
        .slice(0, Math.min(index + 1, COMPARED))
        .find((one) => meaning(one) !== meaning(link) && mayShareNodes(one, link));
      return first && (ours(first) || ours(link)) ? [differs(link, why(link, first))] : [];
    }),
  );
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Links of one name that each further one is held against; one that differs is enough. */
const COMPARED = 8;

function oneMeaning(byName: ReadonlyMap<string, readonly NodeLink[]>, ours: (link: NodeLink) => boolean) {
  return unlike(
    byName.values(),
    ours,
    formatLinkIdentity,
    (link, first) =>
      `\`${link.name}\` is ${formatLinkIdentity(link)} here, and ${formatLinkIdentity(first)} in ${formatName(first.manifest)}`,
  );
}

/** The kernel makes no second link of one VLAN. */
function oneName(links: readonly NodeLink[], ours: (link: NodeLink) => boolean) {
  const byVlan = groupBy(
    links.filter((one) => one.type === "vlan"),
    formatLinkIdentity,
  );
  return unlike(
    byVlan.values(),
    ours,
    (one) => one.name,
    (link, first) =>
      `${formatLinkIdentity(link)} is \`${link.name}\` here, and \`${first.name}\` in ${formatName(first.manifest)}: a node has one link of a VLAN`,
  );
}

function onePort(links: readonly NodeLink[], ours: (link: NodeLink) => boolean): readonly Diagnostic[] {
  const bridges = links.filter((one) => one.ports.length > 0);
  const byPort = groupBy(
    bridges.flatMap((bridge) => bridge.ports.map((port) => ({ bridge, port }))),
    (one) => one.port,
  );
  return [...byPort].flatMap(([port, users]) =>
    unlike(
      [users.map((one) => one.bridge)],
      ours,
      (one) => one.name,
      (link, first) =>
        `\`${port}\` is a port of \`${link.name}\` here, and of \`${first.name}\` in ${formatName(first.manifest)}`,
    ),
  );
}

/** Pods of a network sit on its link themselves: as a port of a bridge it is joined with what else the bridge has. */
function bridged(links: readonly NodeLink[], expected: readonly ExpectedLink[]): readonly Diagnostic[] {
  const held = new Map(expected.filter((one) => one.attach !== "bridge").map((one) => [one.interface, one]));
  return links.flatMap((link) =>
    link.ports.flatMap((port) => {
      const network = held.get(port);
      if (!network) return [];
      const why = `\`${link.name}\` has \`${port}\` as a port, the link of ${network.network}, and joins it with its other ports`;
      return [differs(link, why, network.origin)];
    }),
  );
}

function heldAgainst(
  expected: ExpectedLink,
  byName: ReadonlyMap<string, readonly NodeLink[]>,
  mustBeMade: boolean,
): readonly Diagnostic[] {
  const { interface: name = "", parent = "", vlan, attach, origin } = expected;
  const made = byName.get(name) ?? [];
  if (made.length === 0) {
    // What sits on the uplink itself needs nothing made.
    if (!mustBeMade || (attach !== "bridge" && vlan === undefined)) return [];
    const why = `no policy makes the link \`${name}\` of ${expected.network}`;
    return [verifyRules.diagnose("node-link", origin, { what: "NodeNetworkConfigurationPolicies", why })];
  }
  const wire = vlan === undefined ? parent : `VLAN ${vlan} of ${parent}`;
  return made.flatMap((link) => {
    const under = attach === "bridge" ? link.ports.flatMap((port) => byName.get(port) ?? []) : [];
    const found = [link, ...under].flatMap((one) => checkClosed(one, parent, expected));
    const wires = attach === "bridge" ? link.ports.map((port) => wireOf(port, byName)) : [wireOf(name, byName)];
    if (wires.length === 1 && wires[0] === wire && !(attach === "bridge" && link.type !== "linux-bridge")) return found;
    const shown = wires.length > 0 ? wires.join(" and ") : "nothing";
    const why = `\`${name}\` is on ${shown}, and ${expected.network} is expected on ${wire}`;
    return [...found, differs(link, why, origin)];
  });
}

/** What a port or link is, down to the wire. */
function wireOf(name: string, byName: ReadonlyMap<string, readonly NodeLink[]>): string {
  const [link] = byName.get(name) ?? [];
  return link?.type === "vlan" ? formatLinkIdentity(link) : name;
}

/** A node with an address on the link is a way into the network, past every policy. The uplink itself may have one. */
function checkClosed(link: NodeLink, parent: string, expected: ExpectedLink): readonly Diagnostic[] {
  if (link.name === parent && expected.vlan !== undefined) return [];
  const found = link.addressed.map((family) =>
    differs(link, `\`${link.name}\` of ${expected.network} may give the node an ${family} address`, expected.origin),
  );
  return link.isUp ? found : [...found, differs(link, `\`${link.name}\` is not \`state: up\``, expected.origin)];
}

/** Links on the wire of a zone or of a Network by a name that is not expected, with an address of the node: it is then in that network. */
function otherNames(
  links: readonly NodeLink[],
  byName: ReadonlyMap<string, readonly NodeLink[]>,
  { expected }: ExpectedIndex,
): readonly Diagnostic[] {
  const closed = new Set([...expected.zones, ...expected.networks].map((one) => one.id));
  const wires = new Map<string, ExpectedLink>();
  const names = new Set<string>();
  for (const one of expected.links) {
    // Ports of an expected bridge are looked at together with it.
    for (const name of one.interface === undefined ? [] : [one.interface, ...portsOf(one.interface, byName)])
      names.add(name);
    if (one.takesOver.length > 0 || !closed.has(one.network)) continue;
    if (one.interface !== undefined) wires.set(one.interface, one);
    if (one.parent !== undefined)
      wires.set(one.vlan === undefined ? one.parent : `VLAN ${one.vlan} of ${one.parent}`, one);
  }
  return links.flatMap((link) => {
    if (names.has(link.name) || link.addressed.length === 0 || link.ports.some((one) => names.has(one))) return [];
    const wire = listWires(link.name, byName).find((one) => wires.has(one));
    const network = wire === undefined ? undefined : wires.get(wire);
    if (!network) return [];
    const families = link.addressed.join(" and ");
    const why = `\`${link.name}\` is on ${wire}, which is ${network.network}'s, and may give the node an address there (${families})`;
    return [differs(link, why, network.origin)];
  });
}

function portsOf(name: string, byName: ReadonlyMap<string, readonly NodeLink[]>): readonly string[] {
  return (byName.get(name) ?? []).flatMap((one) => one.ports);
}
