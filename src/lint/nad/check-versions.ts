import { findPluginTable, listFields } from "../../cni/plugin-table.ts";
import { formatValue } from "../../source/format-value.ts";
import { type EmbeddedJson, isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import type { Fields } from "../read/lint-object.ts";
import type { Nad } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

const known = (listFields.cniVersion?.enum ?? []).map(String);

/** `cniVersion`: absent, unknown, or too old for one of the plugins. */
export function checkVersions(nad: Nad, config: EmbeddedJson, top: Fields): readonly LintFinding[] {
  const { cniVersion } = top;
  if (isOpaque(cniVersion)) return [];
  const place = () => locateJson(config, ["cniVersion"]);
  if (cniVersion !== undefined && typeof cniVersion !== "string") {
    const help = `write \`"${formatValue(cniVersion)}"\`, with all three numbers`;
    return [createFinding(nadRules.diagnose("wrong-type", place(), { problem: "`cniVersion` takes text" }, { help }))];
  }
  const version = cniVersion ?? "";
  if (version !== "" && !known.includes(version)) {
    const extra = { help: `there are: ${known.join(", ")}` };
    return [createFinding(nadRules.diagnose("unknown-cni-version", place(), { version }, extra))];
  }
  const old = tooOld(nad, config, version === "" ? "0.1.0" : version);
  if (old.length > 0 || version !== "") return old;
  // Plugins that are served by an agent, not by CNI's result, do not care.
  const agents = nad.plugins.every(({ type }) => type === "antrea");
  return agents ? [] : [createFinding(nadRules.diagnose("no-cni-version", place(), {}))];
}

function tooOld(nad: Nad, config: EmbeddedJson, version: string): readonly LintFinding[] {
  return nad.plugins.flatMap(({ type, path }) => {
    const lowest = type === undefined ? undefined : findPluginTable(type)?.cniVersions?.split("-")[0];
    const older = lowest !== undefined && known.indexOf(version) < known.indexOf(lowest);
    if (!older || type === undefined) return [];
    return [
      createFinding(
        nadRules.diagnose("old-cni-version", locateJson(config, [...path, "type"]), { type, lowest, version }),
      ),
    ];
  });
}
