import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedZone } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { type ExpectedAdmissionPolicy, listExpectedPolicies } from "../model/guards/expected-policies.ts";
import {
  collectNetworkNames,
  compactJsonList,
  isKnownValue,
  type NetworkNames,
  noNetworkNames,
} from "../model/guards/named-networks.ts";
import {
  ADMISSION_NAMESPACE,
  type BoundAdmissionPolicy,
  type NamespaceScope,
  readAdmissionPolicies,
} from "../model/guards/read-policies.ts";
import { formatName, locateInManifest, readText } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";

/** Guards at admission that keep people from less than the intents need. */
export function checkAdmissionPolicies(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const { guards, diagnostics } = readAdmissionPolicies(model.written);
  const expected = listExpectedPolicies(model, watch);
  const appliers = new Set(model.platform.appliers);
  const strangers = guards.filter((one) => one.users && !sameNames(one.users, appliers));
  // What a guard that could not be read would guard is an echo of that.
  if (diagnostics.length > 0) return diagnostics;
  const namespace = model.written.some((one) => one.kind === "Namespace" && one.name === ADMISSION_NAMESPACE);
  if (expected.length > 0 && !namespace) {
    const what = `the namespace ${ADMISSION_NAMESPACE}`;
    const place = watch.expected.zones[0]?.origin ?? watch.expected.gatewayNamespaces[0]?.origin;
    return [verifyRules.diagnose("weak-guard", place, { what, why: "it is not written" })];
  }
  return [
    ...strangers.map((one) => reportWeakPolicy(one, `it lets in ${one.users?.join(" and ")}`)),
    ...expected.flatMap((one) => ofCluster(one, guards, watch)),
    ...ofZones(model, watch, guards),
  ];
}

function reportWeakPolicy(
  { manifest }: BoundAdmissionPolicy,
  why: string,
  at = locateInManifest(manifest, "spec"),
): Diagnostic {
  return verifyRules.diagnose("weak-guard", at, { what: formatName(manifest), why });
}

/** A guard that stands once: bound to just those namespaces, with just those names. */
function ofCluster(
  expected: ExpectedAdmissionPolicy,
  guards: readonly BoundAdmissionPolicy[],
  watch: ExpectedIndex,
): readonly Diagnostic[] {
  const own = guards.filter((one) => one.role === expected.role && one.denies === expected.denies);
  const guard = own.find((one) => sameReach(one.namespaces, expected.namespaces)) ?? own[0];
  if (!guard) {
    const place = watch.expected.zones[0]?.origin ?? watch.expected.gatewayNamespaces[0]?.origin;
    const why = expected.denies ? "no policy that refuses is bound for it" : "no policy is bound for it";
    return [verifyRules.diagnose("weak-guard", place, { what: `the guard of ${expected.role}`, why })];
  }
  if (!sameReach(guard.namespaces, expected.namespaces))
    return [reportWeakPolicy(guard, `it holds ${words(guard.namespaces)}, and is meant ${words(expected.namespaces)}`)];
  return Object.entries(expected.lists).flatMap(([key, names]) => {
    const held = lines(guard.data[key]);
    const [meant, given] = [new Set(names), new Set(held)];
    // Networks that nobody is on are closed too, and no object tells of them.
    const more = key === "names" ? undefined : held.find((one) => !meant.has(one));
    const less = names.find((one) => !given.has(one));
    if (more === undefined && less === undefined) return [];
    const why =
      more === undefined ? `\`${key}\` leaves out \`${less}\`` : `\`${key}\` has \`${more}\`, which is not meant`;
    return [verifyRules.diagnose("weak-guard", guard.dataAt, { what: formatName(guard.manifest), why })];
  });
}

/** Pods of a zone's namespaces may name just the networks that the pods there have. */
function ofZones(model: Model, watch: ExpectedIndex, guards: readonly BoundAdmissionPolicy[]): readonly Diagnostic[] {
  const values = collectNetworkNames(
    model,
    guards.filter((one) => one.role === "pod addresses" && one.denies),
  );
  const accounts = accountsOf(model);
  const ofMembers = guards.filter((one) => one.role === "zone members");
  const byNamespace = new Map(
    ofMembers.flatMap((one) => [...one.namespaces.names].map((name) => [name, one] as const)),
  );
  const own = new Set(watch.expected.zones.flatMap((zone) => zone.namespaces));
  const strange = ofMembers.find(
    (one) => one.namespaces.not || [...one.namespaces.names].some((name) => !own.has(name)),
  );
  return [
    ...(strange ? [reportWeakPolicy(strange, "it is for namespaces of no zone")] : []),
    ...watch.expected.zones.flatMap((zone) =>
      zone.namespaces.flatMap((name) => ofNamespace(zone, name, byNamespace, values, accounts)),
    ),
  ];
}

function ofNamespace(
  zone: ExpectedZone,
  namespace: string,
  byNamespace: ReadonlyMap<string, BoundAdmissionPolicy>,
  values: ReadonlyMap<string, NetworkNames>,
  accounts: Accounts,
): readonly Diagnostic[] {
  const guard = byNamespace.get(namespace);
  const related = [{ place: zone.origin, label: "meant here" }];
  if (!guard || guard.denies === zone.audit) {
    const why = guard ? `it ${guard.denies ? "refuses" : "only warns"}` : "no guard is bound for it";
    const place = guard ? locateInManifest(guard.manifest, "spec") : zone.origin;
    const what = guard ? formatName(guard.manifest) : `the guard of namespace ${namespace} of ${zone.id}`;
    return [verifyRules.diagnose("weak-guard", place, { what, why }, guard ? { related } : {})];
  }
  const say = (why: string) =>
    verifyRules.diagnose("weak-guard", guard.dataAt, { what: formatName(guard.manifest), why }, { related });
  const named = values.get(namespace) ?? noNetworkNames;
  const held = lines(guard.data[namespace]);
  const more = held.find((one) => !isKnownValue(named, one));
  if (more !== undefined) return [say(`it lets pods of ${namespace} have ${more}, which no workload there has`)];
  const spelt = new Set(held.map(compactJsonList));
  const less = [...named.needed].find((one) => !spelt.has(one));
  if (less !== undefined) return [say(`it does not let pods of ${namespace} have ${less}`)];
  const why = findUnexpectedException(
    meantExceptions(zone, namespace, accounts),
    lines(guard.data[`${namespace}.capabilities`]),
  );
  return why === undefined ? [] : [say(why)];
}

type Accounts = ReadonlyMap<string, string>;

/** ServiceAccounts of pods, by whose they are. */
function accountsOf({ pods }: Model): Accounts {
  return new Map(
    pods.map(({ id, spec }) => [
      id,
      readText(spec, "serviceAccountName") || readText(spec, "serviceAccount") || "default",
    ]),
  );
}

/** The lines that the guard's parameters hold for a namespace. */
function meantExceptions(zone: ExpectedZone, namespace: string, accounts: Accounts): readonly string[] {
  return zone.exceptions.flatMap(({ capability, pod }) => {
    if (pod === undefined) return [capability];
    return pod.includes(` ${namespace}/`) ? [`${capability} ${accounts.get(pod)}`] : [];
  });
}

function findUnexpectedException(meant: readonly string[], held: readonly string[]): string | undefined {
  const more = held.find((one) => !meant.includes(one));
  if (more !== undefined)
    return `it lets pods keep ${more.replace(" ", " by the ServiceAccount ")}, which no intent says`;
  const less = meant.find((one) => !held.includes(one));
  return less === undefined ? undefined : `it does not let pods keep ${less.replace(" ", " by the ServiceAccount ")}`;
}

function lines(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.split("\n");
}

function sameNames(one: readonly string[], other: ReadonlySet<string>): boolean {
  return new Set(one).size === other.size && one.every((name) => other.has(name));
}

function sameReach(one: NamespaceScope, other: NamespaceScope): boolean {
  return one.not === other.not && sameNames([...one.names], other.names);
}

function words({ not, names }: NamespaceScope): string {
  const list = [...names].sort().join(" and ");
  return not ? (names.size === 0 ? "everywhere" : `everywhere but in ${list}`) : `in ${list || "no namespace"}`;
}
