import { podAnnotationVariables } from "./pod-annotations.ts";
import { matchCoreWrites, matchRequests, type PolicySpec } from "./policy-spec.ts";

/** The binding warns and refuses nothing: a pod without its network is cut off, and opens nothing. */
export const missingNetworkPolicy: PolicySpec = {
  failurePolicy: "Ignore",
  matchConstraints: matchRequests(matchCoreWrites(["CREATE"], "pods")),
  variables: [...podAnnotationVariables],
  validations: [
    {
      expression:
        "variables.networks != '' || (has(object.spec.hostNetwork) && object.spec.hostNetwork)" +
        " || ('helm.sh/hook' in variables.now && variables.now['helm.sh/hook'].contains('test'))",
      message: "this pod of an isolation zone has none of its networks: the patch of its workload did not reach it",
    },
  ],
};
