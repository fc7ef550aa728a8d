import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { hashContent } from "../../../net/hash.ts";
import { verifyRules } from "../../rules.ts";
import { sortKeys } from "../guards/known-policies.ts";
import { findNarrowingKeys } from "../guards/read-policies.ts";
import { listRequiredValues, matchesSelector, readSelector, type Selector } from "../policies/selector.ts";
import { applyAdmission, findUnknownParameter } from "./admission-change.ts";
import {
  type Fields,
  formatName,
  locateInManifest,
  type ReadManifest,
  readFields,
  readLabels,
  readText,
} from "./manifest.ts";
import type { ReadPatches, WorkloadPatch } from "./workload-patch.ts";

/**
 * The policy that is believed to do what `applyAdmission` does: its expressions are judged by a real API server in
 * the end-to-end tests, not by us, so any other text is one that nobody has seen work.
 */
const KNOWN_POLICY = "9338166ef4bf247d";

/** Whose pods a workload's template makes, by kind. */
export interface Candidate {
  readonly manifest: ReadManifest;
  readonly labels: Readonly<Record<string, string>>;
}

/** What MutatingAdmissionPolicies make of pods, as changes of the workloads that make those pods. */
export function readMutatingPolicies(written: readonly ReadManifest[], candidates: readonly Candidate[]): ReadPatches {
  const policies = written.filter((one) => one.kind === "MutatingAdmissionPolicy");
  const bindings = written.filter((one) => one.kind === "MutatingAdmissionPolicyBinding");
  if (policies.length + bindings.length === 0) return { patches: [], diagnostics: [] };
  const patches: WorkloadPatch[] = [];
  const diagnostics: Diagnostic[] = [];
  const unreadable = (manifest: ReadManifest, why: string) =>
    diagnostics.push(
      verifyRules.diagnose("unreadable", locateInManifest(manifest), { what: formatName(manifest), why }),
    );
  for (const policy of policies)
    if (!isKnown(policy)) unreadable(policy, "its expressions are not those that are known");
  const known = new Set(policies.filter(isKnown).map((policy) => policy.name));
  const parameters = new Map(
    written.filter((one) => one.kind === "ConfigMap").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const byLabel = indexByLabel(candidates);
  for (const binding of bindings) {
    const read = readBinding(binding, known, parameters);
    if (typeof read === "string") {
      unreadable(binding, read);
      continue;
    }
    const selected = selectedBy(read, byLabel);
    if (selected.length === 0)
      diagnostics.push(
        verifyRules.diagnose("missing-workload", locateInManifest(binding), { what: `for ${formatName(binding)}` }),
      );
    for (const { manifest } of selected) {
      const { kind, namespace, name } = manifest;
      const apply = (value: Fields) => applyAdmission(value, kind, read.data);
      patches.push({
        kind,
        namespace,
        name,
        intent: binding.intent,
        place: locateInManifest(read.parameters, "data"),
        apply,
      });
    }
  }
  return { patches, diagnostics };
}

function isKnown(policy: ReadManifest): boolean {
  return hashContent(JSON.stringify(sortKeys(policy.value.spec)), 16) === KNOWN_POLICY;
}

interface Binding {
  readonly namespaces: ReadonlySet<string>;
  readonly pods: Selector;
  readonly parameters: ReadManifest;
  readonly data: Readonly<Record<string, string>>;
}

function readBinding(
  { value }: ReadManifest,
  known: ReadonlySet<string>,
  parameters: ReadonlyMap<string, ReadManifest>,
): Binding | string {
  const spec = readFields(value, "spec");
  const match = readFields(spec, "matchResources");
  if (!known.has(readText(spec, "policyName") ?? "")) return "it binds no policy that is known";
  const strange = [
    ...Object.keys(spec).filter((key) => !["policyName", "paramRef", "matchResources"].includes(key)),
    ...findNarrowingKeys(match, ["namespaceSelector", "objectSelector"]),
  ][0];
  if (strange !== undefined) return `\`${strange}\` in it`;
  const namespaceSelector = readSelector(match.namespaceSelector);
  const pods = readSelector(match.objectSelector);
  if (typeof namespaceSelector === "string") return namespaceSelector;
  if (typeof pods === "string") return pods;
  const namespaces = listRequiredValues(namespaceSelector, "kubernetes.io/metadata.name");
  if (!namespaces) return "it is for namespaces that it does not name";
  const reference = `${readText(spec, "paramRef", "namespace")}/${readText(spec, "paramRef", "name")}`;
  const found = parameters.get(reference);
  if (!found) return `its parameters ${reference} are not there`;
  const data = readLabels(found.value, "data");
  const strangeParameter = findUnknownParameter(data);
  if (strangeParameter !== undefined) return `its parameter \`${strangeParameter}\``;
  return { namespaces, pods, parameters: found, data };
}

type ByLabel = ReadonlyMap<string, readonly Candidate[]>;

/** Candidates by namespace, and by namespace and label: a selector looks at those with its rarest label only. */
function indexByLabel(candidates: readonly Candidate[]): ByLabel {
  const found = new Map<string, Candidate[]>();
  const put = (key: string, candidate: Candidate) => {
    const list = found.get(key);
    if (list) list.push(candidate);
    else found.set(key, [candidate]);
  };
  for (const candidate of candidates) {
    put(candidate.manifest.namespace, candidate);
    for (const [key, value] of Object.entries(candidate.labels))
      put(`${candidate.manifest.namespace} ${key}=${value}`, candidate);
  }
  return found;
}

function selectedBy({ namespaces, pods }: Binding, byLabel: ByLabel): readonly Candidate[] {
  return [...namespaces].flatMap((namespace) => {
    const lists = pods.requirements
      .filter((one) => one.operator === "In" && one.values.size === 1)
      .map((one) => byLabel.get(`${namespace} ${one.key}=${[...one.values][0]}`) ?? []);
    const all = byLabel.get(namespace) ?? [];
    const least = lists.reduce((fewest, list) => (list.length < fewest.length ? list : fewest), all);
    return least.filter((one) => matchesSelector(pods, one.labels));
  });
}
