import { matchCoreWrites, matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

/** Keys of annotations by which a platform attaches pods, besides those of Multus; one that begins with `.` is an ending. */
const attaching = "variables.keys.exists(key, key.startsWith('.') ? k.endsWith(key) : k == key)";
const unchanged = "(oldObject != null && k in variables.before && variables.before[k] == variables.now[k])";
const emitted = "(object.metadata.namespace + ' ' + k + '=' + variables.now[k]) in variables.allowed";

/**
 * A value that names no closed network in any spelling: an escape could spell a name otherwise, so there may be none.
 * Pods of closed namespaces have only what was emitted for them.
 */
const elsewhere =
  "(!(object.metadata.namespace in variables.closed) && !variables.now[k].contains('\\\\')" +
  " && variables.names.all(n, !variables.now[k].contains(n)))";

/** Pods that a platform attaches by annotations of its own: whole values that the compiler emitted, or none of its names. */
export const attachingAnnotationPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(matchCoreWrites(["CREATE", "UPDATE"], "pods")),
  variables: [
    { name: "now", expression: "has(object.metadata.annotations) ? object.metadata.annotations : {}" },
    {
      name: "before",
      expression: "oldObject != null && has(oldObject.metadata.annotations) ? oldObject.metadata.annotations : {}",
    },
    { name: "keys", expression: "params.data['keys'].split('\\n')" },
    { name: "names", expression: "params.data['names'].split('\\n')" },
    { name: "closed", expression: "params.data['closed'].split('\\n')" },
    { name: "allowed", expression: "params.data['allowed'].split('\\n')" },
  ],
  validations: [
    {
      expression: `variables.now.all(k, !${attaching} || ${unchanged} || ${emitted} || ${elsewhere})`,
      message: "pods attach to the networks of isolation zones only as intents say",
    },
    {
      // Taken away later, an annotation would take the pod out of its policies and leave it on the network.
      expression: `oldObject == null || !(object.metadata.namespace in variables.closed) || variables.before.all(k, !${attaching} || k in variables.now)`,
      message: "what a pod of an isolation zone is attached to stays written on it",
    },
  ],
};
