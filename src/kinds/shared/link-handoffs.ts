import type { Handoff, Ownership } from "../../ir/plan.ts";
import type { Segment } from "../plan-builder.ts";

function nodesOf(site: Segment): string {
  const labels = Object.entries(site.link.nodes?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const more = site.link.nodes?.matchExpressions?.length ? " and further conditions" : "";
  return labels.length > 0 ? `the nodes with ${labels.join(", ")}${more}` : "every node";
}

/**
 * A link that comes up gets an address of IPv6 by itself, takes router advertisements, and answers ARP for every address of
 * its node: pods of the network would reach whatever listens there.
 */
function formatClosedLink(link: string, nodes: string, nmstate: boolean): string {
  // A dot in a link's name is a slash in sysctl.
  const key = (family: 4 | 6, name: string) => `\`net.ipv${family}.conf.${link.replaceAll(".", "/")}.${name}\``;
  const arp = `ARP: ${key(4, "arp_ignore=8")} (or \`rp_filter=1\`)`;
  if (nmstate) return `on ${nodes}, once \`${link}\` is there, close it to the nodes' own addresses: ${arp}`;
  const six = `no IPv6, link-local included: ${key(6, "disable_ipv6=1")} (or \`ip link set ${link} addrgenmode none\`), ${key(6, "accept_ra=0")}`;
  return `on ${nodes}, once \`${link}\` is there, close it to the nodes' own addresses: ${six}; ${arp}`;
}

/** What the switches and nodes must have before a network works. */
export function listLinkHandoffs(site: Segment, owned: Ownership, nmstate: boolean): readonly Handoff[] {
  const { link } = site;
  if (link.parent === undefined) return [];
  const nodes = nodesOf(site);
  const trunk =
    link.vlan === undefined
      ? `connect \`${link.parent}\` of ${nodes} untagged to the network of ${owned.intent}${link.separation === "shared" ? "" : ", and to nothing else"}`
      : `trunk VLAN ${link.vlan} to \`${link.parent}\` of ${nodes}, for ${owned.intent}`;
  const made: Handoff[] = [{ ...owned, topic: "vlan", text: trunk }];
  if (link.bridgeIsThere || link.interface === undefined) return made;
  const isLink =
    link.attach === "bridge" || (link.vlan !== undefined && (link.attach === "macvlan" || link.attach === "ipvlan"));
  // Where NMState makes the links, they are in the output; it knows no settings of the kernel.
  if (isLink) made.push({ ...owned, topic: "link", text: formatClosedLink(link.interface, nodes, nmstate) });
  if (nmstate) return made;
  if (link.attach === "bridge")
    made.push({
      ...owned,
      topic: "link",
      text: `on ${nodes}, make the bridge \`${link.interface}\` with ${link.vlan === undefined ? `\`${link.parent}\`` : `the link of VLAN ${link.vlan} on \`${link.parent}\``} enslaved, MTU ${site.mtu}, without an address`,
    });
  else if (link.vlan !== undefined && (link.attach === "macvlan" || link.attach === "ipvlan"))
    made.push({
      ...owned,
      topic: "link",
      text: `on ${nodes}, make the link \`${link.interface}\` (VLAN ${link.vlan} on \`${link.parent}\`), up, MTU ${site.mtu}, without an address`,
    });
  return made;
}
