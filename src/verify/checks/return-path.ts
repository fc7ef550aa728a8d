import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { FlowSet } from "../dataplane/flow.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { describeParty } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** Packets that arrive and are never answered: a hole for what needs no answer, and no use for anything else. */
export function checkReturnPaths(model: Model, flows: FlowSet, watch: ExpectedIndex): readonly Diagnostic[] {
  const asBefore = new Set(model.externals.filter((one) => one.isPreexisting).map((one) => one.id));
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const { from, to, problems } of flows.asymmetric) {
    if (!watch.isRelevant(from, to)) continue;
    if (from.type === "node" && asBefore.has(from.node.id)) continue;
    const parameters = {
      from: describeParty(from, watch.zones),
      to: describeParty(to, watch.zones),
      why: problems[0]?.text ?? "",
    };
    const key = `${parameters.from} ${parameters.to}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const place = problems[0]?.place;
    found.push(verifyRules.diagnose("asymmetric-return", place, parameters));
  }
  return found;
}
