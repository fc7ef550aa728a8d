import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { FlowSet } from "../dataplane/flow.ts";
import type { ExpectedState } from "../expected/expected.ts";
import { buildExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { checkMissingPrimary, checkUnexpectedOutside, checkUnexpectedPrimary } from "./compare-primary.ts";
import { checkUnexpectedSecondary } from "./compare-secondary.ts";
import { checkMissingSecondary } from "./missing-secondary.ts";

/** Where what was written lets through more, less, or by another way than the intents mean. */
export function compareWithExpected(model: Model, flows: FlowSet, meaning: ExpectedState): readonly Diagnostic[] {
  const watched = buildExpectedIndex(meaning);
  return [
    ...checkUnexpectedSecondary(flows.secondary, watched),
    ...checkUnexpectedPrimary(flows.primary, watched),
    ...checkUnexpectedOutside(flows.outside, watched),
    ...checkMissingSecondary(model, flows, watched),
    ...checkMissingPrimary(model, flows.primary, watched),
  ];
}
