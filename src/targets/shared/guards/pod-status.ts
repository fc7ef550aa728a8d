import { isNetworkKey } from "./network-keys.ts";
import { matching, type PolicySpec, paramKind, writesOf } from "./policy-spec.ts";

/** A name that ends in `:*` stands for all users whose names begin so: per-node certificates. */
const isWriter =
  "params.data['writers'].split('\\n').exists(w, w.endsWith(':*') ?" +
  " request.userInfo.username.startsWith(w.substring(0, w.size() - 1)) : request.userInfo.username == w)";
const isNode = "(request.userInfo.username.startsWith('system:node:') && 'system:nodes' in request.userInfo.groups)";

/**
 * A write to a pod's status may change its annotations too. Only what attaches pods and tells how writes those there; every
 * other status update passes.
 */
export const podStatus: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matching(writesOf(["UPDATE"], "pods/status")),
  variables: [
    { name: "now", expression: "has(object.metadata.annotations) ? object.metadata.annotations : {}" },
    {
      name: "before",
      expression: "oldObject != null && has(oldObject.metadata.annotations) ? oldObject.metadata.annotations : {}",
    },
  ],
  validations: [
    {
      expression:
        `(variables.now.all(k, !${isNetworkKey} || (k in variables.before && variables.before[k] == variables.now[k]))` +
        ` && variables.before.all(k, !${isNetworkKey} || k in variables.now)) || ${isNode} || ${isWriter}`,
      messageExpression: "'what a pod is attached to is written by the platform, not by ' + request.userInfo.username",
    },
  ],
};
