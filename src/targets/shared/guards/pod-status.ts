import { NETWORK_KEY_EXPRESSION } from "./network-keys.ts";
import { matchCoreWrites, matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

/** A name that ends in `:*` stands for all users whose names begin so: per-node certificates. */
const isWriter =
  "params.data['writers'].split('\\n').exists(w, w.endsWith(':*') ?" +
  " request.userInfo.username.startsWith(w.substring(0, w.size() - 1)) : request.userInfo.username == w)";
const isNode = "(request.userInfo.username.startsWith('system:node:') && 'system:nodes' in request.userInfo.groups)";

/**
 * A write to a pod's status may change its annotations too. Only what attaches pods and tells how writes those there; every
 * other status update passes.
 */
export const podStatusPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(matchCoreWrites(["UPDATE"], "pods/status")),
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
        `(variables.now.all(k, !${NETWORK_KEY_EXPRESSION} || (k in variables.before && variables.before[k] == variables.now[k]))` +
        ` && variables.before.all(k, !${NETWORK_KEY_EXPRESSION} || k in variables.now)) || ${isNode} || ${isWriter}`,
      messageExpression: "'what a pod is attached to is written by the platform, not by ' + request.userInfo.username",
    },
  ],
};
