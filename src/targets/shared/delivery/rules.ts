import { defineRules } from "../../../diagnostics/rules.ts";

export const deliveryRules = defineRules("delivery", {
  "out-of-reach": {
    severity: "error",
    message: ({ delivery, ref, why }: { delivery: string; ref: string; why: string }) =>
      `delivery \`${delivery}\` cannot give ${ref} its networks: ${why}`,
    label: "needs another delivery",
    help: "use delivery `component` or `rendered`",
  },
  "written-by-owner": {
    severity: "error",
    message: ({ ref, field }: { ref: string; field: string }) =>
      `the manifest of ${ref} writes \`${field}\` itself, and two appliers would overwrite each other's value at each sync`,
    label: "owned by the manifest",
    help: "take it out of the manifest, or use delivery `component` or `rendered`",
  },
  "labels-shared": {
    severity: "error",
    message: ({ ref, other }: { ref: string; other: string }) =>
      `pods of ${other} carry every label of ${ref}'s pods, so admission cannot distinguish them`,
    label: "has all labels of the other",
    help: "give one of the pod templates a label of its own, or use delivery `component`",
  },
  "per-pod-too-old": {
    severity: "error",
    message: ({ cluster, version }: { cluster: string; version: string }) =>
      `addresses by ordinal need Kubernetes 1.36 or later, and cluster \`${cluster}\` runs ${version}`,
    label: "no way to give each pod its own",
    help: "upgrade and set `platform.kubernetes`, use `range: {size: …}`, or make one StatefulSet per pod with `addresses` each",
  },
  "no-container": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} has no container that could ask for its device`,
    label: "no container with a name",
    help: "give the pod template its containers",
  },
  "containers-unknown": {
    severity: "error",
    message: ({ ref }: { ref: string }) =>
      `nothing names the containers of ${ref}, so no patch can make them drop NET_RAW, which the zone's admission policy requires`,
    label: "no container with a name",
    help: "write its `containers`, set `spec.delivery.patches: admission` in plumbline.yaml, or `enforcement: audit` in the zone",
  },
  "bad-container-name": {
    severity: "error",
    message: () => "this cannot be the name of a container, so no patch can name it",
    label: "not a DNS label",
    help: "use at most 63 lower-case letters, digits and `-`",
  },
  "no-labels": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `the pods of ${ref} have no label by which admission could select them`,
    label: "needs `metadata.labels`",
    help: "add a label to the pod template, or use delivery `component`",
  },
  "no-such-release": {
    severity: "error",
    message: ({ ref, release }: { ref: string; release: string }) =>
      `${ref} is declared as made by ${release}, and no file among the workloads holds that`,
    label: "its release is not known",
    help: "add the file of the HelmRelease to `spec.workloads` in plumbline.yaml, as `{paths: […], namespace: …}` where the file names no namespace, or correct `release`",
  },
  "other-namespace": {
    severity: "error",
    message: ({ ref, release, namespace }: { ref: string; release: string; namespace: string }) =>
      `${ref} is declared as made by ${release}, which makes its objects in namespace \`${namespace}\``,
    label: "not in that namespace",
    help: "declare the workload in the namespace where the release makes it",
  },
  "values-name-networks": {
    severity: "warning",
    message: ({ ref, release }: { ref: string; release: string }) =>
      `the values of ${release} name networks, and the patch of ${ref} replaces them`,
    label: "has no effect any more",
    help: "delete this annotation from the values: the patch attaches the pod",
  },
  "no-manifest": {
    severity: "error",
    message: ({ delivery, ref }: { delivery: string; ref: string }) =>
      `delivery \`${delivery}\` needs the manifest of ${ref}, and it is only declared`,
    label: "made by a chart or an operator",
    help: "use delivery `helmRelease` (Flux), `component` (a kustomization with `helmCharts`) or `admission`",
  },
  "component-not-named": {
    severity: "warning",
    message: ({ ref, cluster }: { ref: string; cluster: string }) =>
      `${ref} gets no network in cluster \`${cluster}\`: no kustomization names its component`,
    label: "built without its patch",
  },
  "component-left": {
    severity: "warning",
    message: ({ component, cluster }: { component: string; cluster: string }) =>
      `no workload in cluster \`${cluster}\` needs the component \`${component}\`, so it is written empty`,
    label: "changes nothing",
    help: "remove this line, and compile again: the empty component goes away",
  },
  "too-old": {
    severity: "error",
    message: ({ cluster, version }: { cluster: string; version: string }) =>
      `delivery \`admission\` needs Kubernetes 1.36, and cluster \`${cluster}\` has ${version}`,
    label: "no MutatingAdmissionPolicy v1 there",
    help: "use delivery `component`, `rendered` or `serverSideApply`",
  },
});
