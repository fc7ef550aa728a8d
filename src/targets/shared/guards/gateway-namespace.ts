import { CLEANUP_ACCOUNTS, matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

const CONTROLLERS = [
  "system:kube-controller-manager",
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "daemon-set-controller",
  "job-controller",
  "cronjob-controller",
];

const controllers = CONTROLLERS.map((name) =>
  name.includes(":") ? `'${name}'` : `'system:serviceaccount:kube-system:${name}'`,
).join(", ");

const rule = (group: string, operations: readonly string[], ...resources: string[]) => ({
  apiGroups: [group],
  apiVersions: ["*"],
  operations,
  resources,
});

const WRITES = ["CREATE", "UPDATE"];

/** A gateway forwards between zones: only the appliers write what runs beside it, and only controllers make its pods. */
export const gatewayNamespacePolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(
    ...[
      // The image of a pod that runs can be changed, too.
      rule("", WRITES, "pods", "pods/ephemeralcontainers", "replicationcontrollers", "replicationcontrollers/scale"),
      rule(
        "apps",
        WRITES,
        ...["deployments", "statefulsets", "replicasets"].flatMap((kind) => [kind, `${kind}/scale`]),
        "daemonsets",
      ),
      rule("batch", WRITES, "jobs", "cronjobs"),
      rule("", [...WRITES, "DELETE"], "configmaps"),
    ],
  ),
  variables: [{ name: "controllers", expression: `[${controllers}]` }],
  validations: [
    {
      expression:
        "request.userInfo.username in variables.controllers" +
        " || (request.userInfo.username in params.data['appliers'].split('\\n') && !(request.resource.resource == 'pods' && request.operation == 'CREATE'))" +
        ` || (request.operation != 'CREATE' && request.userInfo.username in ${CLEANUP_ACCOUNTS})` +
        " || (request.resource.resource == 'configmaps' && object != null && object.metadata.name == 'kube-root-ca.crt')",
      messageExpression: "'a gateway is written by the platform, not by ' + request.userInfo.username",
    },
  ],
};
