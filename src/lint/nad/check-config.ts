import { checkFieldsAgainst } from "../../cni/check-plugin.ts";
import { attachingTypes, commonFields, findPluginTable, listFields } from "../../cni/plugin-table.ts";
import { suggestWord } from "../../diagnostics/suggest.ts";
import { formatValue } from "../../source/format-value.ts";
import type { Path } from "../../source/place.ts";
import { type EmbeddedJson, isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { OPAQUE } from "../embedded/json-node.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { checkAttaching } from "./check-attaching.ts";
import { checkVersions } from "./check-versions.ts";
import { toFinding } from "./field-finding.ts";
import { checkTags, checkTwoLinks } from "./link-constraints.ts";
import type { Nad, NadPlugin } from "./read-nad.ts";
import { nadRules } from "./rules.ts";
import { findSimilarPlugin } from "./similar-plugin.ts";

/** What CNI takes as the name of a network (libcni, ValidateNetworkName). */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Address plugins that write down what they gave under the name of the network. */
const RECORDS = ["host-local", "whereabouts", "dhcp"];

/** The configuration: its shape first, and only where that holds, what stands in it. */
export function checkConfig(nad: Nad): readonly LintFinding[] {
  const { config, top } = nad;
  if (!config || config.value === OPAQUE) return [];
  if (!top)
    return [
      createFinding(nadRules.diagnose("config-not-json", locateJson(config, []), { what: "it is not an object" })),
    ];
  const shape = checkShape(config, top);
  if (shape.length > 0) return shape;
  return [
    ...checkName(nad, config, top),
    ...checkVersions(nad, config, top),
    ...(nad.isList ? checkList(nad, config, top) : []),
    ...ignoredPlugins(config, top),
    ...checkTwoLinks(nad, config),
    ...nad.plugins.flatMap((plugin) => checkTags(config, plugin)),
    ...nad.plugins.flatMap((plugin, index) => checkPlugin(nad, config, plugin, index)),
  ];
}

/** Multus' own demand: a `type`, or `plugins` that each have one. */
function checkShape(config: EmbeddedJson, top: Fields): readonly LintFinding[] {
  if (typeof top.type === "string" ? top.type !== "" : top.type === OPAQUE) return [];
  const { plugins } = top;
  if (plugins === OPAQUE) return [];
  if (plugins !== undefined && !Array.isArray(plugins)) {
    const parameters = { problem: "`plugins` takes a list" };
    return [
      createFinding(
        nadRules.diagnose("wrong-type", locateJson(config, ["plugins"]), parameters, {
          help: "put `[` and `]` around it",
        }),
      ),
    ];
  }
  if (!Array.isArray(plugins) || plugins.length === 0) return [withoutType(config, [], "the configuration", top)];
  return plugins.flatMap((plugin: unknown, index) => {
    if (isFields(plugin) && typeof plugin.type === "string" && plugin.type !== "") return [];
    if (plugin === OPAQUE || (isFields(plugin) && plugin.type === OPAQUE)) return [];
    return [withoutType(config, ["plugins", index], "a plugin of the list", isFields(plugin) ? plugin : {})];
  });
}

function withoutType(config: EmbeddedJson, path: Path, where: string, fields: Fields): LintFinding {
  const keys = Object.keys(fields);
  const slip =
    keys.find((key) => /^['"]?type\W*$/i.test(key.trim())) ?? findNearKey(keys, "type") ?? findNearKey(keys, "plugins");
  const word = slip !== undefined && findNearKey([slip], "plugins") !== undefined ? "plugins" : "type";
  const help = slip === undefined ? 'add `"type"`' : `\`${slip}\` is probably meant to be \`${word}\``;
  const place = slip === undefined ? locateJson(config, path) : locateJson(config, [...path, slip], "key");
  return createFinding(nadRules.diagnose("without-type", place, { where }, { help }));
}

function findNearKey(keys: readonly string[], word: string): string | undefined {
  return keys.find(
    (key) => key !== word && suggestWord(key, [word]) !== undefined && Math.abs(key.length - word.length) < 2,
  );
}

/** With a `type` beside it, Multus takes the configuration for that of one plugin. */
function ignoredPlugins(config: EmbeddedJson, top: Fields): readonly LintFinding[] {
  const { type, plugins } = top;
  if (typeof type !== "string" || type === "" || plugins === undefined || type === "ovn-k8s-cni-overlay") return [];
  return [createFinding(nadRules.diagnose("type-and-plugins", locateJson(config, ["plugins"], "key"), { type }))];
}

function checkName(nad: Nad, config: EmbeddedJson, top: Fields): readonly LintFinding[] {
  const { name } = top;
  if (name === undefined || name === "" || name === null || isOpaque(name)) return [];
  const place = () => locateJson(config, ["name"]);
  if (typeof name !== "string")
    return [
      createFinding(
        nadRules.diagnose(
          "wrong-type",
          place(),
          { problem: "`name` takes text" },
          { help: `write \`"${formatValue(name)}"\`` },
        ),
      ),
    ];
  if (!NAME.test(name)) return [createFinding(nadRules.diagnose("bad-name", place(), { name }))];
  // For OVN-Kubernetes the inner name is that of the network, and networks have several definitions.
  const keepsRecords = nad.plugins.some((plugin) => plugin.ipamType !== undefined && RECORDS.includes(plugin.ipamType));
  if (!keepsRecords || nad.name === undefined || nad.name === name) return [];
  return [createFinding(nadRules.diagnose("other-name", place(), { inner: name, outer: nad.name }))];
}

/** What stands beside `plugins`. */
function checkList(nad: Nad, config: EmbeddedJson, top: Fields): readonly LintFinding[] {
  const { type, ...rest } = top;
  const problems = checkFieldsAgainst("$list", listFields, rest, { opaque: isOpaque }).filter(
    (one) => one.path[0] !== "cniVersion",
  );
  const findings = problems.map((one) => {
    const key = one.path[0];
    const misplaced = one.kind === "unknown-key" && typeof key === "string" && key in commonFields;
    return toFinding(config, [], misplaced ? { ...one, help: "it belongs in a plugin of the list" } : one);
  });
  const overwritten = nad.plugins.flatMap(({ path, fields }) =>
    ["name", "cniVersion"]
      .filter((key) => fields[key] !== undefined && top[key] !== undefined && fields[key] !== top[key])
      .map((key) =>
        createFinding(nadRules.diagnose("overwritten-by-list", locateJson(config, [...path, key], "key"), { key })),
      ),
  );
  return [...findings, ...overwritten];
}

function checkPlugin(nad: Nad, config: EmbeddedJson, plugin: NadPlugin, index: number): readonly LintFinding[] {
  const { type, path } = plugin;
  if (type === undefined) return [];
  const place = () => locateJson(config, [...path, "type"]);
  const table = findPluginTable(type);
  if (!table) {
    const meant = findSimilarPlugin(type, attachingTypes);
    if (meant === undefined) return checkAttaching(nad, config, plugin);
    return [
      createFinding(nadRules.diagnose("unknown-plugin", place(), { type }, { help: `did you mean \`${meant}\`?` })),
    ];
  }
  if (table.kind === "ipam") {
    const parameters = { problem: `\`${type}\` allocates addresses and does not attach pods` };
    return [
      createFinding(
        nadRules.diagnose("wrong-role", place(), parameters, { help: "it belongs in `ipam` of an attaching plugin" }),
      ),
    ];
  }
  if (table.chained && index === 0 && !isAfterOpaque(nad))
    return [createFinding(nadRules.diagnose("chained-alone", place(), { type }))];
  return checkAttaching(nad, config, plugin);
}

/** A list of which the first element comes from a template. */
function isAfterOpaque({ top, isList }: Nad): boolean {
  return isList && Array.isArray(top?.plugins) && !isFields(top.plugins[0]);
}
