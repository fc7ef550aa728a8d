import type { Manifest, PodPatch } from "../../../ir/manifest.ts";
import { objectName } from "../../../net/name.ts";
import { wordsFor } from "../../../workloads/words-for.ts";
import { GUARDS_NAMESPACE, guardsNamespace } from "../guards/guards-namespace.ts";
import { matchingOnly } from "../guards/policy-spec.ts";
import { manifest, waves } from "../kubernetes/metadata.ts";
import { namespacesNamed } from "../kubernetes/zone-policies.ts";
import { bound, checkAdmission } from "./admission-check.ts";
import { attachPods } from "./attach-policy.ts";
import { bindingLabels } from "./binding-labels.ts";
import { type Delivery, nothing, pathOf } from "./delivery.ts";
import { guardAddresses, POD_ADDRESSES, parametersByOrdinal, podAddresses, policyObject } from "./pod-addresses.ts";

const NETWORKS = "k8s.v1.cni.cncf.io/networks";
const POLICY = "plumbline-attach-pods";

/** Pods are changed when they are created, by the API server itself: for workloads that nobody keeps in git. */
export const admission: Delivery = {
  name: "admission",
  check: checkAdmission,
  // A patch that only drops capabilities attaches nothing.
  admits: (patch) =>
    patch.perPod
      ? patch.perPod.map((value) => valueAtAdmission(patch, value))
      : [...new Set([...patch.admits, valueAtAdmission(patch, patch.annotations[NETWORKS] ?? "")])].filter(
          (value) => value !== "",
        ),
  write: (patches, { plan }) => {
    if (patches.length === 0) return nothing;
    // The guards bring the namespace of the parameters where there are some.
    const own = plan.boundaries.length === 0 && plan.gateways.length === 0 ? [guardsNamespace(FILE)] : [];
    const policy = policyObject(FILE, "MutatingAdmissionPolicy", POLICY, attachPods);
    return {
      ...nothing,
      manifests: [
        ...own,
        policy,
        ...(patches.some((one) => one.perPod)
          ? [policyObject(FILE, "ValidatingAdmissionPolicy", POD_ADDRESSES, podAddresses)]
          : []),
        ...bound(patches).flatMap(forWorkload),
      ],
      handoff: [
        "Admission changes pods when they are created, never those that run: restart these workloads once the policies " +
          `are in, and whenever what they attach to changes: ${patches.map((one) => wordsFor(one.workload)).join(", ")}`,
      ],
    };
  },
};

const FILE = "admission/policy.yaml";

/** A workload's parameters, and which pods they are for. */
function forWorkload(patch: PodPatch): readonly Manifest[] {
  const { workload, devices, nodeSelector } = patch;
  const name = objectName(["attach", workload.namespace, workload.kind.toLowerCase(), workload.name]);
  const file = `admission/${pathOf(patch)}.yaml`;
  const files = {
    ...(patch.perPod
      ? parametersByOrdinal(
          patch.perPod.map((value) => valueAtAdmission(patch, value)),
          workload.name,
          (value) => addedIn(patch, value),
        )
      : { networks: addedIn(patch, patch.annotations[NETWORKS] ?? "[]") }),
    hash: patch.annotations["plumbline.dev/networks-hash"] ?? "",
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector: pairs(nodeSelector) }),
    ...(patch.dropsRaw && { drop: "NET_RAW" }),
    ...(patch.resolvers.length > 0 && { resolvers: patch.resolvers.join("\n") }),
    ...(Object.keys(devices).length > 0 && { container: workload.containers[0] ?? "", devices: pairs(devices) }),
  };
  const head = { name, namespace: GUARDS_NAMESPACE, wave: waves.network };
  const what = { apiVersion: "v1", kind: "ConfigMap", template: "kubernetes/config-map", file };
  const binding = {
    policyName: POLICY,
    paramRef: { name, namespace: GUARDS_NAMESPACE, parameterNotFoundAction: "Deny" },
    matchResources: matchingOnly({
      namespaceSelector: namespacesNamed([workload.namespace]),
      objectSelector: { matchLabels: bindingLabels(workload) },
    }),
  };
  return [
    manifest(what, head, undefined, { files }),
    policyObject(file, "MutatingAdmissionPolicyBinding", `plumbline-${name}`.slice(0, 253), binding),
    ...(patch.perPod ? [guardAddresses(patch, name, GUARDS_NAMESPACE, file)] : []),
  ];
}

/** `key=value`, one a line: neither labels, numbers nor resource names hold a line end or an equals sign. */
function pairs(map: Readonly<Record<string, string | number>>): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${map[key]}`)
    .join("\n");
}

/** The elements that are ours in a value, without those that the manifest names by hand. */
function addedIn({ workload }: PodPatch, value: string): string {
  const whole = JSON.parse(value === "" ? "[]" : value) as readonly unknown[];
  return JSON.stringify(whole.slice(workload.present.length)).slice(1, -1);
}

/** What the policy makes of the annotation that the manifest has: a JSON list keeps its own spelling. */
function valueAtAdmission(patch: PodPatch, value: string): string {
  const { workload } = patch;
  if (workload.presentForm !== "json" || workload.present.length === 0) return value;
  const text = (workload.annotations[NETWORKS] ?? "").trim();
  return `[${text.slice(1, -1)},${addedIn(patch, value)}]`;
}
