import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flows } from "../dataplane/flow.ts";
import type { Watch } from "../expected/index.ts";
import type { Model } from "../model/model.ts";
import { partyOf } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** Packets that arrive and are never answered: a hole for what needs no answer, and no use for anything else. */
export function asymmetry(model: Model, flows: Flows, watch: Watch): readonly Diagnostic[] {
  const asBefore = new Set(model.externals.filter((one) => one.asItWas).map((one) => one.id));
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const { from, to, problems } of flows.oneWay) {
    if (!watch.concerns(from, to)) continue;
    if (from.type === "node" && asBefore.has(from.node.id)) continue;
    const parameters = { from: partyOf(from, watch.zones), to: partyOf(to, watch.zones), why: problems[0]?.text ?? "" };
    const key = `${parameters.from} ${parameters.to}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const place = problems[0]?.place;
    found.push(verifyRules.diagnose("asymmetric-return", place, parameters));
  }
  return found;
}
