import { checkPluginFields } from "../../cni/check-plugin.ts";
import { pluginTable } from "../../cni/plugin-table.ts";
import { type EmbeddedJson, isOpaque, placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { fieldOf, type LintObject } from "../read/lint-object.ts";
import { checkIpam } from "./check-ipam.ts";
import { checkKubeOvn, checkOvn } from "./check-ovn.ts";
import { fromField } from "./from-field.ts";
import { lawsOf } from "./plugin-laws.ts";
import { type Nad, type Plugin, RESOURCE_ANNOTATION } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

/** Keys that name a link of the node or of the pod. */
const LINKS = ["master", "bridge", "device", "ifname", "vrfname"];

/** A plugin's fields, each for itself and with one another. */
export function checkAttaching(nad: Nad, config: EmbeddedJson, plugin: Plugin): readonly Finding[] {
  return [
    ...checkFields(config, plugin),
    ...linkNames(config, plugin),
    ...laws(nad, config, plugin),
    ...resource(nad, config, plugin),
    ...checkIpam(nad, config, plugin),
    ...checkOvn(nad, config, plugin),
    ...checkKubeOvn(nad, config, plugin),
  ];
}

function checkFields(config: EmbeddedJson, { type, path, fields }: Plugin): readonly Finding[] {
  if (type === undefined) return [];
  const single = path.length === 0;
  // What stands beside `plugins` is the list's; in a plugin of a list it is overwritten.
  const { cniVersion, name, ...rest } = fields;
  const { plugins, disableCheck, disableGC, cniVersions, loadOnlyInlinedPlugins, ...own } = rest;
  return checkPluginFields(type, single ? own : rest, { required: true, opaque: isOpaque }).flatMap((one) => {
    if (one.kind === "runtime-key" && one.path[0] === "args") return [];
    if (one.kind === "missing-key" && type === "vlan" && one.problem.includes("vlanId"))
      return [found(nadRules.diagnose("no-vlan-id", placeOf(config, [...path, "type"]), {}))];
    return [fromField(config, path, one)];
  });
}

function linkNames(config: EmbeddedJson, { path, fields }: Plugin): readonly Finding[] {
  return LINKS.flatMap((key) => {
    const name = fields[key];
    if (typeof name !== "string" || name.length <= 15 || isOpaque(name)) return [];
    return [found(nadRules.diagnose("long-interface", placeOf(config, [...path, key]), { name }))];
  });
}

function laws({ object }: Nad, config: EmbeddedJson, { type, path, fields }: Plugin): readonly Finding[] {
  return lawsOf(type, fields, resourceOf(object) !== undefined).map(({ key, problem, help }) =>
    found(nadRules.diagnose("contradiction", placeOf(config, [...path, ...key], "key"), { problem }, { help })),
  );
}

/** The device of an SR-IOV network comes from a device plugin, under the name that the annotation gives. */
function resource({ object }: Nad, config: EmbeddedJson, { type, path, fields }: Plugin): readonly Finding[] {
  if (type === undefined || !pluginTable(type)?.needsResourceName || fields.deviceID !== undefined) return [];
  if (resourceOf(object) !== undefined) return [];
  return [found(nadRules.diagnose("no-resource", placeOf(config, [...path, "type"]), { type }))];
}

function resourceOf(object: LintObject): unknown {
  return fieldOf(object, "metadata", "annotations", RESOURCE_ANNOTATION);
}
