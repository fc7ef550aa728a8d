import { distance } from "fastest-levenshtein";
import { createFinding, type LintFinding } from "./finding.ts";
import { isMultusGroup } from "./nad/read-nad.ts";
import { nadRules } from "./nad/rules.ts";
import { type LintObject, locateInObject, parseApiGroup } from "./read/lint-object.ts";
import { hasTemplateFiller } from "./read/templates.ts";

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
  "mellanox.com": ["NicClusterPolicy", "NicNodePolicy", "MacvlanNetwork", "HostDeviceNetwork", "IPoIBNetwork"],
  "nv-ipam.nvidia.com": ["IPPool", "CIDRPool"],
  "whereabouts.cni.cncf.io": ["IPPool", "OverlappingRangeIPReservation", "NodeSlicePool"],
  "spiderpool.spidernet.io": [
    "SpiderMultusConfig",
    "SpiderIPPool",
    "SpiderSubnet",
    "SpiderReservedIP",
    "SpiderEndpoint",
    "SpiderCoordinator",
    "SpiderClaimParameter",
  ],
  "kubeovn.io": [
    "Subnet",
    "Vpc",
    "Vlan",
    "ProviderNetwork",
    "IP",
    "Vip",
    "IPPool",
    "VpcDns",
    "VpcNatGateway",
    "VpcEgressGateway",
    "SwitchLBRule",
    "SecurityGroup",
    "OvnEip",
    "OvnFip",
    "OvnSnatRule",
    "OvnDnatRule",
    "IptablesEIP",
    "IptablesFIPRule",
    "IptablesSnatRule",
    "IptablesDnatRule",
    "QoSPolicy",
    "BgpConf",
    "EvpnConf",
    "DNSNameResolver",
  ],
  "nmstate.io": ["NMState", "NodeNetworkState", "NodeNetworkConfigurationPolicy", "NodeNetworkConfigurationEnactment"],
  "kubevirt.io": [
    "VirtualMachine",
    "VirtualMachineInstance",
    "VirtualMachineInstanceReplicaSet",
    "VirtualMachineInstancePreset",
    "VirtualMachineInstanceMigration",
    "KubeVirt",
  ],
};

/** A kind that was meant to be one of Multus' group. */
export function checkKind(object: LintObject): readonly LintFinding[] {
  const { kind, apiVersion } = object;
  if (kind === "" || hasTemplateFiller(kind)) return [];
  const others = OTHERS[parseApiGroup(apiVersion)];
  if (others) return ofOperator(object, others);
  if (KINDS.includes(kind) || !isMultusGroup(object)) return [];
  const ours = parseApiGroup(apiVersion) === "k8s.cni.cncf.io";
  // Without a group that says so, only the long names are certain to be meant.
  const meant = KINDS.find((one) => (ours || one.length > 12) && distance(kind, one) <= (ours ? 4 : 2));
  if (meant === undefined || kind === `${meant}List`) return [];
  return [reportMisspelledKind(object, meant)];
}

function ofOperator(object: LintObject, kinds: readonly string[]): readonly LintFinding[] {
  const { kind } = object;
  if (kinds.some((one) => kind === one || kind === `${one}List`)) return [];
  // Short names of one group are near to one another: there only a plural, another case or two letters changed about are slips.
  const meant = kinds.find((one) => {
    const [a, b] = [kind.toLowerCase(), one.toLowerCase()];
    return one.length > 9 ? distance(a, b) <= 2 : a === b || a === `${b}s` || isSwapped(a, b);
  });
  return meant === undefined ? [] : [reportMisspelledKind(object, meant)];
}

/** Whether two neighbouring letters are the other way round. */
function isSwapped(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a.slice(0, at) + (a[at + 1] ?? "") + a[at] + a.slice(at + 2) === b;
}

function reportMisspelledKind(object: LintObject, meant: string): LintFinding {
  const place = locateInObject(object, ["kind"]);
  return createFinding(
    nadRules.diagnose("misspelt-kind", place, { kind: object.kind }, { help: `write \`${meant}\`` }),
  );
}
