import { addressTypes, findIpamTable, findPluginTable } from "../../cni/plugin-table.ts";
import type { Path } from "../../source/place.ts";
import { type EmbeddedJson, isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import type { Fields } from "../read/lint-object.ts";
import { checkHostLocal } from "./host-local.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import type { Nad, NadPlugin } from "./read-nad.ts";
import { checkRouteDestinations } from "./route-constraints.ts";
import { nadRules } from "./rules.ts";
import { findSimilarPlugin } from "./similar-plugin.ts";
import { checkStaticIpam } from "./static.ts";
import { checkWhereabouts } from "./whereabouts.ts";

const laws: Readonly<Record<string, (ipam: Fields) => readonly IpamProblem[]>> = {
  "host-local": checkHostLocal,
  static: checkStaticIpam,
  whereabouts: checkWhereabouts,
};

/** A plugin's `ipam`: whether it may, must or need not have one, and what stands in it. */
export function checkIpam(nad: Nad, config: EmbeddedJson, plugin: NadPlugin): readonly LintFinding[] {
  const { type, path, ipam } = plugin;
  const table = type === undefined ? undefined : findPluginTable(type);
  if (table?.ipamForbidden) return [];
  const isFirst = nad.plugins[0] === plugin;
  if (!ipam) {
    if (!table?.ipamRequired || !isFirst || isOpaque(plugin.fields.ipam)) return [];
    return [
      createFinding(nadRules.diagnose("ipam-required", locateJson(config, [...path, "type"]), { type: type ?? "" })),
    ];
  }
  return checkIpamObject(config, [...path, "ipam"], ipam, type);
}

/** An `ipam` object on its own: operators take it as a text of its own. */
export function checkIpamObject(
  config: EmbeddedJson,
  path: Path,
  ipam: Fields,
  type: string | undefined,
): readonly LintFinding[] {
  const table = type === undefined ? undefined : findPluginTable(type);
  const written = ipam.type;
  if (written === undefined || written === null || written === "") {
    if (table?.ipamRequired && type !== undefined)
      return [
        createFinding(
          nadRules.diagnose("ipam-required", locateJson(config, path, "key"), { type }, { help: "add `type`" }),
        ),
      ];
    const help = addressTypes.includes(guess(ipam)) ? `add \`"type": "${guess(ipam)}"\`` : "add `type`";
    return [createFinding(nadRules.diagnose("ipam-without-type", locateJson(config, path, "key"), {}, { help }))];
  }
  if (typeof written !== "string" || isOpaque(written)) return [];
  const place = () => locateJson(config, [...path, "type"]);
  if (type === "ipvlan" && written === "dhcp") return [createFinding(nadRules.diagnose("ipvlan-dhcp", place(), {}))];
  if (!findIpamTable(written)) return notAnIpam(written, place());
  return [...(laws[written]?.(ipam) ?? []), ...checkRouteDestinations(ipam)].map(
    ({ slug, at, on, parameters, help, related }) => {
      const others = (related ?? []).map((one) => ({
        place: locateJson(config, [...path, ...one.at]),
        label: one.label,
      }));
      const where = locateJson(config, [...path, ...at], on ?? "value");
      // Each law brings the parameters of its own rule.
      return createFinding(nadRules.diagnose(slug, where, parameters as never, { help, related: others }));
    },
  );
}

function notAnIpam(type: string, place: ReturnType<typeof locateJson>): readonly LintFinding[] {
  const meant = findSimilarPlugin(type, addressTypes);
  if (meant !== undefined)
    return [
      createFinding(nadRules.diagnose("unknown-plugin", place, { type }, { help: `did you mean \`${meant}\`?` })),
    ];
  const kind = findPluginTable(type)?.kind;
  if (kind !== "main" && kind !== "meta") return [];
  const problem = `\`${type}\` attaches pods and does not allocate addresses`;
  return [
    createFinding(
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
