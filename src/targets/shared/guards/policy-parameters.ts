import { CLEANUP_ACCOUNTS, matchCoreWrites, matchRequests, type PolicySpec } from "./policy-spec.ts";

/**
 * Who may change what the other guards go by. The users stand in the policy itself: were they a parameter, a parameter
 * that is lost could never be brought back.
 */
export function buildParameterPolicy(appliers: readonly string[]): PolicySpec {
  const users = appliers.map((one) => JSON.stringify(one)).join(", ");
  return {
    failurePolicy: "Fail",
    matchConstraints: matchRequests(matchCoreWrites(["CREATE", "UPDATE", "DELETE"], "configmaps")),
    validations: [
      {
        expression:
          `request.userInfo.username in [${users}] || request.name == 'kube-root-ca.crt'` +
          ` || (request.operation == 'DELETE' && request.userInfo.username in ${CLEANUP_ACCOUNTS})`,
        messageExpression: "'the guards are written by the platform, not by ' + request.userInfo.username",
      },
    ],
  };
}
