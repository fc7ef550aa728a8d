import type { Handoff, Owned } from "../../ir/plan.ts";
import type { Site } from "../plan-builder.ts";

function nodesOf(site: Site): string {
  const labels = Object.entries(site.link.nodes?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const more = site.link.nodes?.matchExpressions?.length ? " and further conditions" : "";
  return labels.length > 0 ? `the nodes with ${labels.join(", ")}${more}` : "every node";
}

/** What the switches and nodes must have before a network works. */
export function linkHandoffs(site: Site, owned: Owned, nmstate: boolean): readonly Handoff[] {
  const { link } = site;
  if (link.parent === undefined) return [];
  const nodes = nodesOf(site);
  const trunk =
    link.vlan === undefined
      ? `connect \`${link.parent}\` of ${nodes} untagged to the network of ${owned.intent}${link.separation === "shared" ? "" : ", and to nothing else"}`
      : `trunk VLAN ${link.vlan} to \`${link.parent}\` of ${nodes}, for ${owned.intent}`;
  const made: Handoff[] = [{ ...owned, topic: "vlan", text: trunk }];
  // Where NMState makes the links, they are in the output.
  if (nmstate) return made;
  if (link.bridgeIsThere) return made;
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
