type Json = Readonly<Record<string, unknown>>;

/** ConfigMaps hold the parameters: one value a line, since a line end is in none of them. */
const paramKind = { apiVersion: "v1", kind: "ConfigMap" };

const annotations = [
  { name: "now", expression: "has(object.metadata.annotations) ? object.metadata.annotations : {}" },
  {
    name: "before",
    expression: "oldObject != null && has(oldObject.metadata.annotations) ? oldObject.metadata.annotations : {}",
  },
  { name: "key", expression: "'k8s.v1.cni.cncf.io/networks'" },
  { name: "networks", expression: "variables.key in variables.now ? variables.now[variables.key] : ''" },
  {
    name: "unchanged",
    expression:
      "oldObject != null && variables.networks == (variables.key in variables.before ? variables.before[variables.key] : '')",
  },
];

const podRules = [
  {
    apiGroups: [""],
    apiVersions: ["v1"],
    operations: ["CREATE", "UPDATE"],
    resources: ["pods", "pods/ephemeralcontainers"],
  },
];

const withoutPrivileges = (list: string) =>
  `${list}.all(c, !has(c.securityContext) || (` +
  "(!has(c.securityContext.privileged) || !c.securityContext.privileged)" +
  " && (!has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add)" +
  " || c.securityContext.capabilities.add.all(k, !(k in ['NET_ADMIN', 'NET_RAW', 'CAP_NET_ADMIN', 'CAP_NET_RAW', 'SYS_ADMIN', 'CAP_SYS_ADMIN', 'ALL'])))))";

/** Pods of a zone: whole annotation values that the compiler emitted, and nothing that would get around a policy. */
export const zoneMembers: Json = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: { resourceRules: podRules },
  variables: [
    ...annotations,
    {
      name: "allowed",
      expression: "object.metadata.namespace in params.data ? params.data[object.metadata.namespace].split('\\n') : []",
    },
  ],
  validations: [
    {
      expression: "variables.unchanged || variables.networks == '' || variables.networks in variables.allowed",
      message: "a pod of an isolation zone attaches exactly as its intents say",
    },
    {
      expression:
        "!('v1.multus-cni.io/default-network' in variables.now)" +
        " || (oldObject != null && 'v1.multus-cni.io/default-network' in variables.before" +
        " && variables.before['v1.multus-cni.io/default-network'] == variables.now['v1.multus-cni.io/default-network'])",
      message: "a pod of an isolation zone may not replace the default network",
    },
    {
      expression: "!has(object.spec.hostNetwork) || !object.spec.hostNetwork",
      message: "the node's network bypasses the isolation zone",
    },
    {
      expression: withoutPrivileges("object.spec.containers"),
      message: "NET_ADMIN, NET_RAW and privileged containers could undo the zone's policies",
    },
    {
      expression: `!has(object.spec.initContainers) || ${withoutPrivileges("object.spec.initContainers")}`,
      message: "NET_ADMIN, NET_RAW and privileged init containers could undo the zone's policies",
    },
    {
      expression: `!has(object.spec.ephemeralContainers) || ${withoutPrivileges("object.spec.ephemeralContainers")}`,
      message: "NET_ADMIN, NET_RAW and privileged ephemeral containers could undo the zone's policies",
    },
  ],
};

const NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SHORT = `(${NAME}/)?${NAME}(@[a-z0-9.]{1,15})?`;
const FIELD = `("name": ?"${NAME}"|"namespace": ?"${NAME}"|"interface": ?"[a-zA-Z0-9._-]{1,15}"|"mac": ?"[0-9a-fA-F:]{17}"|"(ips|default-route)": ?\\\\[[0-9a-fA-F:./", ]*\\\\])`;
const ELEMENT = `[{] ?${FIELD}(, ?${FIELD})* ?[}]`;

/**
 * Pods everywhere else: a value of a form that can be read for certain, that names no closed namespace. Anything that
 * Go's JSON reader would take in some other spelling does not match the form, and is refused.
 */
export const elsewhere: Json = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: {
    resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["pods"] }],
  },
  variables: [
    ...annotations,
    { name: "closed", expression: "params.data['closed'].split('\\n')" },
    { name: "short", expression: `variables.networks.matches('^${SHORT}(, ?${SHORT})*$')` },
    { name: "json", expression: `variables.networks.matches('^\\\\[ ?${ELEMENT}(, ?${ELEMENT})* ?\\\\]$')` },
  ],
  validations: [
    {
      expression:
        "variables.unchanged || variables.networks == ''" +
        " || (variables.short && variables.networks.split(',').all(n, !n.contains('/') || !(n.trim().split('/')[0] in variables.closed)))" +
        ` || (variables.json && variables.networks.findAll('"namespace": ?"[^"]*"').all(n, !(n.split('"')[3] in variables.closed)))`,
      message: "a pod outside an isolation zone may not name the zone's networks",
    },
    {
      expression:
        "!('v1.multus-cni.io/default-network' in variables.now)" +
        " || !variables.closed.exists(n, variables.now['v1.multus-cni.io/default-network'].contains(n))",
      message: "a pod outside an isolation zone may not take the zone's network as its default",
    },
  ],
};

/** A network's configuration is a text that no expression can judge, so only those who must may write networks. */
export const networkWriters: Json = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: ["k8s.cni.cncf.io"],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        resources: ["network-attachment-definitions", "multi-networkpolicies"],
      },
      {
        apiGroups: ["k8s.ovn.org"],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        resources: ["userdefinednetworks", "clusteruserdefinednetworks"],
      },
      {
        apiGroups: ["sriovnetwork.openshift.io"],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        resources: ["sriovnetworks"],
      },
    ],
  },
  validations: [
    {
      expression: "request.userInfo.username in params.data['writers'].split('\\n')",
      messageExpression: "'networks are written by the platform, not by ' + request.userInfo.username",
    },
  ],
};

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

/** A gateway forwards between zones: only the appliers write what runs beside it, and only controllers make its pods. */
export const gatewayNamespace: Json = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: {
    resourceRules: [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
      {
        apiGroups: ["apps"],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
        resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
      },
      { apiGroups: ["batch"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["jobs", "cronjobs"] },
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE", "DELETE"], resources: ["configmaps"] },
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: ["pods/ephemeralcontainers", "replicationcontrollers"],
      },
    ],
  },
  variables: [{ name: "controllers", expression: `[${controllers}]` }],
  validations: [
    {
      expression:
        "request.userInfo.username in variables.controllers" +
        " || (request.userInfo.username in params.data['appliers'].split('\\n') && !(request.resource.resource == 'pods' && request.operation == 'CREATE'))" +
        " || (request.resource.resource == 'configmaps' && object != null && object.metadata.name == 'kube-root-ca.crt')",
      messageExpression: "'a gateway is written by the platform, not by ' + request.userInfo.username",
    },
  ],
};
