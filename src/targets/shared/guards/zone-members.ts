import { HARMLESS_CAPABILITIES } from "../../../workloads/harmless-capabilities.ts";
import { podAnnotations } from "./pod-annotations.ts";
import { type PolicySpec, paramKind } from "./policy-spec.ts";

const CAPABILITIES = HARMLESS_CAPABILITIES.map((name) => `'${name}'`).join(", ");

const context = "!has(c.securityContext)";
const without =
  "(!has(c.securityContext.privileged) || !c.securityContext.privileged)" +
  " && (!has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add)" +
  ` || c.securityContext.capabilities.add.all(k, k in [${CAPABILITIES}]))`;
const unprivileged = (list: string) => `${list}.all(c, ${context} || (${without}))`;

/** Ephemeral containers come to a pod that exists; those that were there cannot change. */
const added =
  "oldObject != null && has(oldObject.spec.ephemeralContainers) && oldObject.spec.ephemeralContainers.exists(o, o.name == c.name)";

const created = (expression: string) => `oldObject != null || ${expression}`;

/** What the controllers of MultiNetworkPolicy read to know a pod's interfaces; Multus writes it by pods/status. */
const STATUS = "'k8s.v1.cni.cncf.io/network-status'";

/** Pods of a zone: whole annotation values that the compiler emitted, and nothing that would get around a policy. */
export const zoneMembers: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: ["pods", "pods/ephemeralcontainers"],
      },
    ],
  },
  variables: [
    ...podAnnotations,
    {
      name: "allowed",
      expression: "object.metadata.namespace in params.data ? params.data[object.metadata.namespace].split('\\n') : []",
    },
  ],
  validations: [
    {
      // Taken away later, the annotation would take the pod out of its policies and leave it on the network.
      expression:
        "variables.unchanged || (oldObject == null && variables.networks == '') || variables.networks in variables.allowed",
      message: "a pod of an isolation zone attaches exactly as its intents say",
    },
    {
      expression: "variables.first == '' || variables.firstUnchanged",
      message: "a pod of an isolation zone may not replace the default network",
    },
    {
      expression:
        `oldObject == null || (${STATUS} in variables.now ? variables.now[${STATUS}] : '')` +
        ` == (${STATUS} in variables.before ? variables.before[${STATUS}] : '')`,
      message: "what a pod is attached to is written by Multus, since policies follow it",
    },
    {
      expression: created("!has(object.spec.hostNetwork) || !object.spec.hostNetwork"),
      message: "the node's network bypasses the isolation zone",
    },
    {
      expression: created("!has(object.spec.hostPID) || !object.spec.hostPID"),
      message: "the node's processes are a way into its network, past the isolation zone",
    },
    {
      expression: created(unprivileged("object.spec.containers")),
      message: "privileged containers and capabilities such as NET_ADMIN and NET_RAW could undo the zone's policies",
    },
    {
      expression: created(`!has(object.spec.initContainers) || ${unprivileged("object.spec.initContainers")}`),
      message:
        "privileged init containers and capabilities such as NET_ADMIN and NET_RAW could undo the zone's policies",
    },
    {
      expression: `!has(object.spec.ephemeralContainers) || object.spec.ephemeralContainers.all(c, (${added}) || ${context} || (${without}))`,
      message:
        "privileged ephemeral containers and capabilities such as NET_ADMIN and NET_RAW could undo the zone's policies",
    },
  ],
};
