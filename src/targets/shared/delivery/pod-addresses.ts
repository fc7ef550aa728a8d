import type { Manifest, PodPatch } from "../../../ir/manifest.ts";
import { matchCoreWrites, matchObjects, matchRequests, type PolicySpec, paramKind } from "../guards/policy-spec.ts";
import { buildManifest, SYNC_WAVES } from "../kubernetes/metadata.ts";
import { selectNamespaces } from "../kubernetes/zone-policies.ts";
import { statefulSetPodVariables } from "./pod-of-stateful-set.ts";

const NETWORKS = "'k8s.v1.cni.cncf.io/networks'";
const networksOf = (pod: string) =>
  `has(${pod}.metadata.annotations) && ${NETWORKS} in ${pod}.metadata.annotations ? ${pod}.metadata.annotations[${NETWORKS}] : ''`;

export const POD_ADDRESSES = "plumbline-pod-addresses";

/**
 * Addresses by ordinal: each pod of the StatefulSet has exactly its own, and no other pod has any of them. The mutating
 * policy gives them; this one looks at the result, whoever wrote it.
 */
export const podAddressPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(matchCoreWrites(["CREATE", "UPDATE"], "pods")),
  variables: [
    ...statefulSetPodVariables,
    { name: "networks", expression: networksOf("object") },
    { name: "before", expression: `oldObject != null ? (${networksOf("oldObject")}) : ''` },
    { name: "own", expression: "'value.' + variables.ordinal" },
    { name: "name", expression: "params.data['statefulSet']" },
    {
      name: "isTaken",
      expression: "params.data.exists(k, k.startsWith('value.') && params.data[k] == variables.networks)",
    },
  ],
  validations: [
    {
      expression: "oldObject != null || !variables.isOwned || variables.own in params.data",
      messageExpression:
        "'StatefulSet ' + variables.name + ' has addresses for ' + params.data['pods'] + ' pods, and none for pod ' + variables.ordinal" +
        " + ': add its addresses to perPod in the intent, or lower replicas'",
    },
    {
      expression:
        "oldObject != null || !variables.isOwned || !(variables.own in params.data) || params.data[variables.own] == variables.networks",
      messageExpression:
        "'pod ' + variables.ordinal + ' of StatefulSet ' + variables.name + ' attaches with exactly the addresses that its intents give to it'",
    },
    {
      expression: "oldObject != null || !variables.isTaken || variables.isMade",
      messageExpression:
        "'these addresses are for pods that the controller of StatefulSet ' + variables.name + ' makes, not for those of ' + request.userInfo.username",
    },
    {
      expression:
        "oldObject == null || variables.networks == variables.before" +
        " || (!variables.isTaken && !params.data.exists(k, k.startsWith('value.') && params.data[k] == variables.before))",
      messageExpression: "'the addresses of a pod of StatefulSet ' + variables.name + ' do not change while it exists'",
    },
  ],
};

/** The guard of a workload's addresses, in its namespace; it goes by the same parameters as the policy that gives them. */
export function bindPodAddresses(
  { workload }: PodPatch,
  parameters: string,
  namespace: string,
  file: string,
): Manifest {
  const spec = {
    policyName: POD_ADDRESSES,
    paramRef: { name: parameters, namespace, parameterNotFoundAction: "Deny" },
    validationActions: ["Deny"],
    matchResources: matchObjects({ namespaceSelector: selectNamespaces([workload.namespace]) }),
  };
  return buildPolicyObject(
    file,
    "ValidatingAdmissionPolicyBinding",
    `plumbline-addresses-${parameters}`.slice(0, 253),
    spec,
  );
}

/** What the mutating policy and the guard of addresses read of a workload whose pods differ. */
export function buildOrdinalParameters(values: readonly string[], name: string, added: (value: string) => string) {
  const networks = values.map((value, ordinal) => [`networks.${ordinal}`, added(value)] as const);
  const whole = values.map((value, ordinal) => [`value.${ordinal}`, value] as const);
  return { statefulSet: name, pods: String(values.length), ...Object.fromEntries([...networks, ...whole]) };
}

export function buildPolicyObject(file: string, kind: string, name: string, spec: PolicySpec): Manifest {
  const what = { apiVersion: "admissionregistration.k8s.io/v1", kind, template: "kubernetes/object", file };
  return buildManifest(what, { name, wave: SYNC_WAVES.policy }, undefined, { body: { spec } });
}
