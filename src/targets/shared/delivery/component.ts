import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import { placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { emitYaml } from "../../../yaml/emit-yaml.ts";
import { type DeliveryMethod, emptyDelivery, formatWorkloadFolder } from "./delivery.ts";
import { listAddedDevices, listPresentDevices } from "./guest-devices.ts";
import { checkUnnamedComponents, listComponentSteps } from "./named-components.ts";
import { buildPartialObject, buildPatchTarget } from "./pod-template.ts";
import { HELM_RELEASE } from "./release-of.ts";
import { deliveryRules } from "./rules.ts";

type Json = Readonly<Record<string, unknown>>;

/** A Kustomize component for each workload: two apps of a namespace have kustomizations of their own. */
export const componentDelivery: DeliveryMethod = {
  name: "component",
  check: (patches, into) => [...checkUnnamedComponents(patches, into), ...patches.flatMap(checkRelease)],
  admits: (patch) => patch.admits,
  write: (patches, into) => ({
    ...emptyDelivery,
    handoff: listComponentSteps(patches, into),
    files: patches.map((patch) => ({
      path: `patches/${formatWorkloadFolder(patch)}/kustomization.yaml`,
      body: componentOf(patch),
    })),
  }),
};

/** helm-controller renders the chart in the cluster, where no kustomization of the repository sees its objects. */
function checkRelease({ workload, origin }: PodPatch): readonly Diagnostic[] {
  const release = workload.declared?.release;
  if (release?.kind !== HELM_RELEASE) return [];
  const ref = formatDisplayName(workload);
  const why = `${release.kind} ${release.namespace}/${release.name} makes it in the cluster, after every kustomization`;
  const help = "use delivery `helmRelease`, or delivery `admission`";
  const related = [{ place: origin, label: "the network is needed here" }];
  const place = placeAt(workload.doc, "metadata", "name");
  return [deliveryRules.diagnose("out-of-reach", place, { delivery: "component", ref, why }, { related, help })];
}

function componentOf(patch: PodPatch): Json {
  const patches =
    patch.workload.kind === "VirtualMachine"
      ? virtualMachine(patch)
      : [
          {
            ...(patch.workload.declared && { target: buildPatchTarget(patch.workload) }),
            patch: emitYaml(strategicMerge(patch)),
          },
        ];
  return { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", patches };
}

/** The workload as a strategic merge patch: without a target, so that a missing workload fails the build. */
function strategicMerge(patch: PodPatch): Json {
  const { workload } = patch;
  const isNamed = workload.ownNamespace && !workload.declared;
  return buildPartialObject(patch, {
    name: workload.name,
    ...(isNamed && { namespace: workload.writtenNamespace ?? workload.namespace }),
  });
}

/** KubeVirt keeps networks in lists that a merge would replace: those are appended to, one operation each. */
function virtualMachine(patch: PodPatch): readonly Json[] {
  const { workload } = patch;
  const base = "/spec/template/spec";
  const { annotations, ...rest } = patch;
  const { "k8s.v1.cni.cncf.io/networks": _networks, ...others } = annotations;
  const present = listPresentDevices(patch);
  const added = listAddedDevices(patch);
  const lists = { networks: `${base}/networks`, interfaces: `${base}/domain/devices/interfaces` };
  const operations = present.isListed
    ? added.networks.flatMap((network, index) => [
        { op: "add", path: `${lists.networks}/-`, value: network },
        { op: "add", path: `${lists.interfaces}/-`, value: added.interfaces[index] },
      ])
    : (["networks", "interfaces"] as const).map((key) => ({
        op: "add",
        path: lists[key],
        value: [...present[key], ...added[key]],
      }));
  const target = {
    group: "kubevirt.io",
    version: workload.apiVersion.split("/")[1],
    kind: workload.kind,
    name: workload.name,
  };
  return [
    { patch: emitYaml(strategicMerge({ ...rest, annotations: others })) },
    { target, patch: emitYaml(operations) },
  ];
}
