import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Place } from "../../../source/place.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  formatName,
  locateInManifest,
  type ReadManifest,
  readFields,
  readLabels,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import { readSelector } from "../policies/selector.ts";
import { identifyPolicy, type PolicyRole } from "./known-policies.ts";

/** Where the parameters of guards are kept. */
export const ADMISSION_NAMESPACE = "plumbline-guards";

/** A policy that is known, bound to the namespaces in which it holds. */
export interface BoundAdmissionPolicy {
  readonly role: PolicyRole;
  readonly manifest: ReadManifest;
  readonly namespaces: NamespaceScope;
  /** Whether requests are refused; else they are only told of. */
  readonly denies: boolean;
  /** Who stands in the policy itself. */
  readonly users: readonly string[] | undefined;
  readonly data: Readonly<Record<string, string>>;
  /** Where the parameters are written. */
  readonly dataAt: Place;
}

/** Namespaces by name: those, or all others. */
export interface NamespaceScope {
  readonly not: boolean;
  readonly names: ReadonlySet<string>;
}

export interface ReadAdmissionPolicies {
  readonly guards: readonly BoundAdmissionPolicy[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Guards that take their parameters from a ConfigMap. */
const WITHOUT_PARAMETERS: ReadonlySet<PolicyRole> = new Set([
  "guard parameters",
  "main networks",
  "bindings",
  "missed patches",
]);

/** The admission guards that are written, each as it is bound. */
export function readAdmissionPolicies(written: readonly ReadManifest[]): ReadAdmissionPolicies {
  const diagnostics: Diagnostic[] = [];
  const refuse = (manifest: ReadManifest, why: string) =>
    diagnostics.push(
      verifyRules.diagnose("weak-guard", locateInManifest(manifest, "spec"), { what: formatName(manifest), why }),
    );
  const policies = new Map<string, NonNullable<ReturnType<typeof identifyPolicy>>>();
  for (const policy of written.filter((one) => one.kind === "ValidatingAdmissionPolicy")) {
    const known = identifyPolicy(policy);
    if (known) policies.set(policy.name, known);
    else refuse(policy, "its rules are not those that are known to guard");
  }
  const maps = new Map(
    written.filter((one) => one.kind === "ConfigMap").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const guards: BoundAdmissionPolicy[] = [];
  for (const binding of written.filter((one) => one.kind === "ValidatingAdmissionPolicyBinding")) {
    const policy = policies.get(readText(binding.value, "spec", "policyName") ?? "");
    const read = policy ? readBinding(binding, policy, maps) : "it binds no policy that is known";
    if (typeof read === "string") refuse(binding, read);
    else guards.push(read);
  }
  return { guards, diagnostics };
}

const SPEC: readonly string[] = ["policyName", "paramRef", "validationActions", "matchResources"];

function readBinding(
  manifest: ReadManifest,
  { role, users }: NonNullable<ReturnType<typeof identifyPolicy>>,
  maps: ReadonlyMap<string, ReadManifest>,
): BoundAdmissionPolicy | string {
  const spec = readFields(manifest.value, "spec");
  const match = readFields(spec, "matchResources");
  const strange = [
    ...Object.keys(spec).filter((key) => !SPEC.includes(key)),
    ...findNarrowingKeys(match, ["namespaceSelector"]),
  ][0];
  if (strange !== undefined) return `\`${strange}\` in it`;
  const actions = readTexts(spec, "validationActions");
  const denies = actions.includes("Deny");
  const other = actions.find((one) => !(denies ? ["Deny"] : ["Audit", "Warn"]).includes(one));
  if (other !== undefined || actions.length === 0) return `its actions are ${actions.join(" and ") || "none"}`;
  const namespaces = reachOf(match.namespaceSelector);
  if (typeof namespaces === "string") return namespaces;
  const head = { role, users, manifest, denies, namespaces };
  if (WITHOUT_PARAMETERS.has(role))
    return "paramRef" in spec ? "`paramRef` in it" : { ...head, data: {}, dataAt: locateInManifest(manifest) };
  const { name, namespace, ...more } = readLabels(spec, "paramRef");
  const map = maps.get(`${namespace}/${name}`);
  if (namespace !== ADMISSION_NAMESPACE || !map) return `its parameters ${namespace}/${name} are not there`;
  if (more.parameterNotFoundAction !== "Deny") return "without its parameters it lets everything through";
  return { ...head, data: readLabels(map.value, "data"), dataAt: locateInManifest(map, "data") };
}

/** What the API server fills in: everything, whatever the version of its request. Anything else makes a binding hold for less. */
const FILLED_IN: Readonly<Record<string, string>> = {
  matchPolicy: '"Equivalent"',
  namespaceSelector: "{}",
  objectSelector: "{}",
};

/** Keys by which a binding is for fewer requests than its policy, besides those that are read. */
export function findNarrowingKeys(match: Fields, read: readonly string[]): readonly string[] {
  return Object.keys(match).filter((key) => !read.includes(key) && JSON.stringify(match[key]) !== FILLED_IN[key]);
}

/** What a selector of namespaces by name means. */
function reachOf(value: unknown): NamespaceScope | string {
  const selector = readSelector(value);
  if (typeof selector === "string") return selector;
  const [one, ...more] = selector.requirements;
  if (!one) return { not: true, names: new Set() };
  if (more.length > 0 || one.key !== "kubernetes.io/metadata.name" || !one.operator.endsWith("In"))
    return "it is for namespaces that it does not name";
  return { not: one.operator === "NotIn", names: one.values };
}
