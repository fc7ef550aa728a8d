import type { FieldProblem } from "../../cni/check-plugin.ts";
import type { Edit } from "../../diagnostics/edit.ts";
import type { Path } from "../../source/place.ts";
import { convertEdit, type EmbeddedJson, locateJson } from "../embedded/embedded-text.ts";
import { findJsonNode, findRange } from "../embedded/json-node.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { nadRules } from "./rules.ts";

/** A problem of a plugin's field as a finding; `base` is where in the JSON the plugin stands. */
export function toFinding(config: EmbeddedJson, base: Path, one: FieldProblem): LintFinding {
  const path = [...base, ...one.path];
  const place = locateJson(config, path, one.on);
  return createFinding(
    nadRules.diagnose(one.kind, place, { problem: one.problem }, { help: one.help }),
    buildFix(config, path, one),
  );
}

/**
 * An edit that changes nothing but the spelling: a key in its own case; a number, a truth or a text in the form that
 * the plugin's decoder takes, where it takes no other.
 */
export function buildFix(config: EmbeddedJson, path: Path, one: FieldProblem): Edit | undefined {
  if (!config.root || config.errors.length > 0) return undefined;
  if (one.rename !== undefined) {
    const { start, end } = findRange(config.root, path, "key");
    return convertEdit(config, start, end, JSON.stringify(one.rename));
  }
  if (one.kind !== "wrong-type") return undefined;
  const written = /^write `(.*)`/.exec(one.help ?? "")?.[1];
  const node = findJsonNode(config.root, path);
  if (written === undefined || node?.kind !== "value") return undefined;
  return convertEdit(config, node.start, node.end, written);
}
