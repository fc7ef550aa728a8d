import { hasValue, type ReadManifest, readFields, readLabels, readList, readText, readTexts } from "./manifest.ts";

/**
 * `changes`: pods as they are made; `rewires`: networks as they are written; `weakens`: policies, and the parameters of admission
 * policies and gateways, as they are written.
 */
export type UnreadEffect = "filters" | "redirects" | "changes" | "rewires" | "weakens";

/** An object that is not read, and changes what the pods of some namespaces are or may do. */
export interface UnreadObject {
  readonly manifest: ReadManifest;
  readonly does: UnreadEffect;
  /** Namespaces it is for, as far as it says so itself; undefined: whichever its selectors mean. */
  readonly namespaces: readonly string[] | undefined;
  /** Label selectors of namespaces; it means those that any of them does. */
  readonly selectors: readonly unknown[];
}

/** Policies of network plugins' own kinds, by what their API begins with. */
const POLICIES: Readonly<Record<string, readonly [group: RegExp, clusterWide: boolean]>> = {
  NetworkPolicy: [/^(crd\.projectcalico\.org|projectcalico\.org|crd\.antrea\.io)\//, false],
  GlobalNetworkPolicy: [/^(crd\.)?projectcalico\.org\//, true],
  CiliumNetworkPolicy: [/^cilium\.io\//, false],
  CiliumClusterwideNetworkPolicy: [/^cilium\.io\//, true],
  ClusterNetworkPolicy: [/^crd\.antrea\.io\//, true],
};

/** What an object that nobody reads here does to pods; undefined for one that does nothing to them. */
export function classifyUnread(manifest: ReadManifest): UnreadObject | undefined {
  const { kind, value } = manifest;
  switch (kind) {
    case "MutatingWebhookConfiguration": {
      return classifyChange(
        manifest,
        readList(value, "webhooks").map((one) => [one, readList(one, "rules")]),
      );
    }
    case "MutatingAdmissionPolicy": {
      const own = readFields(value, "spec", "matchConstraints");
      return classifyChange(manifest, [[own, readList(own, "resourceRules")]]);
    }
    case "CiliumLocalRedirectPolicy":
      return /^cilium\.io\//.test(manifest.apiVersion) ? classifyRedirect(manifest) : undefined;
    default:
      return Object.hasOwn(POLICIES, kind) ? classifyFilter(manifest) : undefined;
  }
}

/** Of what is for namespaces by a selector, that with rules for pods; where there is none, that with rules for networks. */
function classifyChange(
  manifest: ReadManifest,
  all: readonly (readonly [constraint: unknown, rules: readonly unknown[]])[],
): UnreadObject | undefined {
  for (const [does, making] of [
    ["changes", MAKING_PODS],
    ["rewires", NETWORKS],
    ["weakens", POLICY_OBJECTS],
  ] as const) {
    const own = all.filter(([, rules]) => rules.some((rule) => coversKinds(rule, making)));
    const selectors = own.map(([one]) => readFields(one, "namespaceSelector"));
    if (own.length > 0) return { manifest, does, namespaces: undefined, selectors };
  }
  return undefined;
}

/** An address is taken from every pod of the cluster; a Service, from those who ask it, is one of its own namespace. */
function classifyRedirect(manifest: ReadManifest): UnreadObject {
  const frontend = readFields(manifest.value, "spec", "redirectFrontend");
  const ofAll = hasValue(frontend, "addressMatcher");
  const of = { manifest, does: "redirects" } as const;
  return ofAll
    ? { ...of, namespaces: undefined, selectors: [{}] }
    : { ...of, namespaces: [manifest.namespace], selectors: [] };
}

const MAKING_PODS: Readonly<Record<string, RegExp>> = {
  "": /^(pods|replicationcontrollers)$/,
  apps: /^(deployments|statefulsets|daemonsets|replicasets)$/,
  batch: /^(jobs|cronjobs)$/,
  "kubevirt.io": /^virtualmachine/,
};

const NETWORKS: Readonly<Record<string, RegExp>> = { "k8s.cni.cncf.io": /^network-attachment-definitions$/ };

/** ConfigMaps hold the parameters of admission policies and the rules of gateways. */
const POLICY_OBJECTS: Readonly<Record<string, RegExp>> = {
  "": /^configmaps$/,
  "networking.k8s.io": /^networkpolicies$/,
  "policy.networking.k8s.io": /^(clusternetworkpolicies|adminnetworkpolicies|baselineadminnetworkpolicies)$/,
  "k8s.cni.cncf.io": /^multi-networkpolicies$/,
  "kubeovn.io": /^subnets$/,
  "k8s.ovn.org": /^(userdefinednetworks|clusteruserdefinednetworks)$/,
};

/** Whether a rule of admission is for objects of certain kinds that are made or changed. */
function coversKinds(rule: unknown, kinds: Readonly<Record<string, RegExp>>): boolean {
  const operations = readTexts(rule, "operations");
  if (!["CREATE", "UPDATE", "*"].some((one) => operations.includes(one))) return false;
  const groups = readTexts(rule, "apiGroups");
  return readTexts(rule, "resources").some((resource) =>
    Object.entries(kinds).some(
      ([group, making]) =>
        (groups.includes(group) || groups.includes("*")) &&
        (resource === "*" || resource === "*/*" || making.test(resource.replace(/\/(\*|ephemeralcontainers)$/, ""))),
    ),
  );
}

function classifyFilter(manifest: ReadManifest): UnreadObject | undefined {
  const { kind, apiVersion, namespace, value } = manifest;
  const [group, clusterWide] = POLICIES[kind] ?? [/^$/, false];
  if (!group.test(apiVersion)) return undefined;
  const of = { manifest, does: "filters", selectors: [] } as const;
  if (!clusterWide) return { ...of, namespaces: [namespace] };
  const spec = readFields(value, "spec");
  // A policy for nodes is for no pod.
  if (hasValue(spec, "nodeSelector") && !hasValue(value, "specs")) return undefined;
  const named = findOwnNamespace(manifest);
  return named === undefined ? { ...of, namespaces: undefined, selectors: [{}] } : { ...of, namespaces: [named] };
}

/** The one namespace that a policy of the whole cluster narrows itself to, by Cilium's label or by Calico's expression. */
function findOwnNamespace({ kind, value }: ReadManifest): string | undefined {
  if (hasValue(value, "specs")) return undefined;
  if (kind === "CiliumClusterwideNetworkPolicy") {
    const labels = readLabels(value, "spec", "endpointSelector", "matchLabels");
    return labels["k8s:io.kubernetes.pod.namespace"] ?? labels["io.kubernetes.pod.namespace"];
  }
  const expressions = [readText(value, "spec", "namespaceSelector"), readText(value, "spec", "selector")];
  return expressions.map((one) => EQUALS.exec(one ?? "")?.[1]).find((one) => one !== undefined);
}

const EQUALS =
  /^\s*(?:kubernetes\.io\/metadata\.name|projectcalico\.org\/(?:name|namespace))\s*==\s*["']([a-z0-9-]+)["']\s*$/;
