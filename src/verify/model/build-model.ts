import { groupBy } from "../../collections/group-by.ts";
import { appendAll } from "../../diagnostics/append-all.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../../ir/compiled.ts";
import { isControlFile, isControlObject } from "../../yaml/control-files.ts";
import { checkAppliedTwice } from "../checks/twice-applied.ts";
import type { ClusterInput } from "../expected/expected.ts";
import { verifyRules } from "../rules.ts";
import { groupByDomain } from "./domains.ts";
import { mustReadContainer } from "./gateways/container-needs-reading.ts";
import { readContainers } from "./gateways/mounted-files.ts";
import { readRuntime } from "./gateways/read-runtime.ts";
import { noRuntime } from "./gateways/runtime.ts";
import { isEntry } from "./manifests/entry-kinds.ts";
import { formatName, locateInManifest, type ReadManifest, readLabels } from "./manifests/manifest.ts";
import { mergeStrategically } from "./manifests/merge-patch.ts";
import { readMutatingPolicies } from "./manifests/read-admissions.ts";
import { type ReadManifests, readManifests, readObjects } from "./manifests/read-manifests.ts";
import { isPartial, readPartials } from "./manifests/read-partials.ts";
import { readPatches } from "./manifests/read-patches.ts";
import { classifyUnread } from "./manifests/unread-kinds.ts";
import { type PatchedWorkloads, patchWorkloads } from "./manifests/workload-patch.ts";
import type { BuiltModel, Model, Policies } from "./model.ts";
import type { AttachableNetwork } from "./networks/network.ts";
import { isNodePolicy } from "./networks/node-links.ts";
import { readNetworks } from "./networks/read-networks.ts";
import { findAbsentPods, stoppedPods } from "./pods/absent-pods.ts";
import { resolveAttachments, withGuests } from "./pods/attached-to.ts";
import { NETWORKS } from "./pods/attachments.ts";
import { buildNode } from "./pods/build-node.ts";
import { markExternallyManaged } from "./pods/externally-managed.ts";
import { buildImpliedNodes } from "./pods/implied-nodes.ts";
import { mergeEquivalentNodes } from "./pods/merge-equivalent.ts";
import { mergeGateways } from "./pods/merge-nodes.ts";
import type { Node } from "./pods/node.ts";
import { type Pod, readPod } from "./pods/pod.ts";
import { resolvePrimaryNetwork } from "./pods/primary-network.ts";
import { type UnknownPod, unknownPods } from "./pods/unknown-pods.ts";
import type { AdminPeer } from "./policies/admin-policy.ts";
import type { PolicyPeer } from "./policies/pod-policy.ts";
import { readPolicies } from "./policies/read-policies.ts";
import { type Labels, listRequiredValues } from "./policies/selector.ts";

/** Reads everything of a cluster into a model. What cannot be read is a finding: nothing is passed over. */
export function buildModel(input: ClusterInput): BuiltModel {
  const diagnostics: Diagnostic[] = [];
  const take = <Read extends { readonly diagnostics: readonly Diagnostic[] }>(read: Read): Read => {
    appendAll(diagnostics, read.diagnostics);
    return read;
  };
  const { manifests: files, unread } = take(readObjects(input.files.filter((file) => /\.ya?ml$/.test(file.path))));
  const written = files.filter((one) => !isPartial(one));
  const beside = input.workloads.map((one) => take(readWorkloadFiles(one)));
  const read = beside.flatMap((one) => one.manifests);
  const releases = new Map(beside.flatMap((one) => one.releases).map((one) => [`${one.namespace}/${one.name}`, one]));
  appendAll(
    diagnostics,
    checkAppliedTwice(read, written, (one) => readPod(one, new Map()) !== undefined),
  );
  const patches = [...take(readPatches(written, releases)).patches, ...readPartials(files)];
  const applied = take(patchWorkloads(overlayWritten(read, written), patches));
  const patched = take(applyAdmissionPolicies([...applied.workloads, ...written], written, applied.patchedAt));
  const all = distinct(patched.workloads);
  const networks = take(readNetworks(all, new Set(input.files), new Set(input.kept)));
  const pods = all.map((one) => readPod(one, patched.patchedAt)).filter((one) => one !== undefined);
  const absent = findAbsentPods(input, pods);
  const namespaces = namespacesOf(all, [...pods, ...absent], input);
  const mains = new Map(
    [...networks.byName.values()].filter((one) => one.main === "taken").map((one) => [one.namespace, one] as const),
  );
  const nodes = take(readNodes([...pods, ...absent], all, networks.byName, mains, input));
  const policies = take(readPolicies(all, networks.byName, input.platform, new Set(input.files)));
  const unknown = unknownPods(
    policies.policies,
    [...nodes.nodes, ...stoppedPods(input), resolverOf(input)],
    namespaces,
  );
  const known = [
    ...mergeEquivalentNodes(mergeGateways(nodes.nodes), policies.policies),
    ...buildImpliedNodes(
      input,
      nodes.nodes,
      [...namespaces.keys(), ...listNamedNamespaces(policies.policies)],
      mains,
      unknown,
    ),
  ];
  const model: Model = {
    cluster: input.cluster,
    platform: input.platform,
    networks: [...networks.byName.values()],
    nodes: known,
    domains: groupByDomain(known),
    namespaces: new Map([...namespaces, ...unknown.flatMap(withLabels)]),
    policies: policies.policies,
    externals: input.externals,
    unread: all.map(classifyUnread).filter((one) => one !== undefined),
    entries: all.filter(isEntry),
    written,
    parts: files.filter(isPartial),
    paths: new Map(files.map((one) => [one.doc.file.path, one.doc.file])),
    nodePolicies: all.filter(isNodePolicy),
    pods,
    before: namingTheirOwn(read),
    rebuilt: beside.flatMap(({ manifests, changedBy }) =>
      (changedBy ?? []).flatMap((by) => manifests.map((manifest) => ({ by, manifest }))),
    ),
    changed: new Set([...patched.patchedAt.keys(), ...written.map(formatName)]),
  };
  return { model, diagnostics, unread };
}

/** A manifest file of the project. Files that control kustomize, Flux or Argo CD stand among them, and say nothing of pods. */
function readWorkloadFiles({ file, namespace, placed, changedBy }: WorkloadFile): ReadManifests & {
  readonly releases: readonly ReadManifest[];
  readonly changedBy: readonly string[] | undefined;
} {
  const { manifests, diagnostics } = readManifests([file], namespace, undefined, placed);
  return {
    manifests: manifests.filter((one) => !isControlObject(one.apiVersion, one.kind)),
    releases: manifests.filter((one) => one.kind === "HelmRelease" && isControlObject(one.apiVersion, one.kind)),
    diagnostics: diagnostics.length > 0 && isControlFile(file) ? [] : diagnostics,
    changedBy,
  };
}

/** Manifests as their pods are once the API server's own policies have changed them. */
function applyAdmissionPolicies(
  manifests: readonly ReadManifest[],
  written: readonly ReadManifest[],
  before: PatchedWorkloads["patchedAt"],
): PatchedWorkloads {
  if (!written.some((one) => one.kind.startsWith("MutatingAdmissionPolicy")))
    return { workloads: manifests, patchedAt: before, diagnostics: [] };
  const all = distinct(manifests);
  const candidates = all.flatMap((manifest) => {
    const pod = readPod(manifest, before);
    return pod ? [{ manifest, labels: pod.labels }] : [];
  });
  const read = readMutatingPolicies(written, candidates);
  const { workloads, patchedAt, diagnostics } = patchWorkloads(all, read.patches);
  return {
    workloads,
    patchedAt: new Map([...before, ...patchedAt]),
    diagnostics: [...read.diagnostics, ...diagnostics],
  };
}

/** Pods that name networks by hand, by their workload. */
function namingTheirOwn(manifests: readonly ReadManifest[]): Model["before"] {
  const pods = manifests.map((one) => readPod(one, new Map())).filter((one) => one !== undefined);
  return new Map(pods.filter((pod) => pod.annotations[NETWORKS] !== undefined).map((pod) => [pod.id, pod]));
}

function resolverOf({ platform }: ClusterInput): Pick<Node, "namespace" | "labels"> {
  return { namespace: platform.dns.namespace, labels: platform.dns.podLabels };
}

/** A namespace of unknown pods that is in no manifest. */
function withLabels({ namespace, namespaceLabels }: UnknownPod): readonly (readonly [string, Labels])[] {
  return namespaceLabels ? [[namespace, { "kubernetes.io/metadata.name": namespace, ...namespaceLabels }]] : [];
}

/** Namespaces that policies name: whoever runs there is a party, whether or not its manifests are known. */
function listNamedNamespaces(policies: Policies): readonly string[] {
  const rules = [...policies.pod.values()].flat().flatMap((one) => [...(one.ingress ?? []), ...(one.egress ?? [])]);
  const admin = [...policies.admin, ...policies.baseline].flatMap((one) => [...one.ingress, ...one.egress]);
  const peers = [...rules, ...admin].flatMap((rule): readonly (PolicyPeer | AdminPeer)[] => rule.peers ?? []);
  // Every namespace of a zone has a policy that names all of them: each list is read once.
  const selectors = new Map(
    peers.flatMap((peer) =>
      "namespaces" in peer && peer.namespaces ? [[peer.namespaces.key, peer.namespaces] as const] : [],
    ),
  );
  const names = [...selectors.values()].map((one) => listRequiredValues(one, "kubernetes.io/metadata.name") ?? []);
  return [...new Set(names.flatMap((one) => [...one]))];
}

/** Workloads that out/ holds too, whole or in part, are applied over those that were read. */
function overlayWritten(read: readonly ReadManifest[], written: readonly ReadManifest[]): readonly ReadManifest[] {
  const over = new Map(written.map((one) => [formatName(one), one]));
  return read.map((one) => {
    const other = over.get(formatName(one));
    return other ? { ...other, value: mergeStrategically(one.value, other.value) as ReadManifest["value"] } : one;
  });
}

function distinct(manifests: readonly ReadManifest[]): readonly ReadManifest[] {
  const byName = new Map<string, ReadManifest>();
  for (const one of manifests) {
    const key = `${one.apiVersion.split("/")[0]} ${formatName(one)}`;
    if (!byName.has(key)) byName.set(key, one);
  }
  return [...byName.values()];
}

/** Labels of namespaces: those of their manifests, and the name that Kubernetes itself sets on each. */
function namespacesOf(
  manifests: readonly ReadManifest[],
  pods: readonly Pod[],
  input: ClusterInput,
): ReadonlyMap<string, Labels> {
  const found = new Map<string, Labels>();
  const others = input.other?.namespaces ?? [];
  const names = [...pods.map((pod) => pod.namespace), input.platform.dns.namespace, ...others];
  for (const name of names) found.set(name, { "kubernetes.io/metadata.name": name });
  for (const one of manifests.filter((manifest) => manifest.kind === "Namespace"))
    found.set(one.name, { ...readLabels(one.value, "metadata", "labels"), "kubernetes.io/metadata.name": one.name });
  return found;
}

interface ReadNodes {
  readonly nodes: readonly Node[];
  readonly diagnostics: readonly Diagnostic[];
}

function readNodes(
  pods: readonly Pod[],
  manifests: readonly ReadManifest[],
  networks: ReadonlyMap<string, AttachableNetwork>,
  mains: ReadonlyMap<string, AttachableNetwork>,
  input: ClusterInput,
): ReadNodes {
  const diagnostics: Diagnostic[] = [];
  const configMaps = new Map(
    manifests.filter((one) => one.kind === "ConfigMap").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const guests = groupBy(input.guests, (one) => one.node);
  const nodes = pods.map((pod) => {
    const { attached: outside, unread } = resolveAttachments(pod, networks);
    const attached = withGuests(outside, guests.get(pod.id) ?? []);
    const read = resolvePrimaryNetwork(pod, mains.get(pod.namespace));
    const [main, whys] = typeof read === "string" ? [mains.get(pod.namespace), [...unread, read]] : [read, unread];
    for (const why of whys) diagnostics.push(verifyRules.diagnose("unreadable", pod.place, { what: pod.id, why }));
    const containers = readContainers(pod, configMaps).filter(mustReadContainer);
    if (containers.length === 0)
      return markExternallyManaged(buildNode(pod, attached, noRuntime, input.platform, main), input.externallyManaged);
    const { runtime, diagnostics: found } = readRuntime(pod, containers);
    appendAll(diagnostics, found);
    return buildNode({ ...pod, place: locateInManifest(pod.manifest) }, attached, runtime, input.platform, main);
  });
  return { nodes, diagnostics };
}
