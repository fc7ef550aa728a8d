import type { Path } from "../../source/place.ts";
import type { Asked } from "../annotation/selections.ts";
import { POLICY_FOR, podField, podPath } from "../annotation/sites.ts";
import { type Finding, found } from "../finding.ts";
import { networksOf, type PolicyNetwork } from "../policy/check-policy.ts";
import { mnpRules } from "../policy/rules.ts";
import { type Fields, fieldOf, groupOf, isFields, type LintObject, placeIn } from "../read/lint-object.ts";
import { closeName, networksNamed, onlyNad, type Repository } from "./repository.ts";

/** Plugins that no controller of MultiNetworkPolicy enforces unless it is told to. */
const LEFT_ALONE = ["bridge", "cnv-bridge", "ptp", "host-device", "vlan", "ovs", "tap", "dummy", "kube-ovn"];

/** Policies against the networks and pods that are here. */
export function checkPolicies(repository: Repository): readonly Finding[] {
  const plain = repository.objects.flatMap(ofThePodNetwork);
  const own = repository.policies.flatMap((policy) => {
    const networks = networksOf(policy);
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
function ofThePodNetwork(object: LintObject): readonly Finding[] {
  if (object.kind !== "NetworkPolicy" || groupOf(object.apiVersion) !== "networking.k8s.io") return [];
  if (fieldOf(object, ...at) === undefined) return [];
  const problem = `a NetworkPolicy is enforced on the pod network alone, and \`${POLICY_FOR}\` is not read`;
  const help = "write a MultiNetworkPolicy: `apiVersion: k8s.cni.cncf.io/v1beta1`";
  return [found(mnpRules.diagnose("never-read", placeIn(object, at, "key"), { problem }, { help }))];
}

const at: Path = ["metadata", "annotations", POLICY_FOR];

function shown({ name, namespace }: PolicyNetwork): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function notFound(repository: Repository, policy: LintObject, network: PolicyNetwork): readonly Finding[] {
  if (networksNamed(repository, network.name, network.namespace).length > 0) return [];
  const elsewhere = repository.networks.get(network.name)?.[0]?.namespace;
  const close = elsewhere === undefined ? closeName(repository, network.name) : `${elsewhere}/${network.name}`;
  if (close === undefined) return [];
  const parameters = { network: shown(network) };
  return [
    found(
      mnpRules.diagnose("network-not-found", placeIn(policy, at), parameters, { help: `did you mean \`${close}\`?` }),
    ),
  ];
}

function notEnforced(repository: Repository, policy: LintObject, network: PolicyNetwork): readonly Finding[] {
  const type = onlyNad(repository, network.name, network.namespace)?.plugins[0]?.type;
  if (type === undefined || !LEFT_ALONE.includes(type)) return [];
  return [found(mnpRules.diagnose("not-enforced", placeIn(policy, at), { network: shown(network), type }))];
}

/** Only where pods on all of its networks are here: of others nothing is known. */
function selectsNothing(
  repository: Repository,
  policy: LintObject,
  networks: readonly PolicyNetwork[],
): readonly Finding[] {
  const selector = fieldOf(policy, "spec", "podSelector");
  if (!isFields(selector) || Object.keys(selector).length === 0) return [];
  const attached = networks.map((network) => repository.asked.filter((asked) => isAttached(asked, policy, network)));
  const first = attached[0]?.[0];
  if (!first || attached.some((pods) => pods.length === 0)) return [];
  if (attached.flat().some((asked) => mayMatch(asked, selector))) return [];
  const related = [{ place: placeIn(first.site.object, ["metadata", "name"]), label: "is on the network" }];
  const network = networks.map(shown).join(", ");
  const place = placeIn(policy, ["spec", "podSelector"], "key");
  return [found(mnpRules.diagnose("selects-nothing", place, { network }, { related }))];
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function isAttached({ site, selections }: Asked, policy: LintObject, network: PolicyNetwork): boolean {
  if (!same(site.namespace, policy.namespace)) return false;
  return selections.some((one) => {
    const namespace = one.namespace ?? (one.anyNamespace ? undefined : site.namespace);
    return one.name === network.name && same(namespace, network.namespace);
  });
}

/** Whether pods may have the labels; what cannot be judged may. */
function mayMatch({ site }: Asked, selector: Fields): boolean {
  if (podPath(site.object) === undefined || site.object.doc.part.templated) return true;
  // A patch has the annotation alone; the labels are where the containers are.
  if (podField(site, "spec", "containers") === undefined) return true;
  const labels = podField(site, "metadata", "labels");
  const own: Fields = isFields(labels) ? labels : {};
  const wanted = isFields(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = Array.isArray(selector.matchExpressions) ? (selector.matchExpressions as readonly unknown[]) : [];
  return (
    Object.entries(wanted).every(([key, value]) => own[key] === value) &&
    expressions.every((one) => !isFields(one) || fits(one, own))
  );
}

function fits({ key, operator, values }: Fields, labels: Fields): boolean {
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
