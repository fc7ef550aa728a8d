import type { Manifest } from "../../ir/manifest.ts";
import { manifest, waves } from "../kubernetes/metadata.ts";
import { namespacesNamed } from "../kubernetes/zone-policies.ts";
import { PRIMARY_LABEL } from "./main-network.ts";

const NAME = "plumbline-main-networks";
const labelled = (object: string) =>
  `has(${object}.metadata.labels) && '${PRIMARY_LABEL}' in ${object}.metadata.labels`;

/**
 * A namespace that is made without the label puts its pods on the default network, and nobody says so; a pod that opens
 * ports of its locked default interface opens them to every pod of the cluster.
 */
export function mainNetworkGuard(namespaces: readonly string[]): readonly Manifest[] {
  if (namespaces.length === 0) return [];
  const rule = (operations: readonly string[], resources: readonly string[]) => ({
    apiGroups: [""],
    apiVersions: ["v1"],
    operations,
    resources,
  });
  const policy = {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [rule(["CREATE", "UPDATE"], ["namespaces", "pods"])] },
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
  const binding = {
    policyName: NAME,
    validationActions: ["Deny"],
    matchResources: { namespaceSelector: namespacesNamed([...namespaces].sort()) },
  };
  return [object("ValidatingAdmissionPolicy", policy), object("ValidatingAdmissionPolicyBinding", binding)];
}

function object(kind: string, spec: unknown): Manifest {
  return manifest(
    { apiVersion: "admissionregistration.k8s.io/v1", kind, template: "kubernetes/object", file: "guards.yaml" },
    { name: NAME, wave: waves.policy },
    undefined,
    { body: { spec } },
  );
}
