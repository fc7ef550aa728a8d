import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import { at } from "../../../source/place.ts";
import { wordsFor } from "../../../workloads/words-for.ts";
import { emitYaml } from "../../../yaml/emit-yaml.ts";
import { type Delivery, nothing, pathOf } from "./delivery.ts";
import { addedDevices, presentDevices } from "./guest-devices.ts";
import { stepsForComponents, unnamedComponents } from "./named-components.ts";
import { partOf, targetOf } from "./pod-template.ts";
import { HELM_RELEASE } from "./release-of.ts";
import { deliveryRules } from "./rules.ts";

type Json = Readonly<Record<string, unknown>>;

/** A Kustomize component for each workload: two apps of a namespace have kustomizations of their own. */
export const component: Delivery = {
  name: "component",
  check: (patches, into) => [...unnamedComponents(patches, into), ...patches.flatMap(ofRelease)],
  admits: (patch) => patch.admits,
  write: (patches, into) => ({
    ...nothing,
    handoff: stepsForComponents(patches, into),
    files: patches.map((patch) => ({ path: `patches/${pathOf(patch)}/kustomization.yaml`, body: componentOf(patch) })),
  }),
};

/** helm-controller renders the chart in the cluster, where no kustomization of the repository sees its objects. */
function ofRelease({ workload, origin }: PodPatch): readonly Diagnostic[] {
  const release = workload.declared?.release;
  if (release?.kind !== HELM_RELEASE) return [];
  const ref = wordsFor(workload);
  const why = `${release.kind} ${release.namespace}/${release.name} makes it in the cluster, after every kustomization`;
  const help = "use delivery `helmRelease`, or delivery `admission`";
  const related = [{ place: origin, label: "the network is needed here" }];
  const place = at(workload.doc, "metadata", "name");
  return [deliveryRules.diagnose("out-of-reach", place, { delivery: "component", ref, why }, { related, help })];
}

function componentOf(patch: PodPatch): Json {
  const patches =
    patch.workload.kind === "VirtualMachine"
      ? virtualMachine(patch)
      : [
          {
            ...(patch.workload.declared && { target: targetOf(patch.workload) }),
            patch: emitYaml(strategicMerge(patch)),
          },
        ];
  return { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", patches };
}

/** The workload as a strategic merge patch: without a target, so that a missing workload fails the build. */
function strategicMerge(patch: PodPatch): Json {
  const { workload } = patch;
  const isNamed = workload.ownNamespace && !workload.declared;
  return partOf(patch, {
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
  const present = presentDevices(patch);
  const added = addedDevices(patch);
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
