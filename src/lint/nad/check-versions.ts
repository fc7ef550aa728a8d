import { listFields, pluginTable } from "../../cni/plugin-table.ts";
import { spelt } from "../../source/spelt.ts";
import { type EmbeddedJson, isOpaque, placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import type { Fields } from "../read/lint-object.ts";
import type { Nad } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

const known = (listFields.cniVersion?.enum ?? []).map(String);

/** `cniVersion`: absent, unknown, or too old for one of the plugins. */
export function checkVersions(nad: Nad, config: EmbeddedJson, top: Fields): readonly Finding[] {
  const { cniVersion } = top;
  if (isOpaque(cniVersion)) return [];
  const place = () => placeOf(config, ["cniVersion"]);
  if (cniVersion !== undefined && typeof cniVersion !== "string") {
    const help = `write \`"${spelt(cniVersion)}"\`, with all three numbers`;
    return [found(nadRules.diagnose("wrong-type", place(), { problem: "`cniVersion` takes text" }, { help }))];
  }
  const version = cniVersion ?? "";
  if (version !== "" && !known.includes(version)) {
    const extra = { help: `there are: ${known.join(", ")}` };
    return [found(nadRules.diagnose("unknown-cni-version", place(), { version }, extra))];
  }
  const old = tooOld(nad, config, version === "" ? "0.1.0" : version);
  if (old.length > 0 || version !== "") return old;
  // Plugins that are served by an agent, not by CNI's result, do not care.
  const agents = nad.plugins.every(({ type }) => type === "antrea");
  return agents ? [] : [found(nadRules.diagnose("no-cni-version", place(), {}))];
}

function tooOld(nad: Nad, config: EmbeddedJson, version: string): readonly Finding[] {
  return nad.plugins.flatMap(({ type, path }) => {
    const lowest = type === undefined ? undefined : pluginTable(type)?.cniVersions?.split("-")[0];
    const older = lowest !== undefined && known.indexOf(version) < known.indexOf(lowest);
    if (!older || type === undefined) return [];
    return [found(nadRules.diagnose("old-cni-version", placeOf(config, [...path, "type"]), { type, lowest, version }))];
  });
}
