import { matchCoreWrites, matchRequests } from "../guards/policy-spec.ts";
import { statefulSetPodVariables } from "./pod-of-stateful-set.ts";

type Json = Readonly<Record<string, unknown>>;

/** CEL's way to add one field; a path's last step is escaped where it is a name of somebody's. */
const add = (path: string, value: string) => `JSONPatch{op: "add", path: ${path}, value: ${value}}`;
const missing = (field: string, path: string) => `(has(${field}) ? [] : [${add(`"${path}"`, "{}")}])`;
const under = (path: string, key: string) => `"${path}/" + jsonpatch.escapeKey(${key})`;
const given = (parameter: string, patches: string) => `!('${parameter}' in params.data) ? [] : ${patches}`;
const givenToMembers = (parameter: string, patches: string) =>
  `variables.isTest || !('${parameter}' in params.data) ? [] : ${patches}`;

const NETWORKS = "'k8s.v1.cni.cncf.io/networks'";
const HOOK = "'helm.sh/hook'";
const HASH = "'plumbline.dev/networks-hash'";

/** An element of the short form, `[namespace/]name[@interface]`, as JSON with keys in the order of the standard. */
const AS_JSON =
  `'{"name":"' + e.split('@')[0].split('/')[e.contains('/') ? 1 : 0] + '"'` +
  ` + (e.contains('/') ? ',"namespace":"' + e.split('/')[0] + '"' : '')` +
  ` + (e.contains('@') ? ',"interface":"' + e.split('@')[1] + '"' : '') + '}'`;
const NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SHORT = `(${NAME}/)?${NAME}(@[a-zA-Z0-9._-]{1,15})?`;

const variables = [
  {
    name: "now",
    expression:
      `has(object.metadata.annotations) && ${NETWORKS} in object.metadata.annotations` +
      ` ? object.metadata.annotations[${NETWORKS}].trim() : ''`,
  },
  // A pod of `helm test` has the labels of the pods that it tests, and gets nothing of theirs but what it must drop.
  {
    name: "isTest",
    expression:
      `has(object.metadata.annotations) && ${HOOK} in object.metadata.annotations` +
      ` && object.metadata.annotations[${HOOK}].contains('test')`,
  },
  ...statefulSetPodVariables,
  // Whose pods differ by ordinal, those alone get addresses that the StatefulSet's controller makes.
  {
    name: "added",
    expression:
      "!('statefulSet' in params.data) ? params.data['networks']" +
      " : variables.isMade && ('networks.' + variables.ordinal) in params.data ? params.data['networks.' + variables.ordinal] : ''",
  },
  { name: "empty", expression: "variables.now == '' || variables.now.matches('^\\\\[[ \\t\\n]*\\\\]$')" },
  { name: "list", expression: "variables.now.startsWith('[') && variables.now.endsWith(']')" },
  { name: "short", expression: `variables.now.matches('^${SHORT}(, *${SHORT})*$')` },
  {
    name: "before",
    expression:
      "variables.empty ? '' : variables.list ? variables.now.substring(1, variables.now.size() - 1) + ','" +
      ` : variables.now.split(',').map(e, e.trim()).map(e, ${AS_JSON}).join(',') + ','`,
  },
  // What is neither form is left alone: Multus refuses such a pod.
  {
    name: "wanted",
    expression:
      "!variables.isTest && variables.added != '' && (variables.empty || variables.list || variables.short) && !variables.now.contains(variables.added)",
  },
];

const annotations =
  `!variables.wanted ? [] : ${missing("object.metadata.annotations", "/metadata/annotations")} + [` +
  `${add(under("/metadata/annotations", NETWORKS), "'[' + variables.before + variables.added + ']'")}, ` +
  `${add(under("/metadata/annotations", HASH), "params.data['hash']")}]`;

const nodeSelector = givenToMembers(
  "nodeSelector",
  `${missing("object.spec.nodeSelector", "/spec/nodeSelector")} + params.data['nodeSelector'].split('\\n').map(l, ` +
    `${add(under("/spec/nodeSelector", "l.split('=')[0]"), "l.split('=')[1]")})`,
);

const resolvers = givenToMembers(
  "resolvers",
  `${missing("object.spec.dnsConfig", "/spec/dnsConfig")} + [${add('"/spec/dnsPolicy"', "'None'")}, ` +
    `${add('"/spec/dnsConfig/nameservers"', "params.data['resolvers'].split('\\n')")}]`,
);

const AT = "'/spec/containers/' + string(object.spec.containers.map(c, c.name).indexOf(params.data['container']))";
const OF = "object.spec.containers.filter(c, c.name == params.data['container'])";
const devicesIn = (kind: string) =>
  givenToMembers(
    "devices",
    `(${OF}.all(c, has(c.resources)) ? [] : [${add(`${AT} + '/resources'`, "{}")}])` +
      ` + (${OF}.all(c, has(c.resources) && has(c.resources.${kind})) ? [] : [${add(`${AT} + '/resources/${kind}'`, "{}")}])` +
      ` + params.data['devices'].split('\\n').map(l, ` +
      `${add(`${AT} + '/resources/${kind}/' + jsonpatch.escapeKey(l.split('=')[0])`, "l.split('=')[1]")})`,
  );

const DROP = "c.securityContext.capabilities.drop";
const HAS_CONTEXT = "has(c.securityContext)";
const HAS_CAPABILITIES = `${HAS_CONTEXT} && has(c.securityContext.capabilities)`;
const HAS_DROP = `${HAS_CAPABILITIES} && has(${DROP})`;

/** What is missing of the list in which a container drops what it may not have. */
const dropsIn = (list: string) => {
  const path =
    `"/spec/${list}/" + string(object.spec.${list}.map(o, o.name).indexOf(c.name)) + "/securityContext"` +
    ` + (${HAS_DROP} ? "/capabilities/drop/-" : ${HAS_CAPABILITIES} ? "/capabilities/drop" : ${HAS_CONTEXT} ? "/capabilities" : "")`;
  const value =
    `${HAS_DROP} ? dyn('NET_RAW') : ${HAS_CAPABILITIES} ? dyn(['NET_RAW'])` +
    ` : ${HAS_CONTEXT} ? dyn({'drop': ['NET_RAW']}) : dyn({'capabilities': {'drop': ['NET_RAW']}})`;
  const lacking = `!(${HAS_DROP} && ${DROP}.exists(k, k in ['ALL', 'NET_RAW']))`;
  return given(
    "drop",
    `!has(object.spec.${list}) ? [] : object.spec.${list}.filter(c, ${lacking}).map(c, ${add(path, value)})`,
  );
};

/**
 * Gives a pod that is created what its workload's parameters say, behind what its annotation holds already. One policy
 * for all workloads: a binding says which pods, and with which parameters (a ConfigMap).
 */
export const attachPodsPolicy: Json = {
  failurePolicy: "Fail",
  reinvocationPolicy: "Never",
  paramKind: { apiVersion: "v1", kind: "ConfigMap" },
  matchConstraints: matchRequests(matchCoreWrites(["CREATE"], "pods")),
  variables,
  mutations: [
    annotations,
    nodeSelector,
    resolvers,
    devicesIn("requests"),
    devicesIn("limits"),
    dropsIn("containers"),
    dropsIn("initContainers"),
  ].map((expression) => ({ patchType: "JSONPatch", jsonPatch: { expression } })),
};
