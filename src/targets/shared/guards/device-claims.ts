import { matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

/** Makes the claims of pods from their templates (pkg/controller/resourceclaim). */
const CONTROLLER = "system:serviceaccount:kube-system:resource-claim-controller";

/**
 * A claim on a device of a network is a way into it, so only those who write networks may write claims and templates that
 * name its class. Claims of other classes (GPUs, say) are nobody's business here. Older versions are converted to v1. What a claim asks for
 * cannot be changed later, so only its making is looked at.
 */
export const deviceClaimPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests({
    apiGroups: ["resource.k8s.io"],
    apiVersions: ["v1"],
    operations: ["CREATE"],
    resources: ["resourceclaims", "resourceclaimtemplates"],
  }),
  variables: [
    { name: "classes", expression: "params.data['classes'].split('\\n')" },
    { name: "spec", expression: "object.kind == 'ResourceClaimTemplate' ? object.spec.spec : object.spec" },
    {
      name: "requests",
      expression:
        "has(variables.spec.devices) && has(variables.spec.devices.requests) ? variables.spec.devices.requests : []",
    },
  ],
  validations: [
    {
      expression:
        `request.userInfo.username == '${CONTROLLER}'` +
        " || request.userInfo.username in params.data['writers'].split('\\n')" +
        " || variables.requests.all(r, !(has(r.exactly) && r.exactly.deviceClassName in variables.classes)" +
        " && !(has(r.firstAvailable) && r.firstAvailable.exists(f, f.deviceClassName in variables.classes)))",
      messageExpression: "'links of networks are claimed by the platform, not by ' + request.userInfo.username",
    },
  ],
};
