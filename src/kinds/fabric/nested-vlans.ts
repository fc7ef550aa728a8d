import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatVlanInterface } from "../../ir/fabric.ts";
import { parseVlans, type VlanRange } from "../../net/vlan.ts";
import type { NodePlace } from "../../source/place.ts";
import { fabricRules } from "./rules.ts";
import type { FabricSpec, UplinkSpec } from "./types.ts";

/** How a VLAN's link is called everywhere: `bond0.510`, `vlan510`. */
const VLAN_LINK = /^(?:.+\.|vlan-?)0*(\d{1,4})$/;

/**
 * Uplinks with VLANs on what is itself the link of a VLAN. Where that VLAN is one that another uplink gives out, whoever is
 * on it and can tag frames is in all of these networks.
 */
export function checkNestedVlans(spec: FabricSpec, place: (...path: (string | number)[]) => NodePlace): Diagnostic[] {
  const links = new Map<string, { readonly uplink: number; readonly vlan: number }>();
  for (const [uplink, one] of spec.uplinks.entries())
    for (const [vlan, link] of linksOf(one)) if (!links.has(link)) links.set(link, { uplink, vlan });
  return spec.uplinks.flatMap((uplink, index) => {
    const { name, interface: link, vlans = [] } = uplink;
    if (link === undefined || vlans.length === 0) return [];
    const within = links.get(link) ?? links.get(asLink(link) ?? "");
    const other = within && within.uplink !== index ? spec.uplinks[within.uplink] : undefined;
    if (within && other) {
      const related = [{ place: place("uplinks", within.uplink, "vlans"), label: "gives out that VLAN" }];
      const parameters = { name, link, vlan: within.vlan, other: other.name };
      return [fabricRules.diagnose("inside-vlan", place("uplinks", index, "interface"), parameters, { related })];
    }
    if (!VLAN_LINK.test(link)) return [];
    return [fabricRules.diagnose("tagged-twice", place("uplinks", index, "interface"), { name, link })];
  });
}

/** The links of every VLAN that an uplink may give out: by its own name for them, and by the one that the kernel gives. */
function linksOf(uplink: UplinkSpec): readonly (readonly [number, string])[] {
  const ranges = (uplink.vlans ?? []).map((text) => parseVlans(text) as VlanRange);
  const pattern = uplink.vlanInterface ?? "{interface}.{vlan}";
  const found: (readonly [number, string])[] = [];
  for (const { first, last } of ranges)
    for (let vlan = first; vlan <= last; vlan++) {
      const own = formatVlanInterface({ interface: uplink.interface, vlanInterface: pattern }, vlan);
      if (own !== undefined) found.push([vlan, own], [vlan, `${uplink.interface}.${vlan}`]);
    }
  return found;
}

/** `bond0.0510` is `bond0.510`. */
function asLink(name: string): string | undefined {
  const match = /^(.+)\.0*(\d{1,4})$/.exec(name);
  return match ? `${match[1]}.${match[2]}` : undefined;
}
