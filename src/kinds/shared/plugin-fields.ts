import { checkPlugin, type FieldProblem } from "../../cni/check-plugin.ts";
import { pluginNames, pluginTable } from "../../cni/plugin-table.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean, listed } from "../../diagnostics/suggest.ts";
import type { NetworkSpec } from "../../ir/network-spec.ts";
import type { NodePlace, Path } from "../../source/place.ts";
import { pluginRules } from "./plugin-rules.ts";

/** Fields that the compiler writes itself. */
const OURS = [
  "type",
  "master",
  "bridge",
  "vlan",
  "vlanId",
  "mtu",
  "ipam",
  "name",
  "cniVersion",
  "capabilities",
  "isGateway",
  "ipMasq",
];

/** Plugins that attach pods. */
const ATTACHING = ["macvlan", "ipvlan", "bridge", "sriov", "ovs"];

type At = (...path: Path) => NodePlace;

/** The typed way out: further fields of the attaching plugin, and further chained plugins, against their field tables. */
export function checkPluginFields(spec: NetworkSpec, at: At): Diagnostic[] {
  return [
    ...attaching(spec, at),
    ...(spec.chain ?? []).flatMap((plugin, index) => chained(plugin, (...path) => at("chain", index, ...path))),
  ];
}

function attaching(spec: NetworkSpec, at: At): Diagnostic[] {
  const fields = spec.plugin ?? {};
  const place: At = (...path) => at("plugin", ...path);
  const ours = Object.keys(fields).filter((key) => OURS.includes(key));
  const others = Object.fromEntries(Object.entries(fields).filter(([key]) => !OURS.includes(key)));
  // Without `attach`, the uplink decides: then a field must be one of some attaching plugin.
  const types = spec.attach === undefined ? ATTACHING : [spec.attach];
  const results = types.map((type) => checkPlugin(type, others));
  const best = results.reduce((least, one) => (one.length < least.length ? one : least));
  return [
    ...ours.map((key) => pluginRules.diagnose("set-by-plumbline", { ...place(key), on: "key" }, { key })),
    ...best.map((problem) => found(problem, place)),
  ];
}

function chained(plugin: Readonly<Record<string, unknown>>, at: At): Diagnostic[] {
  const { type, ...fields } = plugin;
  if (typeof type !== "string") return [pluginRules.diagnose("without-type", at(), {})];
  if (!pluginTable(type)) {
    const extra = { notes: [`there are: ${listed(pluginNames)}`], help: didYouMean(type, pluginNames) };
    return [pluginRules.diagnose("unknown", at("type"), { type }, extra)];
  }
  if (!pluginTable(type)?.chained) return [pluginRules.diagnose("not-chained", at("type"), { type })];
  return checkPlugin(type, fields).map((problem) => found(problem, at));
}

function found({ path, on, problem, help }: FieldProblem, at: At): Diagnostic {
  return pluginRules.diagnose("field", { ...at(...path), on }, { problem }, { help });
}
