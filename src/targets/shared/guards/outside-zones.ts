import { podAnnotationVariables } from "./pod-annotations.ts";
import { matchCoreWrites, matchRequests, type PolicySpec, paramKind } from "./policy-spec.ts";

const NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const ONE = String.raw`\s*(${NAME}/)?${NAME}(@[^\s"{\[,/@]{1,15})?\s*`;
const SHORT = `^${ONE}(,${ONE})*$`;

const TEXT = String.raw`"[^"\\]*"`;
const SCALAR = `(${TEXT}|[-0-9.]+|true|false|null)`;
const FLAT = String.raw`\{(\s*${TEXT}\s*:\s*${SCALAR}\s*,?)*\s*\}`;
const VALUE = String.raw`(${SCALAR}|${FLAT}|\[(\s*(${SCALAR}|${FLAT})\s*,?)*\s*\])`;
/** Keys of a selection element as Multus spells them; `interfaceRequest` is the old word for `interface`. */
const KEYS =
  "name|namespace|interface|interfaceRequest|mac|ips|default-route|infiniband-guid|portMappings|bandwidth|cni-args|ipam-claim-reference";
const FIELD = String.raw`\s*"(${KEYS})"\s*:\s*${VALUE}\s*,?`;
/** Commas are lax: where one is missing the text is no JSON, and Multus refuses it. */
const JSON_LIST = String.raw`^\s*\[(\s*\{(${FIELD})*\s*\}\s*,?)*\s*\]\s*$`;
const NAMESPACES = String.raw`"namespace"\s*:\s*"[^"]*"`;

/** Raw texts of CEL, which end at the first `'`: nothing above has one. */
const raw = (pattern: string) => `r'${pattern}'`;

/**
 * A value is of a form that can be read for certain, and names no closed namespace. Anything that Go's JSON reader would
 * take in some other spelling (a key in capitals, an escaped letter) does not match the form, and is refused.
 */
const namesNone = (value: string) =>
  `(${value}.matches(${raw(SHORT)}) && ${value}.split(',').all(n, !n.contains('/') || !(n.trim().split('/')[0] in variables.closed)))` +
  ` || (${value}.matches(${raw(JSON_LIST)}) && ${value}.findAll(${raw(NAMESPACES)}).all(n, !(n.split('"')[3] in variables.closed)))`;

/** Pods outside every zone may not name a network of one, neither as a further network nor as their first. */
export const outsideZonesPolicy: PolicySpec = {
  failurePolicy: "Fail",
  paramKind,
  matchConstraints: matchRequests(matchCoreWrites(["CREATE", "UPDATE"], "pods")),
  variables: [...podAnnotationVariables, { name: "closed", expression: "params.data['closed'].split('\\n')" }],
  validations: [
    {
      expression: `variables.unchanged || variables.networks == '' || ${namesNone("variables.networks")}`,
      message: "a pod outside an isolation zone may not name the zone's networks",
    },
    {
      expression: `variables.firstUnchanged || variables.first == '' || ${namesNone("variables.first")}`,
      message: "a pod outside an isolation zone may not take the zone's network as its default",
    },
  ],
};
