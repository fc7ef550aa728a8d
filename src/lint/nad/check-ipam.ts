import { addressTypes, ipamTable, pluginTable } from "../../cni/plugin-table.ts";
import type { Path } from "../../source/place.ts";
import { type EmbeddedJson, isOpaque, placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import type { Fields } from "../read/lint-object.ts";
import { closePlugin } from "./close-plugin.ts";
import { hostLocalLaws } from "./host-local.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import type { Nad, Plugin } from "./read-nad.ts";
import { routeLaws } from "./route-laws.ts";
import { nadRules } from "./rules.ts";
import { staticLaws } from "./static.ts";
import { whereaboutsLaws } from "./whereabouts.ts";

const laws: Readonly<Record<string, (ipam: Fields) => readonly IpamProblem[]>> = {
  "host-local": hostLocalLaws,
  static: staticLaws,
  whereabouts: whereaboutsLaws,
};

/** A plugin's `ipam`: whether it may, must or need not have one, and what stands in it. */
export function checkIpam(nad: Nad, config: EmbeddedJson, plugin: Plugin): readonly Finding[] {
  const { type, path, ipam } = plugin;
  const table = type === undefined ? undefined : pluginTable(type);
  if (table?.ipamForbidden) return [];
  const isFirst = nad.plugins[0] === plugin;
  if (!ipam) {
    if (!table?.ipamRequired || !isFirst || isOpaque(plugin.fields.ipam)) return [];
    return [found(nadRules.diagnose("ipam-required", placeOf(config, [...path, "type"]), { type: type ?? "" }))];
  }
  return checkIpamOf(config, [...path, "ipam"], ipam, type);
}

/** An `ipam` object on its own: operators take it as a text of its own. */
export function checkIpamOf(
  config: EmbeddedJson,
  path: Path,
  ipam: Fields,
  type: string | undefined,
): readonly Finding[] {
  const table = type === undefined ? undefined : pluginTable(type);
  const written = ipam.type;
  if (written === undefined || written === null || written === "") {
    if (table?.ipamRequired && type !== undefined)
      return [
        found(nadRules.diagnose("ipam-required", placeOf(config, path, "key"), { type }, { help: "add `type`" })),
      ];
    const help = addressTypes.includes(guess(ipam)) ? `add \`"type": "${guess(ipam)}"\`` : "add `type`";
    return [found(nadRules.diagnose("ipam-without-type", placeOf(config, path, "key"), {}, { help }))];
  }
  if (typeof written !== "string" || isOpaque(written)) return [];
  const place = () => placeOf(config, [...path, "type"]);
  if (type === "ipvlan" && written === "dhcp") return [found(nadRules.diagnose("ipvlan-dhcp", place(), {}))];
  if (!ipamTable(written)) return notAnIpam(written, place());
  return [...(laws[written]?.(ipam) ?? []), ...routeLaws(ipam)].map(({ slug, at, on, parameters, help, related }) => {
    const others = (related ?? []).map((one) => ({ place: placeOf(config, [...path, ...one.at]), label: one.label }));
    const where = placeOf(config, [...path, ...at], on ?? "value");
    // Each law brings the parameters of its own rule.
    return found(nadRules.diagnose(slug, where, parameters as never, { help, related: others }));
  });
}

function notAnIpam(type: string, place: ReturnType<typeof placeOf>): readonly Finding[] {
  const meant = closePlugin(type, addressTypes);
  if (meant !== undefined)
    return [found(nadRules.diagnose("unknown-plugin", place, { type }, { help: `did you mean \`${meant}\`?` }))];
  const kind = pluginTable(type)?.kind;
  if (kind !== "main" && kind !== "meta") return [];
  const problem = `\`${type}\` attaches pods and does not allocate addresses`;
  return [
    found(
      nadRules.diagnose(
        "wrong-role",
        place,
        { problem },
        { help: `there are: ${addressTypes.slice(0, 4).join(", ")}` },
      ),
    ),
  ];
}

/** Which address plugin the keys are those of. */
function guess(ipam: Fields): string {
  if ("range" in ipam || "ipRanges" in ipam) return "whereabouts";
  if ("subnet" in ipam || "ranges" in ipam) return "host-local";
  return "addresses" in ipam ? "static" : "";
}
