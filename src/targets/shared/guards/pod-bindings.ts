import { NETWORK_KEY_EXPRESSION } from "./network-keys.ts";
import { matchCoreWrites, matchRequests, type PolicySpec } from "./policy-spec.ts";

/**
 * The API server merges the annotations of a Binding into the pod (pkg/registry/core/pod/storage, assignPod), and admission
 * sees a Binding and no pod. A scheduler needs none of these.
 */
export const podBindingPolicy: PolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: matchRequests(matchCoreWrites(["CREATE"], "pods/binding", "bindings")),
  validations: [
    {
      expression: `!has(object.metadata.annotations) || object.metadata.annotations.all(k, !${NETWORK_KEY_EXPRESSION})`,
      message: "a Binding may not attach a pod to networks",
    },
  ],
};
