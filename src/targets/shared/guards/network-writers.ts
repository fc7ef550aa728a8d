import { CLEANUP_ACCOUNTS, matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

const written = (group: string, ...resources: string[]) => ({
  apiGroups: [group],
  apiVersions: ["*"],
  operations: ["CREATE", "UPDATE", "DELETE"],
  resources,
});

/** A network's configuration is a text that no expression can judge, so only those who must may write networks. */
export const networkWriterPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(
    written("k8s.cni.cncf.io", "network-attachment-definitions", "multi-networkpolicies"),
    written("k8s.ovn.org", "userdefinednetworks", "clusteruserdefinednetworks", "clusternetworkconnects"),
    written("k8s.ovn.org", "egressfirewalls", "adminpolicybasedexternalroutes", "routeadvertisements"),
    written("sriovnetwork.openshift.io", "sriovnetworks", "sriovibnetworks", "ovsnetworks"),
  ),
  validations: [
    {
      expression:
        "request.userInfo.username in params.data['writers'].split('\\n')" +
        ` || (request.operation == 'DELETE' && request.userInfo.username in ${CLEANUP_ACCOUNTS})`,
      messageExpression: "'networks are written by the platform, not by ' + request.userInfo.username",
    },
  ],
};
