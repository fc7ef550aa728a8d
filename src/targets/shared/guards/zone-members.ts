import { HARMLESS_CAPABILITIES } from "../../../workloads/harmless-capabilities.ts";
import { HARMLESS_SYSCTLS } from "../../../workloads/harmless-sysctls.ts";
import { podAnnotationVariables } from "./pod-annotations.ts";
import { matchCoreWrites, matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

const texts = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(", ")}]`;

const isHarmless = `k in ${texts(HARMLESS_CAPABILITIES)} || (k == 'NET_RAW' && variables.keepsRaw) || (k == 'NET_ADMIN' && variables.keepsAdmin)`;
const isUnprivileged =
  "!has(c.securityContext) || ((!has(c.securityContext.privileged) || !c.securityContext.privileged)" +
  " && (!has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add)" +
  ` || c.securityContext.capabilities.add.all(k, ${isHarmless})))`;

/** Container runtimes give NET_RAW to whoever does not drop it, and a pod with it sends from any address. */
const dropsRaw =
  "variables.keepsRaw || (has(c.securityContext) && has(c.securityContext.capabilities)" +
  " && has(c.securityContext.capabilities.drop) && c.securityContext.capabilities.drop.exists(k, k in ['ALL', 'NET_RAW']))";

/** Ephemeral containers come to a pod that exists; those that were there cannot change. */
const isOld =
  "oldObject != null && has(oldObject.spec.ephemeralContainers) && oldObject.spec.ephemeralContainers.exists(o, o.name == c.name)";

const created = (expression: string) => `oldObject != null || ${expression}`;

const LISTS = [
  { words: "containers", every: (what: string) => created(`object.spec.containers.all(c, ${what})`), debug: "" },
  {
    words: "init containers",
    every: (what: string) => created(`!has(object.spec.initContainers) || object.spec.initContainers.all(c, ${what})`),
    debug: "",
  },
  {
    words: "ephemeral containers",
    every: (what: string) =>
      `!has(object.spec.ephemeralContainers) || object.spec.ephemeralContainers.all(c, (${isOld}) || ${what})`,
    debug: "; with kubectl debug: --profile=restricted",
  },
];

const rights = LISTS.flatMap(({ words, every, debug }) => [
  {
    expression: every(`(${isUnprivileged})`),
    message: `privileged ${words} and capabilities such as NET_ADMIN and NET_RAW could undo the zone's policies`,
  },
  {
    expression: every(`(${dropsRaw})`),
    message:
      `${words} of an isolation zone drop NET_RAW, with which a pod sends from addresses of others:` +
      ` write securityContext.capabilities.drop: [NET_RAW]${debug}`,
  },
]);

const sysctls =
  "!has(object.spec.securityContext) || !has(object.spec.securityContext.sysctls)" +
  ` || object.spec.securityContext.sysctls.all(s, s.name in ${texts(HARMLESS_SYSCTLS)})`;

/** Who keeps a capability by a written exception: all pods of the namespace, or those of one ServiceAccount. */
const exceptions = [
  {
    name: "account",
    expression:
      "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != '' ? object.spec.serviceAccountName : 'default'",
  },
  {
    name: "exceptions",
    expression:
      "(object.metadata.namespace + '.capabilities') in params.data" +
      " ? params.data[object.metadata.namespace + '.capabilities'].split('\\n') : []",
  },
  {
    name: "keepsRaw",
    expression: "'NET_RAW' in variables.exceptions || ('NET_RAW ' + variables.account) in variables.exceptions",
  },
  { name: "keepsAdmin", expression: "('NET_ADMIN ' + variables.account) in variables.exceptions" },
];

/** What the controllers of MultiNetworkPolicy read to know a pod's interfaces; Multus writes it by pods/status. */
const STATUS = "'k8s.v1.cni.cncf.io/network-status'";

/** Pods of a zone: whole annotation values that the compiler emitted, and nothing that would get around a policy. */
export const zoneMemberPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(matchCoreWrites(["CREATE", "UPDATE"], "pods", "pods/ephemeralcontainers")),
  variables: [
    ...podAnnotationVariables,
    {
      name: "allowed",
      expression: "object.metadata.namespace in params.data ? params.data[object.metadata.namespace].split('\\n') : []",
    },
    ...exceptions,
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
    ...rights,
    {
      expression: created(`(${sysctls})`),
      message: "a pod of an isolation zone sets no sysctl that could forward packets or answer for others",
    },
  ],
};
