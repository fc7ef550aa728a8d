import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Place } from "../../../source/place.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  fieldsAt,
  labelsAt,
  type Manifest,
  nameOf,
  placeIn,
  textAt,
  textsAt,
} from "../manifests/manifest.ts";
import { readSelector } from "../policies/selector.ts";
import { type GuardRole, knownPolicy } from "./known-policies.ts";

/** Where the parameters of guards are kept. */
export const GUARDS_NAMESPACE = "plumbline-guards";

/** A policy that is known, bound to the namespaces in which it holds. */
export interface Guard {
  readonly role: GuardRole;
  readonly manifest: Manifest;
  readonly namespaces: Reach;
  /** Whether requests are refused; else they are only told of. */
  readonly denies: boolean;
  /** Who stands in the policy itself. */
  readonly users: readonly string[] | undefined;
  readonly data: Readonly<Record<string, string>>;
  /** Where the parameters are written. */
  readonly dataAt: Place;
}

/** Namespaces by name: those, or all others. */
export interface Reach {
  readonly not: boolean;
  readonly names: ReadonlySet<string>;
}

export interface ReadGuards {
  readonly guards: readonly Guard[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Guards that take their parameters from a ConfigMap. */
const WITHOUT_PARAMETERS: ReadonlySet<GuardRole> = new Set([
  "guard parameters",
  "main networks",
  "bindings",
  "missed patches",
]);

/** The admission guards that are written, each as it is bound. */
export function readGuards(written: readonly Manifest[]): ReadGuards {
  const diagnostics: Diagnostic[] = [];
  const refuse = (manifest: Manifest, why: string) =>
    diagnostics.push(verifyRules.diagnose("weak-guard", placeIn(manifest, "spec"), { what: nameOf(manifest), why }));
  const policies = new Map<string, NonNullable<ReturnType<typeof knownPolicy>>>();
  for (const policy of written.filter((one) => one.kind === "ValidatingAdmissionPolicy")) {
    const known = knownPolicy(policy);
    if (known) policies.set(policy.name, known);
    else refuse(policy, "its rules are not those that are known to guard");
  }
  const maps = new Map(
    written.filter((one) => one.kind === "ConfigMap").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const guards: Guard[] = [];
  for (const binding of written.filter((one) => one.kind === "ValidatingAdmissionPolicyBinding")) {
    const policy = policies.get(textAt(binding.value, "spec", "policyName") ?? "");
    const read = policy ? readBinding(binding, policy, maps) : "it binds no policy that is known";
    if (typeof read === "string") refuse(binding, read);
    else guards.push(read);
  }
  return { guards, diagnostics };
}

const SPEC: readonly string[] = ["policyName", "paramRef", "validationActions", "matchResources"];

function readBinding(
  manifest: Manifest,
  { role, users }: NonNullable<ReturnType<typeof knownPolicy>>,
  maps: ReadonlyMap<string, Manifest>,
): Guard | string {
  const spec = fieldsAt(manifest.value, "spec");
  const match = fieldsAt(spec, "matchResources");
  const strange = [
    ...Object.keys(spec).filter((key) => !SPEC.includes(key)),
    ...narrowing(match, ["namespaceSelector"]),
  ][0];
  if (strange !== undefined) return `\`${strange}\` in it`;
  const actions = textsAt(spec, "validationActions");
  const denies = actions.includes("Deny");
  const other = actions.find((one) => !(denies ? ["Deny"] : ["Audit", "Warn"]).includes(one));
  if (other !== undefined || actions.length === 0) return `its actions are ${actions.join(" and ") || "none"}`;
  const namespaces = reachOf(match.namespaceSelector);
  if (typeof namespaces === "string") return namespaces;
  const head = { role, users, manifest, denies, namespaces };
  if (WITHOUT_PARAMETERS.has(role))
    return "paramRef" in spec ? "`paramRef` in it" : { ...head, data: {}, dataAt: placeIn(manifest) };
  const { name, namespace, ...more } = labelsAt(spec, "paramRef");
  const map = maps.get(`${namespace}/${name}`);
  if (namespace !== GUARDS_NAMESPACE || !map) return `its parameters ${namespace}/${name} are not there`;
  if (more.parameterNotFoundAction !== "Deny") return "without its parameters it lets everything through";
  return { ...head, data: labelsAt(map.value, "data"), dataAt: placeIn(map, "data") };
}

/** What the API server fills in: everything, whatever the version of its request. Anything else makes a binding hold for less. */
const FILLED_IN: Readonly<Record<string, string>> = {
  matchPolicy: '"Equivalent"',
  namespaceSelector: "{}",
  objectSelector: "{}",
};

/** Keys by which a binding is for fewer requests than its policy, besides those that are read. */
export function narrowing(match: Fields, read: readonly string[]): readonly string[] {
  return Object.keys(match).filter((key) => !read.includes(key) && JSON.stringify(match[key]) !== FILLED_IN[key]);
}

/** What a selector of namespaces by name means. */
function reachOf(value: unknown): Reach | string {
  const selector = readSelector(value);
  if (typeof selector === "string") return selector;
  const [one, ...more] = selector.requirements;
  if (!one) return { not: true, names: new Set() };
  if (more.length > 0 || one.key !== "kubernetes.io/metadata.name" || !one.operator.endsWith("In"))
    return "it is for namespaces that it does not name";
  return { not: one.operator === "NotIn", names: one.values };
}
