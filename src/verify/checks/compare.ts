import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flows } from "../dataplane/flow.ts";
import type { Meaning } from "../expected/expected.ts";
import { watch } from "../expected/index.ts";
import type { Model } from "../model/model.ts";
import { unexpectedAttached } from "./compare-attached.ts";
import { missingOnDefault, unexpectedOnDefault, unexpectedOutside } from "./compare-default.ts";
import { missingAttached } from "./missing-attached.ts";

/** Where what was written lets through more, less, or by another way than the intents mean. */
export function compare(model: Model, flows: Flows, meaning: Meaning): readonly Diagnostic[] {
  const watched = watch(meaning);
  return [
    ...unexpectedAttached(flows.attached, watched),
    ...unexpectedOnDefault(flows.onDefault, watched),
    ...unexpectedOutside(flows.outside, watched),
    ...missingAttached(model, flows, watched),
    ...missingOnDefault(model, flows.onDefault, watched),
  ];
}
