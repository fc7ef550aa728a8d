import { checkPlugin, type FieldProblem } from "../../cni/check-plugin.ts";
import {
  type ClassificationContext,
  type ClassRefusal,
  findPluginClass,
  findRefusals,
  findRefusedSysctls,
} from "../../cni/classify.ts";
import { commonClasses } from "../../cni/field-classes.ts";
import { findPluginTable, pluginNames } from "../../cni/plugin-table.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../../diagnostics/suggest.ts";
import type { NetworkSpec } from "../../ir/network-spec.ts";
import type { NodePlace, Path } from "../../source/place.ts";
import { pluginRules } from "./plugin-rules.ts";

/** Plugins that attach pods. */
const ATTACHING = ["macvlan", "ipvlan", "bridge", "sriov", "ovs"];

type At = (...path: Path) => NodePlace;

/** The typed way out: further fields of the attaching plugin, and further chained plugins, against their field tables. */
export function checkPluginFields(spec: NetworkSpec, at: At): Diagnostic[] {
  const reading: ClassificationContext = {
    of: "intent",
    existing: spec.existing !== undefined,
    ipv6: spec.subnets?.some((subnet) => subnet.includes(":")) ?? true,
  };
  return [
    ...attaching(spec, at, reading),
    ...findRefusedSysctls(spec.sysctls ?? {}, reading).map((one) =>
      reportRefusal(one, (...path) => at("sysctls", ...path)),
    ),
    ...(spec.chain ?? []).flatMap((plugin, index) =>
      chained(plugin, (...path) => at("chain", index, ...path), reading),
    ),
  ];
}

function attaching(spec: NetworkSpec, at: At, reading: ClassificationContext): Diagnostic[] {
  const fields = spec.plugin ?? {};
  const place: At = (...path) => at("plugin", ...path);
  // Without `attach`, the uplink decides: then a field must be one of some attaching plugin.
  const types = spec.attach === undefined ? ATTACHING : [spec.attach];
  const isOurs = (key: string) => types.some((type) => ownClass(type, key)?.ours === true);
  const ours = Object.keys(fields).filter(isOurs);
  const others = Object.fromEntries(Object.entries(fields).filter(([key]) => !isOurs(key)));
  const results = types.map((type) => ({ type, problems: checkPlugin(type, others) }));
  const best = results.reduce((least, one) => (one.problems.length < least.problems.length ? one : least));
  const wrong = new Set(best.problems.map(({ path }) => path[0]));
  const known = Object.fromEntries(Object.entries(others).filter(([key]) => !wrong.has(key)));
  // Where the plugin is not known yet, one that may hold the fields is as good as another.
  const fitting = results.filter((one) => one.problems.length === best.problems.length);
  const refusals = fitting.map(({ type }) => findRefusals(type, known, false, reading));
  const fewest = refusals.reduce((least, one) => (one.length < least.length ? one : least));
  return [
    ...ours.map((key) => pluginRules.diagnose("set-by-plumbline", { ...place(key), on: "key" }, { key })),
    ...best.problems.map((problem) => reportProblem(problem, place)),
    ...fewest.map((one) => reportRefusal(one, place)),
  ];
}

function ownClass(type: string, key: string) {
  const own = findPluginClass(type, false)?.fields ?? {};
  if (Object.hasOwn(own, key)) return own[key];
  return Object.hasOwn(commonClasses, key) ? commonClasses[key] : undefined;
}

function chained(plugin: Readonly<Record<string, unknown>>, at: At, reading: ClassificationContext): Diagnostic[] {
  const { type, ...fields } = plugin;
  if (typeof type !== "string") return [pluginRules.diagnose("without-type", at(), {})];
  if (!findPluginTable(type)) {
    const extra = { notes: [`there are: ${formatList(pluginNames)}`], help: formatSuggestion(type, pluginNames) };
    return [pluginRules.diagnose("unknown", at("type"), { type }, extra)];
  }
  if (!findPluginTable(type)?.chained) return [pluginRules.diagnose("not-chained", at("type"), { type })];
  const problems = checkPlugin(type, fields);
  const wrong = new Set(problems.map(({ path }) => path[0]));
  return [
    ...problems.map((problem) => reportProblem(problem, at)),
    ...findRefusals(type, fields, true, reading)
      .filter(({ path }) => !wrong.has(path[0]))
      .map((one) => reportRefusal(one, at)),
  ];
}

function reportProblem({ path, on, problem, help }: FieldProblem, at: At): Diagnostic {
  return pluginRules.diagnose("field", { ...at(...path), on }, { problem }, { help });
}

function reportRefusal({ path, what, why, use }: ClassRefusal, at: At): Diagnostic {
  const help = use === undefined ? "leave it out" : `leave it out; ${use} stands for it`;
  return pluginRules.diagnose("refused", { ...at(...path), on: "key" }, { what, why }, { help });
}
