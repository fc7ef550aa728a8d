import { isNetworkKey } from "./network-keys.ts";
import { matching, type PolicySpec, writesOf } from "./policy-spec.ts";

/**
 * The API server merges the annotations of a Binding into the pod (pkg/registry/core/pod/storage, assignPod), and admission
 * sees a Binding and no pod. A scheduler needs none of these.
 */
export const bindings: PolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: matching(writesOf(["CREATE"], "pods/binding", "bindings")),
  validations: [
    {
      expression: `!has(object.metadata.annotations) || object.metadata.annotations.all(k, !${isNetworkKey})`,
      message: "a Binding may not attach a pod to networks",
    },
  ],
};
