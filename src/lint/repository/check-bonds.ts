import { groupBy } from "../../collections/group-by.ts";
import { annotationRules } from "../annotation/rules.ts";
import { placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { type Nad, type Plugin, shownNad } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { isFields, placeIn, textOf } from "../read/lint-object.ts";
import type { Use } from "./uses.ts";

/** A network that stands on an interface of the pod, which another network of the pod gives it. */
export function checkStacked(uses: readonly Use[]): readonly Finding[] {
  const byAsked = groupBy(uses, ({ asked }) => asked);
  return uses.flatMap((use) => taggedTwice(use, byAsked.get(use.asked) ?? []));
}

/** A VLAN within the pod, on an interface whose traffic is tagged outside of it. */
function taggedTwice(use: Use, uses: readonly Use[]): readonly Finding[] {
  const { nad } = use;
  const [plugin] = nad.plugins;
  const { linkInContainer, vlanId, master } = plugin?.fields ?? {};
  const link = textOf(master);
  if (!nad.config || !plugin || plugin.type !== "vlan" || linkInContainer !== true || link === undefined) return [];
  if (typeof vlanId !== "number" || vlanId === 0) return [];
  const index = interfacesOf(use).indexOf(link);
  const below = uses.find((one) => one.selection === use.asked.selections[index])?.nad;
  const fields = below?.plugins[0]?.fields;
  const outer = ["vlan", "vlanId", "vlanID"]
    .map((key) => fields?.[key])
    .find((one) => typeof one === "number" && one > 0);
  if (!below || outer === undefined) return [];
  const related = [{ place: placeIn(below.object, ["metadata", "name"]), label: `adds the tag ${String(outer)}` }];
  const place = placeOf(nad.config, [...plugin.path, "vlanId"]);
  const help = "take the VLAN out of one of the two networks, if one tag is enough";
  return [found(nadRules.diagnose("tagged-twice", place, { vlan: vlanId, link }, { related, help }))];
}

/** Bonds of a pod against the interfaces that its other networks give it: Multus attaches in the order of the list. */
export function checkBonds(uses: readonly Use[]): readonly Finding[] {
  const byAsked = groupBy(uses, ({ asked }) => asked);
  const seen = new Set<string>();
  const isFirst = ({ diagnostic: { place } }: Finding) => {
    const start = place && "start" in place ? `${place.file.path} ${place.start}` : "";
    const isNew = !seen.has(start);
    seen.add(start);
    return isNew;
  };
  return uses.flatMap((use) => {
    const [plugin] = use.nad.plugins;
    if (plugin?.type !== "bond" || plugin.fields.linksInContainer === false) return [];
    const links = linksOf(plugin);
    const others = byAsked.get(use.asked) ?? [];
    // What is wrong with one link is mostly wrong with all: one finding says it.
    return [
      ...links.flatMap((link) => absent(use, link)).slice(0, 1),
      ...links.flatMap((link) => largerMtu(use, plugin, link, others)).filter(isFirst),
    ];
  });
}

function linksOf({ fields }: Plugin): readonly string[] {
  const { links } = fields;
  return (Array.isArray(links) ? (links as readonly unknown[]) : []).flatMap((one) =>
    isFields(one) ? (textOf(one.name) ?? []) : [],
  );
}

/** Names of a pod's interfaces in the order of its networks. */
function interfacesOf({ asked }: Use): readonly (string | undefined)[] {
  return asked.selections.map((one, index) => {
    if (one.interface !== undefined) return one.interface;
    return one.fields.interface === undefined ? `net${index + 1}` : undefined;
  });
}

function absent(use: Use, link: string): readonly Finding[] {
  const names = interfacesOf(use);
  const own = use.asked.selections.indexOf(use.selection);
  // A name that is filled in later may be any.
  if (names.slice(0, own).some((one) => one === undefined || one === link)) return [];
  const why = names.includes(link) ? "the pod gets it only after the bond" : "the pod has no interface of that name";
  const related = [{ place: placeIn(use.nad.object, ["metadata", "name"]), label: "the bond" }];
  const parameters = { bond: shownNad(use.nad), link, why };
  return [found(annotationRules.diagnose("bond-link", use.selection.place("name"), parameters, { related }))];
}

/** The MTU of a bond is at most that of each link in it. */
function largerMtu(use: Use, plugin: Plugin, link: string, uses: readonly Use[]): readonly Finding[] {
  const { mtu } = plugin.fields;
  const { nad } = use;
  const index = interfacesOf(use).indexOf(link);
  const selection = index < 0 ? undefined : use.asked.selections[index];
  const below: Nad | undefined = uses.find((one) => one.selection === selection)?.nad;
  const most = below?.plugins[0]?.fields.mtu;
  if (!nad.config || typeof mtu !== "number" || typeof most !== "number" || most === 0 || mtu <= most) return [];
  const related = below ? [{ place: placeIn(below.object, ["metadata", "name"]), label: "the link's network" }] : [];
  const place = placeOf(nad.config, [...plugin.path, "mtu"]);
  const help = `write ${most} or less, or give the networks of its links a larger \`mtu\``;
  return [found(nadRules.diagnose("mtu-above-link", place, { mtu, link, most }, { related, help }))];
}
