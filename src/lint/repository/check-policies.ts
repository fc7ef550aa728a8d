import type { Path } from "../../source/place.ts";
import { findPodPath, POLICY_FOR, readPodField } from "../annotation/annotation-sites.ts";
import type { NetworkList } from "../annotation/network-list.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { type PolicyNetwork, readPolicyNetworks } from "../policy/check-policy.ts";
import { mnpRules } from "../policy/rules.ts";
import {
  type Fields,
  isFields,
  type LintObject,
  locateInObject,
  parseApiGroup,
  readField,
} from "../read/lint-object.ts";
import { findNetworks, findSimilarNetwork, findUniqueNad, type Repository } from "./repository.ts";

/** Plugins that no controller of MultiNetworkPolicy enforces unless it is told to. */
const LEFT_ALONE = ["bridge", "cnv-bridge", "ptp", "host-device", "vlan", "ovs", "tap", "dummy", "kube-ovn"];

/** Policies against the networks and pods that are here. */
export function checkPolicies(repository: Repository): readonly LintFinding[] {
  const plain = repository.objects.flatMap(ofThePodNetwork);
  const own = repository.policies.flatMap((policy) => {
    const networks = readPolicyNetworks(policy);
    return [
      ...networks.flatMap((network) => [
        ...notFound(repository, policy, network),
        ...notEnforced(repository, policy, network),
      ]),
      ...selectsNothing(repository, policy, networks),
    ];
  });
  return [...plain, ...own];
}

/** A NetworkPolicy is enforced on the pod network: its controllers do not read the annotation. */
function ofThePodNetwork(object: LintObject): readonly LintFinding[] {
  if (object.kind !== "NetworkPolicy" || parseApiGroup(object.apiVersion) !== "networking.k8s.io") return [];
  if (readField(object, ...at) === undefined) return [];
  const problem = `a NetworkPolicy is enforced on the pod network alone, and \`${POLICY_FOR}\` is not read`;
  const help = "write a MultiNetworkPolicy: `apiVersion: k8s.cni.cncf.io/v1beta1`";
  return [createFinding(mnpRules.diagnose("never-read", locateInObject(object, at, "key"), { problem }, { help }))];
}

const at: Path = ["metadata", "annotations", POLICY_FOR];

function formatNetwork({ name, namespace }: PolicyNetwork): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function notFound(repository: Repository, policy: LintObject, network: PolicyNetwork): readonly LintFinding[] {
  if (findNetworks(repository, network.name, network.namespace).length > 0) return [];
  const elsewhere = repository.networks.get(network.name)?.[0]?.namespace;
  const close = elsewhere === undefined ? findSimilarNetwork(repository, network.name) : `${elsewhere}/${network.name}`;
  if (close === undefined) return [];
  const parameters = { network: formatNetwork(network) };
  return [
    createFinding(
      mnpRules.diagnose("network-not-found", locateInObject(policy, at), parameters, {
        help: `did you mean \`${close}\`?`,
      }),
    ),
  ];
}

function notEnforced(repository: Repository, policy: LintObject, network: PolicyNetwork): readonly LintFinding[] {
  const type = findUniqueNad(repository, network.name, network.namespace)?.plugins[0]?.type;
  if (type === undefined || !LEFT_ALONE.includes(type)) return [];
  return [
    createFinding(
      mnpRules.diagnose("not-enforced", locateInObject(policy, at), { network: formatNetwork(network), type }),
    ),
  ];
}

/** Only where pods on all of its networks are here: of others nothing is known. */
function selectsNothing(
  repository: Repository,
  policy: LintObject,
  networks: readonly PolicyNetwork[],
): readonly LintFinding[] {
  const selector = readField(policy, "spec", "podSelector");
  if (!isFields(selector) || Object.keys(selector).length === 0) return [];
  const attached = networks.map((network) => repository.asked.filter((asked) => isAttached(asked, policy, network)));
  const first = attached[0]?.[0];
  if (!first || attached.some((pods) => pods.length === 0)) return [];
  if (attached.flat().some((asked) => mayMatch(asked, selector))) return [];
  const related = [
    { place: locateInObject(first.annotation.object, ["metadata", "name"]), label: "is on the network" },
  ];
  const network = networks.map(formatNetwork).join(", ");
  const place = locateInObject(policy, ["spec", "podSelector"], "key");
  return [createFinding(mnpRules.diagnose("selects-nothing", place, { network }, { related }))];
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function isAttached({ annotation, selections }: NetworkList, policy: LintObject, network: PolicyNetwork): boolean {
  if (!same(annotation.namespace, policy.namespace)) return false;
  return selections.some((one) => {
    const namespace = one.namespace ?? (one.anyNamespace ? undefined : annotation.namespace);
    return one.name === network.name && same(namespace, network.namespace);
  });
}

/** Whether pods may have the labels; what cannot be judged may. */
function mayMatch({ annotation }: NetworkList, selector: Fields): boolean {
  if (findPodPath(annotation.object) === undefined || annotation.object.doc.part.templated) return true;
  // A patch has the annotation alone; the labels are where the containers are.
  if (readPodField(annotation, "spec", "containers") === undefined) return true;
  const labels = readPodField(annotation, "metadata", "labels");
  const own: Fields = isFields(labels) ? labels : {};
  const wanted = isFields(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = Array.isArray(selector.matchExpressions) ? (selector.matchExpressions as readonly unknown[]) : [];
  return (
    Object.entries(wanted).every(([key, value]) => own[key] === value) &&
    expressions.every((one) => !isFields(one) || matchesExpression(one, own))
  );
}

function matchesExpression({ key, operator, values }: Fields, labels: Fields): boolean {
  const value = typeof key === "string" ? labels[key] : undefined;
  const list = Array.isArray(values) ? (values as readonly unknown[]) : [];
  switch (operator) {
    case "In":
      return list.includes(value);
    case "NotIn":
      return !list.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return true;
  }
}
