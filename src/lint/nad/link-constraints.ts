import { findPluginTable } from "../../cni/plugin-table.ts";
import { type EmbeddedJson, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readText } from "../read/lint-object.ts";
import type { Nad, NadPlugin } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

/** `eth0.100` and `vlan100`: the names that tools give to the link of a VLAN. */
export function isVlanLink(name: string): boolean {
  return /^.+\.\d{1,4}$/.test(name) || /^vlan[._-]?\d{1,4}$/i.test(name);
}

/** Plugins that make the pod's interface. `bond` takes those of the pod that others made. */
function makesLink(type: string | undefined): boolean {
  const table = type === undefined ? undefined : findPluginTable(type);
  return table?.kind === "main" && !table.chained && type !== "bond" && type !== "loopback";
}

/** Every plugin of a list is run with one interface name, so that a second one that makes the interface finds it there. */
export function checkTwoLinks({ isList, plugins }: Nad, config: EmbeddedJson): readonly LintFinding[] {
  if (!isList) return [];
  const [first, ...more] = plugins.filter(({ type }) => makesLink(type));
  if (!first) return [];
  const related = [{ place: locateJson(config, [...first.path, "type"]), label: "makes the interface" }];
  return more.map(({ type, path }) =>
    createFinding(
      nadRules.diagnose(
        "two-links",
        locateJson(config, [...path, "type"]),
        { first: first.type ?? "", type: type ?? "" },
        { related },
      ),
    ),
  );
}

/** A VLAN on the link of a VLAN. */
export function checkTags(config: EmbeddedJson, { type, fields, path }: NadPlugin): readonly LintFinding[] {
  const master = readText(fields.master);
  const vlan = fields.vlanId;
  if (type !== "vlan" || master === undefined || !isVlanLink(master) || typeof vlan !== "number" || vlan === 0)
    return [];
  const parameters = { vlan, link: master };
  return [createFinding(nadRules.diagnose("tagged-twice", locateJson(config, [...path, "vlanId"]), parameters))];
}
