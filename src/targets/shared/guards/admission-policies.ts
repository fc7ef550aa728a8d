import type { AttachmentPolicy, LoweredObjects, Manifest, PodPatch } from "../../../ir/manifest.ts";
import type { DefaultDenyZone, Plan } from "../../../ir/plan.ts";
import { formatObjectName } from "../../../net/name.ts";
import { isTestHook } from "../../../workloads/test-hook.ts";
import { buildManifest, SYNC_WAVES } from "../kubernetes/metadata.ts";
import { selectNamespaces } from "../kubernetes/zone-policies.ts";
import { ADMISSION_NAMESPACE, buildAdmissionNamespace } from "./admission-namespace.ts";
import { attachingAnnotationPolicy } from "./attaching-annotations.ts";
import { deviceClaimPolicy } from "./device-claims.ts";
import { gatewayNamespacePolicy } from "./gateway-namespace.ts";
import { missingNetworkPolicy } from "./missing-network.ts";
import { networkWriterPolicy } from "./network-writers.ts";
import { outsideZonesPolicy } from "./outside-zones.ts";
import { podBindingPolicy } from "./pod-bindings.ts";
import { podStatusPolicy } from "./pod-status.ts";
import { buildParameterPolicy } from "./policy-parameters.ts";
import { matchObjects } from "./policy-spec.ts";
import { zoneMemberPolicy } from "./zone-members.ts";

type Json = Readonly<Record<string, unknown>>;

/** What of the objects of a cluster the guards look after. */
type Guarded = Pick<LoweredObjects, "patches" | "deviceClasses" | "attaching">;

/**
 * Admission guards: whoever may create pods could otherwise bridge two zones with one annotation. One policy each, with
 * a binding and parameters per zone, so that the number of policies does not grow with the zones.
 */
export function buildAdmissionPolicies(
  plan: Plan,
  { patches, deviceClasses = [], attaching }: Guarded,
): readonly Manifest[] {
  if (plan.zones.length === 0 && plan.gateways.length === 0) return [];
  const { appliers, networkWriters: writers, statusWriters } = plan.cluster.platform;
  const values = valuesByNamespace(patches);
  const zones = plan.zones;
  const gateways = plan.namespaces.filter((one) => one.role !== "zone").map((one) => one.name);
  const namespacesOf = (audit: boolean) => zones.filter((one) => one.audit === audit).flatMap((one) => one.namespaces);
  // While every zone only audits, so does what guards them all.
  const audit = zones.length > 0 && zones.every((zone) => zone.audit);
  const enforced = sortUnique([...(audit ? [] : gateways), ...namespacesOf(false)]);
  const audited = sortUnique([...(audit ? gateways : []), ...namespacesOf(true)]);
  return [
    buildAdmissionNamespace("guards.yaml"),
    parameters("users", { appliers: lines(appliers), writers: lines([...appliers, ...writers]) }),
    ...(zones.length > 0 ? [policy("plumbline-zone-members", zoneMemberPolicy)] : []),
    ...zones.flatMap((zone) => zoneGuard(zone, values)),
    ...missedPatches(plan, patches),
    policy("plumbline-elsewhere", outsideZonesPolicy),
    ...closedTo("elsewhere", enforced, false),
    ...closedTo("elsewhere-audit", audited, true),
    policy("plumbline-network-writers", networkWriterPolicy),
    binding("plumbline-network-writers", "plumbline-network-writers", "users", audit),
    ...(gateways.length > 0
      ? [
          policy("plumbline-gateway-namespaces", gatewayNamespacePolicy),
          binding(
            "plumbline-gateway-namespaces",
            "plumbline-gateway-namespaces",
            "users",
            audit,
            selectNamespaces(sortUnique(gateways)),
          ),
        ]
      : []),
    ...subresourceGuards(statusWriters, audit),
    ...attachingGuard(attaching, patches, sortUnique([...enforced, ...audited]), audit),
    ...claimGuard(sortUnique(deviceClasses), [...appliers, ...writers], audit),
    policy("plumbline-guard-parameters", buildParameterPolicy(appliers)),
    binding(
      "plumbline-guard-parameters",
      "plumbline-guard-parameters",
      undefined,
      audit,
      selectNamespaces([ADMISSION_NAMESPACE]),
    ),
  ];
}

const NETWORKS = "k8s.v1.cni.cncf.io/networks";

/** Warns of pods without a network in the namespaces where every workload that is known has one by its annotation. */
function missedPatches(plan: Plan, patches: readonly PodPatch[]): readonly Manifest[] {
  const attached = new Set(patches.filter((one) => one.annotations[NETWORKS] !== undefined).map((one) => one.workload));
  const names = sortUnique(plan.zones.flatMap((zone) => zone.namespaces)).filter((name) => {
    const known = plan.workloads.inNamespace(name).filter((one) => !one.hostNetwork && !isTestHook(one));
    return known.length > 0 && known.every((one) => attached.has(one));
  });
  if (names.length === 0) return [];
  const name = "plumbline-without-network";
  const spec = {
    policyName: name,
    validationActions: ["Warn"],
    matchResources: matchObjects({ namespaceSelector: selectNamespaces(names) }),
  };
  return [
    policy(name, missingNetworkPolicy),
    object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", name, SYNC_WAVES.policy, { spec }),
  ];
}

/** Other doors to a pod's annotations than the pod itself. */
function subresourceGuards(writers: readonly string[], audit: boolean): readonly Manifest[] {
  return [
    policy("plumbline-bindings", podBindingPolicy),
    binding("plumbline-bindings", "plumbline-bindings", undefined, audit),
    parameters("pod-status", { writers: lines(writers) }),
    policy("plumbline-pod-status", podStatusPolicy),
    binding("plumbline-pod-status", "plumbline-pod-status", "pod-status", audit),
  ];
}

function attachingGuard(
  attaching: AttachmentPolicy | undefined,
  patches: readonly PodPatch[],
  closed: readonly string[],
  audit: boolean,
): readonly Manifest[] {
  if (!attaching || attaching.keys.length === 0) return [];
  const { keys, names, allowed: more = [] } = attaching;
  const isAttaching = (key: string) => keys.some((one) => (one.startsWith(".") ? key.endsWith(one) : key === one));
  const allowed = patches.flatMap(({ workload, annotations }) =>
    Object.entries(annotations)
      .filter(([key]) => isAttaching(key))
      .map(([key, value]) => `${workload.namespace} ${key}=${value}`),
  );
  const name = "attaching-annotations";
  return [
    parameters(name, {
      keys: lines(keys),
      names: lines(sortUnique(names)),
      closed: lines(closed),
      allowed: lines(sortUnique([...allowed, ...more])),
    }),
    policy(`plumbline-${name}`, attachingAnnotationPolicy),
    binding(`plumbline-${name}`, `plumbline-${name}`, name, audit),
  ];
}

function claimGuard(classes: readonly string[], writers: readonly string[], audit: boolean): readonly Manifest[] {
  if (classes.length === 0) return [];
  const name = "device-claims";
  return [
    parameters(name, { classes: lines(classes), writers: lines(writers) }),
    policy(`plumbline-${name}`, deviceClaimPolicy),
    binding(`plumbline-${name}`, `plumbline-${name}`, name, audit),
  ];
}

/** Pods of all other namespaces against the networks of these. */
function closedTo(name: string, closed: readonly string[], audit: boolean): readonly Manifest[] {
  if (closed.length === 0) return [];
  return [
    parameters(name, { closed: lines(closed) }),
    binding(`plumbline-${name}`, "plumbline-elsewhere", name, audit, {
      matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: closed }],
    }),
  ];
}

function sortUnique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/** Annotation values of a cluster's patches by namespace: made once, so that zones cost what is theirs. */
function valuesByNamespace(patches: readonly PodPatch[]): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>();
  for (const { workload, admits } of patches) {
    const known = values.get(workload.namespace) ?? new Set();
    for (const value of admits) known.add(value);
    values.set(workload.namespace, known);
  }
  return values;
}

function zoneGuard(zone: DefaultDenyZone, values: ReadonlyMap<string, ReadonlySet<string>>): readonly Manifest[] {
  const name = formatObjectName(["zone", zone.name]);
  const allowed = zone.namespaces.flatMap((namespace) => [
    [namespace, lines([...(values.get(namespace) ?? [])].sort())],
    ...exceptionsIn(namespace, zone),
  ]);
  return [
    parameters(name, Object.fromEntries(allowed)),
    binding(
      `plumbline-${name}`.slice(0, 63),
      "plumbline-zone-members",
      name,
      zone.audit,
      selectNamespaces(zone.namespaces),
    ),
  ];
}

/** A capability alone is for every pod of the namespace; with a ServiceAccount, for that one's pods. */
function exceptionsIn(namespace: string, { exceptions }: DefaultDenyZone): readonly [string, string][] {
  const own = exceptions.flatMap(({ capability, workload }) => {
    if (!workload) return [capability];
    return workload.namespace === namespace ? [`${capability} ${workload.serviceAccount}`] : [];
  });
  return own.length > 0 ? [[`${namespace}.capabilities`, lines(sortUnique(own))]] : [];
}

function lines(values: readonly string[]): string {
  return values.join("\n");
}

function object(
  apiVersion: string,
  kind: string,
  name: string,
  wave: number,
  body: Json,
  template = "kubernetes/object",
  namespace?: string,
): Manifest {
  const head = { name, wave, ...(namespace !== undefined && { namespace }) };
  return buildManifest({ apiVersion, kind, template, file: "guards.yaml" }, head, undefined, { body });
}

function parameters(name: string, data: Readonly<Record<string, string>>): Manifest {
  const head = { name, namespace: ADMISSION_NAMESPACE, wave: SYNC_WAVES.network };
  const what = { apiVersion: "v1", kind: "ConfigMap", template: "kubernetes/config-map", file: "guards.yaml" };
  return buildManifest(what, head, undefined, { files: data });
}

function policy(name: string, spec: Json): Manifest {
  return object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", name, SYNC_WAVES.policy, { spec });
}

/** In audit nothing is blocked: the API server warns, and notes it in its log. */
function binding(
  name: string,
  policyName: string,
  params: string | undefined,
  audit: boolean,
  namespaceSelector?: Json,
): Manifest {
  const spec = {
    policyName,
    ...(params !== undefined && {
      paramRef: { name: params, namespace: ADMISSION_NAMESPACE, parameterNotFoundAction: "Deny" },
    }),
    validationActions: audit ? ["Audit", "Warn"] : ["Deny"],
    ...(namespaceSelector && { matchResources: matchObjects({ namespaceSelector }) }),
  };
  return object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", name, SYNC_WAVES.policy, {
    spec,
  });
}
