import { checkPluginFields } from "../../cni/check-plugin.ts";
import { findPluginTable } from "../../cni/plugin-table.ts";
import { type EmbeddedJson, isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { type LintObject, readField } from "../read/lint-object.ts";
import { checkIpam } from "./check-ipam.ts";
import { checkKubeOvn, checkOvn } from "./check-ovn.ts";
import { toFinding } from "./field-finding.ts";
import { checkConstraints } from "./plugin-constraints.ts";
import { type Nad, type NadPlugin, RESOURCE_ANNOTATION } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

/** Keys that name a link of the node or of the pod. */
const LINKS = ["master", "bridge", "device", "ifname", "vrfname"];

/** A plugin's fields, each for itself and with one another. */
export function checkAttaching(nad: Nad, config: EmbeddedJson, plugin: NadPlugin): readonly LintFinding[] {
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

function checkFields(config: EmbeddedJson, { type, path, fields }: NadPlugin): readonly LintFinding[] {
  if (type === undefined) return [];
  const single = path.length === 0;
  // What stands beside `plugins` is the list's; in a plugin of a list it is overwritten.
  const { cniVersion, name, ...rest } = fields;
  const { plugins, disableCheck, disableGC, cniVersions, loadOnlyInlinedPlugins, ...own } = rest;
  return checkPluginFields(type, single ? own : rest, { required: true, opaque: isOpaque }).flatMap((one) => {
    if (one.kind === "runtime-key" && one.path[0] === "args") return [];
    if (one.kind === "missing-key" && type === "vlan" && one.problem.includes("vlanId"))
      return [createFinding(nadRules.diagnose("no-vlan-id", locateJson(config, [...path, "type"]), {}))];
    return [toFinding(config, path, one)];
  });
}

function linkNames(config: EmbeddedJson, { path, fields }: NadPlugin): readonly LintFinding[] {
  return LINKS.flatMap((key) => {
    const name = fields[key];
    if (typeof name !== "string" || name.length <= 15 || isOpaque(name)) return [];
    return [createFinding(nadRules.diagnose("long-interface", locateJson(config, [...path, key]), { name }))];
  });
}

function laws({ object }: Nad, config: EmbeddedJson, { type, path, fields }: NadPlugin): readonly LintFinding[] {
  return checkConstraints(type, fields, resourceOf(object) !== undefined).map(({ key, problem, help }) =>
    createFinding(
      nadRules.diagnose("contradiction", locateJson(config, [...path, ...key], "key"), { problem }, { help }),
    ),
  );
}

/** The device of an SR-IOV network comes from a device plugin, under the name that the annotation gives. */
function resource({ object }: Nad, config: EmbeddedJson, { type, path, fields }: NadPlugin): readonly LintFinding[] {
  if (type === undefined || !findPluginTable(type)?.needsResourceName || fields.deviceID !== undefined) return [];
  if (resourceOf(object) !== undefined) return [];
  return [createFinding(nadRules.diagnose("no-resource", locateJson(config, [...path, "type"]), { type }))];
}

function resourceOf(object: LintObject): unknown {
  return readField(object, "metadata", "annotations", RESOURCE_ANNOTATION);
}
