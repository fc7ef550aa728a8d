import { fieldsAt, labelsAt, listAt, type Manifest, textAt, textsAt } from "./manifest.ts";

/** An object that is not read, and changes what the pods of some namespaces are or may do. */
export interface Unread {
  readonly manifest: Manifest;
  readonly does: "filters" | "changes";
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
export function unreadObject(manifest: Manifest): Unread | undefined {
  const { kind, value } = manifest;
  switch (kind) {
    case "MutatingWebhookConfiguration": {
      const own = listAt(value, "webhooks").filter((one) => listAt(one, "rules").some(meansPods));
      return changes(manifest, own);
    }
    case "MutatingAdmissionPolicy": {
      const own = fieldsAt(value, "spec", "matchConstraints");
      return changes(manifest, listAt(own, "resourceRules").some(meansPods) ? [own] : []);
    }
    default:
      return Object.hasOwn(POLICIES, kind) ? filters(manifest) : undefined;
  }
}

function changes(manifest: Manifest, constraints: readonly unknown[]): Unread | undefined {
  if (constraints.length === 0) return undefined;
  const selectors = constraints.map((one) => fieldsAt(one, "namespaceSelector"));
  return { manifest, does: "changes", namespaces: undefined, selectors };
}

const MAKING_PODS: Readonly<Record<string, RegExp>> = {
  "": /^(pods|replicationcontrollers)$/,
  apps: /^(deployments|statefulsets|daemonsets|replicasets)$/,
  batch: /^(jobs|cronjobs)$/,
  "kubevirt.io": /^virtualmachine/,
};

/** Whether a rule of admission is for pods that are made or changed, or for what makes them. */
function meansPods(rule: unknown): boolean {
  const operations = textsAt(rule, "operations");
  if (!["CREATE", "UPDATE", "*"].some((one) => operations.includes(one))) return false;
  const groups = textsAt(rule, "apiGroups");
  return textsAt(rule, "resources").some((resource) =>
    Object.entries(MAKING_PODS).some(
      ([group, making]) =>
        (groups.includes(group) || groups.includes("*")) &&
        (resource === "*" || resource === "*/*" || making.test(resource.replace(/\/(\*|ephemeralcontainers)$/, ""))),
    ),
  );
}

function filters(manifest: Manifest): Unread | undefined {
  const { kind, apiVersion, namespace, value } = manifest;
  const [group, clusterWide] = POLICIES[kind] ?? [/^$/, false];
  if (!group.test(apiVersion)) return undefined;
  const of = { manifest, does: "filters", selectors: [] } as const;
  if (!clusterWide) return { ...of, namespaces: [namespace] };
  const spec = fieldsAt(value, "spec");
  // A policy for nodes is for no pod.
  if (spec.nodeSelector !== undefined && value.specs === undefined) return undefined;
  const named = namedIn(manifest);
  return named === undefined ? { ...of, namespaces: undefined, selectors: [{}] } : { ...of, namespaces: [named] };
}

/** The one namespace that a policy of the whole cluster narrows itself to, by Cilium's label or by Calico's expression. */
function namedIn({ kind, value }: Manifest): string | undefined {
  if (value.specs !== undefined) return undefined;
  if (kind === "CiliumClusterwideNetworkPolicy") {
    const labels = labelsAt(value, "spec", "endpointSelector", "matchLabels");
    return labels["k8s:io.kubernetes.pod.namespace"] ?? labels["io.kubernetes.pod.namespace"];
  }
  const expressions = [textAt(value, "spec", "namespaceSelector"), textAt(value, "spec", "selector")];
  return expressions.map((one) => EQUALS.exec(one ?? "")?.[1]).find((one) => one !== undefined);
}

const EQUALS =
  /^\s*(?:kubernetes\.io\/metadata\.name|projectcalico\.org\/(?:name|namespace))\s*==\s*["']([a-z0-9-]+)["']\s*$/;
