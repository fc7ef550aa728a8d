import type { FieldProblem } from "../../cni/check-plugin.ts";
import type { Edit } from "../../diagnostics/edit.ts";
import type { Path } from "../../source/place.ts";
import { type EmbeddedJson, editIn, placeOf } from "../embedded/embedded-text.ts";
import { jsonAt, rangeAt } from "../embedded/json-node.ts";
import { type Finding, found } from "../finding.ts";
import { nadRules } from "./rules.ts";

/** A problem of a plugin's field as a finding; `base` is where in the JSON the plugin stands. */
export function fromField(config: EmbeddedJson, base: Path, one: FieldProblem): Finding {
  const path = [...base, ...one.path];
  const place = placeOf(config, path, one.on);
  return found(
    nadRules.diagnose(one.kind, place, { problem: one.problem }, { help: one.help }),
    fixOf(config, path, one),
  );
}

/**
 * An edit that changes nothing but the spelling: a key in its own case; a number, a truth or a text in the form that
 * the plugin's decoder takes, where it takes no other.
 */
export function fixOf(config: EmbeddedJson, path: Path, one: FieldProblem): Edit | undefined {
  if (!config.root || config.errors.length > 0) return undefined;
  if (one.rename !== undefined) {
    const { start, end } = rangeAt(config.root, path, "key");
    return editIn(config, start, end, JSON.stringify(one.rename));
  }
  if (one.kind !== "wrong-type") return undefined;
  const written = /^write `(.*)`/.exec(one.help ?? "")?.[1];
  const node = jsonAt(config.root, path);
  if (written === undefined || node?.kind !== "value") return undefined;
  return editIn(config, node.start, node.end, written);
}
