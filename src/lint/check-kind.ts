import { distance } from "fastest-levenshtein";
import { type Finding, found } from "./finding.ts";
import { isMultusGroup } from "./nad/read-nad.ts";
import { nadRules } from "./nad/rules.ts";
import { groupOf, type LintObject, placeIn } from "./read/lint-object.ts";
import { isOpaqueText } from "./read/templates.ts";

/** What is in the group `k8s.cni.cncf.io`. Kinds of other groups are theirs, however near their names are. */
const KINDS = ["NetworkAttachmentDefinition", "MultiNetworkPolicy", "IPAMClaim"];

/** The kinds of operators' groups, all of them: only a name that is none of these can be a slip. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "sriovnetwork.openshift.io": [
    "SriovNetwork",
    "SriovIBNetwork",
    "OVSNetwork",
    "SriovNetworkNodePolicy",
    "SriovNetworkNodeState",
    "SriovNetworkPoolConfig",
    "SriovOperatorConfig",
  ],
  "k8s.ovn.org": [
    "UserDefinedNetwork",
    "ClusterUserDefinedNetwork",
    "EgressIP",
    "EgressFirewall",
    "EgressQoS",
    "EgressService",
    "AdminPolicyBasedExternalRoute",
    "RouteAdvertisements",
    "ClusterNetworkConnect",
    "NetworkQoS",
  ],
};

/** A kind that was meant to be one of Multus' group. */
export function checkKind(object: LintObject): readonly Finding[] {
  const { kind, apiVersion } = object;
  if (kind === "" || isOpaqueText(kind)) return [];
  const others = OTHERS[groupOf(apiVersion)];
  if (others) return ofOperator(object, others);
  if (KINDS.includes(kind) || !isMultusGroup(object)) return [];
  const ours = groupOf(apiVersion) === "k8s.cni.cncf.io";
  // Without a group that says so, only the long names are certain to be meant.
  const meant = KINDS.find((one) => (ours || one.length > 12) && distance(kind, one) <= (ours ? 4 : 2));
  if (meant === undefined || kind === `${meant}List`) return [];
  return [misspelt(object, meant)];
}

function ofOperator(object: LintObject, kinds: readonly string[]): readonly Finding[] {
  const { kind } = object;
  if (kinds.some((one) => kind === one || kind === `${one}List`)) return [];
  // Short names of one group are near to one another.
  const meant = kinds.find((one) => one.length > 9 && distance(kind.toLowerCase(), one.toLowerCase()) <= 2);
  return meant === undefined ? [] : [misspelt(object, meant)];
}

function misspelt(object: LintObject, meant: string): Finding {
  const place = placeIn(object, ["kind"]);
  return found(nadRules.diagnose("misspelt-kind", place, { kind: object.kind }, { help: `write \`${meant}\`` }));
}
