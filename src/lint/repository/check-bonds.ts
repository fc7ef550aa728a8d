import { groupBy } from "../../collections/group-by.ts";
import { annotationRules } from "../annotation/rules.ts";
import { locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { formatNadName, type Nad, type NadPlugin } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { isFields, locateInObject, readText } from "../read/lint-object.ts";
import type { NetworkUse } from "./uses.ts";

/** A network that stands on an interface of the pod, which another network of the pod gives it. */
export function checkStacked(uses: readonly NetworkUse[]): readonly LintFinding[] {
  const byAsked = groupBy(uses, ({ networkList }) => networkList);
  return uses.flatMap((use) => taggedTwice(use, byAsked.get(use.networkList) ?? []));
}

/** A VLAN within the pod, on an interface whose traffic is tagged outside of it. */
function taggedTwice(use: NetworkUse, uses: readonly NetworkUse[]): readonly LintFinding[] {
  const { nad } = use;
  const [plugin] = nad.plugins;
  const { linkInContainer, vlanId, master } = plugin?.fields ?? {};
  const link = readText(master);
  if (!nad.config || !plugin || plugin.type !== "vlan" || linkInContainer !== true || link === undefined) return [];
  if (typeof vlanId !== "number" || vlanId === 0) return [];
  const index = interfacesOf(use).indexOf(link);
  const below = uses.find((one) => one.selection === use.networkList.selections[index])?.nad;
  const fields = below?.plugins[0]?.fields;
  const outer = ["vlan", "vlanId", "vlanID"]
    .map((key) => fields?.[key])
    .find((one) => typeof one === "number" && one > 0);
  if (!below || outer === undefined) return [];
  const related = [
    { place: locateInObject(below.object, ["metadata", "name"]), label: `adds the tag ${String(outer)}` },
  ];
  const place = locateJson(nad.config, [...plugin.path, "vlanId"]);
  const help = "take the VLAN out of one of the two networks, if one tag is enough";
  return [createFinding(nadRules.diagnose("tagged-twice", place, { vlan: vlanId, link }, { related, help }))];
}

/** Bonds of a pod against the interfaces that its other networks give it: Multus attaches in the order of the list. */
export function checkBonds(uses: readonly NetworkUse[]): readonly LintFinding[] {
  const byAsked = groupBy(uses, ({ networkList }) => networkList);
  const seen = new Set<string>();
  const isFirst = ({ diagnostic: { place } }: LintFinding) => {
    const start = place && "start" in place ? `${place.file.path} ${place.start}` : "";
    const isNew = !seen.has(start);
    seen.add(start);
    return isNew;
  };
  return uses.flatMap((use) => {
    const [plugin] = use.nad.plugins;
    if (plugin?.type !== "bond" || plugin.fields.linksInContainer === false) return [];
    const links = linksOf(plugin);
    const others = byAsked.get(use.networkList) ?? [];
    // What is wrong with one link is mostly wrong with all: one finding says it.
    return [
      ...links.flatMap((link) => checkAbsentLink(use, link)).slice(0, 1),
      ...links.flatMap((link) => largerMtu(use, plugin, link, others)).filter(isFirst),
    ];
  });
}

function linksOf({ fields }: NadPlugin): readonly string[] {
  const { links } = fields;
  return (Array.isArray(links) ? (links as readonly unknown[]) : []).flatMap((one) =>
    isFields(one) ? (readText(one.name) ?? []) : [],
  );
}

/** Names of a pod's interfaces in the order of its networks. */
function interfacesOf({ networkList }: NetworkUse): readonly (string | undefined)[] {
  return networkList.selections.map((one, index) => {
    if (one.interface !== undefined) return one.interface;
    return one.fields.interface === undefined ? `net${index + 1}` : undefined;
  });
}

function checkAbsentLink(use: NetworkUse, link: string): readonly LintFinding[] {
  const names = interfacesOf(use);
  const own = use.networkList.selections.indexOf(use.selection);
  // A name that is filled in later may be any.
  if (names.slice(0, own).some((one) => one === undefined || one === link)) return [];
  const why = names.includes(link) ? "the pod gets it only after the bond" : "the pod has no interface of that name";
  const related = [{ place: locateInObject(use.nad.object, ["metadata", "name"]), label: "the bond" }];
  const parameters = { bond: formatNadName(use.nad), link, why };
  return [createFinding(annotationRules.diagnose("bond-link", use.selection.place("name"), parameters, { related }))];
}

/** The MTU of a bond is at most that of each link in it. */
function largerMtu(
  use: NetworkUse,
  plugin: NadPlugin,
  link: string,
  uses: readonly NetworkUse[],
): readonly LintFinding[] {
  const { mtu } = plugin.fields;
  const { nad } = use;
  const index = interfacesOf(use).indexOf(link);
  const selection = index < 0 ? undefined : use.networkList.selections[index];
  const below: Nad | undefined = uses.find((one) => one.selection === selection)?.nad;
  const most = below?.plugins[0]?.fields.mtu;
  if (!nad.config || typeof mtu !== "number" || typeof most !== "number" || most === 0 || mtu <= most) return [];
  const related = below
    ? [{ place: locateInObject(below.object, ["metadata", "name"]), label: "the link's network" }]
    : [];
  const place = locateJson(nad.config, [...plugin.path, "mtu"]);
  const help = `write ${most} or less, or give the networks of its links a larger \`mtu\``;
  return [createFinding(nadRules.diagnose("mtu-above-link", place, { mtu, link, most }, { related, help }))];
}
