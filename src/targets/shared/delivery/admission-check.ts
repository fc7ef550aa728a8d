import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { Workload } from "../../../ir/workload.ts";
import { placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { isTestHook } from "../../../workloads/test-hook.ts";
import { selectBindingLabels } from "./binding-labels.ts";
import type { DeliveryContext } from "./delivery.ts";
import { findObjectPath } from "./pod-template.ts";
import { deliveryRules } from "./rules.ts";

/** The first minor version that serves MutatingAdmissionPolicy as v1 (KEP-3962). */
export const FIRST_WITH_ADMISSION = 36;

/** What admission cannot do: old clusters, virtual machines, pods that no label tells from others. */
export function checkAdmissionDelivery(
  patches: readonly PodPatch[],
  { plan, project }: DeliveryContext,
): readonly Diagnostic[] {
  const { name: cluster, index, platform } = plan.cluster;
  if (platform.kubernetes < FIRST_WITH_ADMISSION) {
    const place = placeAt(project.doc, "spec", "clusters", index, "platform", "kubernetes");
    return [deliveryRules.diagnose("too-old", place, { cluster, version: `1.${platform.kubernetes}` })];
  }
  const byLabel = indexByLabel(plan.workloads.all.filter((one) => !isTestHook(one)));
  return selectBoundPatches(patches).flatMap((patch) => {
    const { workload, origin } = patch;
    const ref = formatDisplayName(workload);
    const related = [{ place: origin, label: "the network is needed here" }];
    const why = unreached(patch);
    if (why !== undefined) {
      const place = placeAt(workload.doc, ...findObjectPath(workload), "kind");
      return [deliveryRules.diagnose("out-of-reach", place, { delivery: "admission", ref, why }, { related })];
    }
    const template = placeAt(workload.doc, ...workload.templatePath, "metadata");
    if (Object.keys(selectBindingLabels(workload)).length === 0)
      return [deliveryRules.diagnose("no-labels", template, { ref }, { related })];
    const other = alsoSelected(workload, byLabel);
    if (!other) return [];
    const place = placeAt(other.doc, ...other.templatePath, "metadata", "labels");
    const first = [
      { place: placeAt(workload.doc, ...workload.templatePath, "metadata", "labels"), label: "these labels" },
    ];
    return [
      deliveryRules.diagnose("labels-shared", place, { ref, other: formatDisplayName(other) }, { related: first }),
    ];
  });
}

/** Patches that get a binding. A pod of `helm test` has the labels of the pods that it tests, and what it must drop comes with those. */
export function selectBoundPatches(patches: readonly PodPatch[]): readonly PodPatch[] {
  return patches.filter(({ workload, annotations }) => !isTestHook(workload) || Object.keys(annotations).length > 0);
}

/** Annotations that the policy knows how to add. */
const KNOWN = ["k8s.v1.cni.cncf.io/networks", "plumbline.dev/networks-hash"];

function unreached({ workload, nodeSelector, annotations, claims }: PodPatch): string | undefined {
  if (claims.length > 0) return "the policy adds no claims of devices";
  const strange = Object.keys(annotations).find((key) => !KNOWN.includes(key));
  if (strange !== undefined) return `the policy does not add the annotation \`${strange}\``;
  if (isTestHook(workload)) return "pods of `helm test` are left out";
  if (workload.kind === "VirtualMachine") return "its pod's annotation alone gives the guest no interface";
  const missing = Object.entries(nodeSelector).some(([key, value]) => workload.nodeSelector[key] !== value);
  if (workload.kind === "DaemonSet" && missing)
    return "its pods would be made for nodes without the uplink, and wait there for ever";
  return undefined;
}

/** Workloads by namespace and one label: the way to those that carry all labels of another. */
function indexByLabel(all: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> {
  const found = new Map<string, Workload[]>();
  for (const workload of all)
    for (const [key, value] of Object.entries(workload.labels)) {
      const label = `${workload.namespace} ${key}=${value}`;
      const list = found.get(label);
      if (list) list.push(workload);
      else found.set(label, [workload]);
    }
  return found;
}

/** Another workload whose pods the labels select too; looked for among those that share the rarest label. */
function alsoSelected(workload: Workload, byLabel: ReadonlyMap<string, readonly Workload[]>): Workload | undefined {
  const { namespace, ...rest } = workload;
  const labels = selectBindingLabels(workload);
  const lists = Object.entries(labels).map(([key, value]) => byLabel.get(`${namespace} ${key}=${value}`) ?? []);
  const rarest = lists.reduce((least, list) => (list.length < least.length ? list : least));
  return rarest.find(
    (other) =>
      (other.kind !== rest.kind || other.name !== rest.name) &&
      Object.entries(labels).every(([key, value]) => other.labels[key] === value),
  );
}
