import { distance } from "fastest-levenshtein";
import { type Finding, found } from "./finding.ts";
import { isMultusGroup } from "./nad/read-nad.ts";
import { nadRules } from "./nad/rules.ts";
import { groupOf, type LintObject, placeIn } from "./read/lint-object.ts";
import { isOpaqueText } from "./read/templates.ts";

/** What is in the group `k8s.cni.cncf.io`. Kinds of other groups are theirs, however near their names are. */
const KINDS = ["NetworkAttachmentDefinition", "MultiNetworkPolicy", "IPAMClaim"];

/** A kind that was meant to be one of Multus' group. */
export function checkKind(object: LintObject): readonly Finding[] {
  const { kind, apiVersion } = object;
  if (kind === "" || isOpaqueText(kind) || KINDS.includes(kind) || !isMultusGroup(object)) return [];
  const ours = groupOf(apiVersion) === "k8s.cni.cncf.io";
  // Without a group that says so, only the long names are certain to be meant.
  const meant = KINDS.find((one) => (ours || one.length > 12) && distance(kind, one) <= (ours ? 4 : 2));
  if (meant === undefined || kind === `${meant}List`) return [];
  const place = placeIn(object, ["kind"]);
  return [found(nadRules.diagnose("misspelt-kind", place, { kind }, { help: `write \`${meant}\`` }))];
}
