const INDEX = "'apps.kubernetes.io/pod-index'";

/** Which pod of the StatefulSet that the parameters name a pod is, and whether that one's controller makes it. */
export const statefulSetPodVariables = [
  {
    name: "ordinal",
    expression: `has(object.metadata.labels) && ${INDEX} in object.metadata.labels ? object.metadata.labels[${INDEX}] : ''`,
  },
  {
    name: "isOwned",
    expression:
      "'statefulSet' in params.data && has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(o," +
      " o.apiVersion == 'apps/v1' && o.kind == 'StatefulSet' && o.name == params.data['statefulSet']" +
      " && has(o.controller) && o.controller)",
  },
  {
    name: "isMade",
    expression:
      "variables.isOwned && request.userInfo.username == 'system:serviceaccount:kube-system:statefulset-controller'",
  },
];
