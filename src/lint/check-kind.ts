import { distance } from "fastest-levenshtein";
import { type Finding, found } from "./finding.ts";
import { nadRules } from "./nad/rules.ts";
import { type LintObject, placeIn } from "./read/lint-object.ts";

/** What is in the group `k8s.cni.cncf.io`. */
const KINDS = ["NetworkAttachmentDefinition", "MultiNetworkPolicy", "IPAMClaim"];

/** A kind that was meant to be one of the group, or nearly is a NetworkAttachmentDefinition. */
export function checkKind(object: LintObject): readonly Finding[] {
  const { kind, apiVersion } = object;
  if (kind === "" || KINDS.includes(kind)) return [];
  const ours = apiVersion.startsWith("k8s.cni.cncf.io/");
  const meant = KINDS.find((one) => distance(kind, one) <= (ours ? 4 : 2));
  if (meant === undefined || kind === `${meant}List`) return [];
  const place = placeIn(object, ["kind"]);
  return [found(nadRules.diagnose("misspelt-kind", place, { kind }, { help: `write \`${meant}\`` }))];
}
