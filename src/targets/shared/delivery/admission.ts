import type { Manifest, PodPatch } from "../../../ir/manifest.ts";
import { formatObjectName } from "../../../net/name.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { ADMISSION_NAMESPACE, buildAdmissionNamespace } from "../guards/admission-namespace.ts";
import { matchObjects } from "../guards/policy-spec.ts";
import { buildManifest, SYNC_WAVES } from "../kubernetes/metadata.ts";
import { selectNamespaces } from "../kubernetes/zone-policies.ts";
import { checkAdmissionDelivery, selectBoundPatches } from "./admission-check.ts";
import { attachPodsPolicy } from "./attach-policy.ts";
import { selectBindingLabels } from "./binding-labels.ts";
import { type DeliveryMethod, emptyDelivery, formatWorkloadFolder } from "./delivery.ts";
import {
  bindPodAddresses,
  buildOrdinalParameters,
  buildPolicyObject,
  POD_ADDRESSES,
  podAddressPolicy,
} from "./pod-addresses.ts";

const NETWORKS = "k8s.v1.cni.cncf.io/networks";
const POLICY = "plumbline-attach-pods";

/** Pods are changed when they are created, by the API server itself: for workloads that nobody keeps in git. */
export const admissionDelivery: DeliveryMethod = {
  name: "admission",
  check: checkAdmissionDelivery,
  // A patch that only drops capabilities attaches nothing.
  admits: (patch) =>
    patch.perPod
      ? patch.perPod.map((value) => valueAtAdmission(patch, value))
      : [...new Set([...patch.admits, valueAtAdmission(patch, patch.annotations[NETWORKS] ?? "")])].filter(
          (value) => value !== "",
        ),
  write: (patches, { plan }) => {
    if (patches.length === 0) return emptyDelivery;
    // The guards bring the namespace of the parameters where there are some.
    const own = plan.zones.length === 0 && plan.gateways.length === 0 ? [buildAdmissionNamespace(FILE)] : [];
    const policy = buildPolicyObject(FILE, "MutatingAdmissionPolicy", POLICY, attachPodsPolicy);
    return {
      ...emptyDelivery,
      manifests: [
        ...own,
        policy,
        ...(patches.some((one) => one.perPod)
          ? [buildPolicyObject(FILE, "ValidatingAdmissionPolicy", POD_ADDRESSES, podAddressPolicy)]
          : []),
        ...selectBoundPatches(patches).flatMap(forWorkload),
      ],
      handoff: [
        "Admission changes pods when they are created, never those that run: restart these workloads once the policies " +
          `are in, and whenever what they attach to changes: ${patches.map((one) => formatDisplayName(one.workload)).join(", ")}`,
      ],
    };
  },
};

const FILE = "admission/policy.yaml";

/** A workload's parameters, and which pods they are for. */
function forWorkload(patch: PodPatch): readonly Manifest[] {
  const { workload, devices, nodeSelector } = patch;
  const name = formatObjectName(["attach", workload.namespace, workload.kind.toLowerCase(), workload.name]);
  const file = `admission/${formatWorkloadFolder(patch)}.yaml`;
  const files = {
    ...(patch.perPod
      ? buildOrdinalParameters(
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
  const head = { name, namespace: ADMISSION_NAMESPACE, wave: SYNC_WAVES.network };
  const what = { apiVersion: "v1", kind: "ConfigMap", template: "kubernetes/config-map", file };
  const binding = {
    policyName: POLICY,
    paramRef: { name, namespace: ADMISSION_NAMESPACE, parameterNotFoundAction: "Deny" },
    matchResources: matchObjects({
      namespaceSelector: selectNamespaces([workload.namespace]),
      objectSelector: { matchLabels: selectBindingLabels(workload) },
    }),
  };
  return [
    buildManifest(what, head, undefined, { files }),
    buildPolicyObject(file, "MutatingAdmissionPolicyBinding", `plumbline-${name}`.slice(0, 253), binding),
    ...(patch.perPod ? [bindPodAddresses(patch, name, ADMISSION_NAMESPACE, file)] : []),
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
