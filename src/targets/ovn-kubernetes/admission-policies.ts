import type { Manifest } from "../../ir/manifest.ts";
import { ADMISSION_NAMESPACE } from "../shared/guards/admission-namespace.ts";
import { matchCoreWrites, matchObjects, matchRequests } from "../shared/guards/policy-spec.ts";
import { buildManifest, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { selectNamespaces } from "../shared/kubernetes/zone-policies.ts";
import { PRIMARY_LABEL } from "./primary-network.ts";

const WRITES = ["CREATE", "UPDATE"];
const labelled = (object: string) =>
  `has(${object}.metadata.labels) && '${PRIMARY_LABEL}' in ${object}.metadata.labels`;

/** What whoever writes pods or namespaces could say to OVN-Kubernetes, past the border of a zone. */
export function buildOvnAdmissionPolicies(
  onMainNetwork: readonly string[],
  inZones: readonly string[],
): readonly Manifest[] {
  return [
    ...(onMainNetwork.length > 0 ? mainNetworks([...onMainNetwork].sort()) : []),
    ...(inZones.length > 0 ? routingPods([...inZones].sort()) : []),
  ];
}

/**
 * A namespace that is made without the label puts its pods on the default network, and nobody says so; a pod that opens
 * ports of its locked default interface opens them to every pod of the cluster.
 */
function mainNetworks(namespaces: readonly string[]): readonly Manifest[] {
  const spec = {
    failurePolicy: "Fail",
    matchConstraints: matchRequests(matchCoreWrites(WRITES, "namespaces", "pods")),
    validations: [
      {
        expression: `request.resource.resource != 'namespaces' || (${labelled("object")}) || (oldObject != null && !(${labelled("oldObject")}))`,
        message: `a namespace of an isolation zone has the label ${PRIMARY_LABEL} from the start`,
      },
      {
        expression:
          "request.resource.resource != 'pods' || !has(object.metadata.annotations) || !('k8s.ovn.org/open-default-ports' in object.metadata.annotations)",
        message: "a pod of an isolation zone may not open ports on the default network",
      },
    ],
  };
  return policy("plumbline-main-networks", spec, {
    matchResources: matchObjects({ namespaceSelector: selectNamespaces(namespaces) }),
  });
}

const ROUTING = "object.metadata.annotations['k8s.ovn.org/routing-namespaces']";

/** One annotation makes a pod the gateway of any namespace: whatever that sends out of the cluster goes to the pod. */
function routingPods(namespaces: readonly string[]): readonly Manifest[] {
  const name = "plumbline-routing-pods";
  const spec = {
    failurePolicy: "Fail",
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    matchConstraints: matchRequests(matchCoreWrites(WRITES, "pods")),
    validations: [
      {
        expression: `!has(object.metadata.annotations) || !('k8s.ovn.org/routing-namespaces' in object.metadata.annotations) || ${ROUTING}.split(',').all(n, !(n.trim() in params.data['closed'].split('\\n')))`,
        message: "a pod may not make itself the gateway of an isolation zone's namespace",
      },
    ],
  };
  const parameters = buildManifest(
    { apiVersion: "v1", kind: "ConfigMap", template: "kubernetes/config-map", file: "guards.yaml" },
    { name: "routing-pods", namespace: ADMISSION_NAMESPACE, wave: SYNC_WAVES.network },
    undefined,
    { files: { closed: namespaces.join("\n") } },
  );
  const paramRef = { name: "routing-pods", namespace: ADMISSION_NAMESPACE, parameterNotFoundAction: "Deny" };
  return [parameters, ...policy(name, spec, { paramRef })];
}

function policy(name: string, spec: unknown, binding: object): readonly Manifest[] {
  return [
    object("ValidatingAdmissionPolicy", name, spec),
    object("ValidatingAdmissionPolicyBinding", name, { policyName: name, ...binding, validationActions: ["Deny"] }),
  ];
}

function object(kind: string, name: string, spec: unknown): Manifest {
  return buildManifest(
    { apiVersion: "admissionregistration.k8s.io/v1", kind, template: "kubernetes/object", file: "guards.yaml" },
    { name, wave: SYNC_WAVES.policy },
    undefined,
    { body: { spec } },
  );
}
