import { defineRules } from "../diagnostics/rules.ts";

export const workloadRules = defineRules("workload", {
  duplicate: {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} stands in two manifests`,
    label: "the second one",
    help: "keep one of them among `spec.workloads`",
  },
  "no-namespace": {
    severity: "warning",
    message: ({ ref }: { ref: string }) => `${ref} names no namespace, so it is left out`,
    label: "which namespace?",
    help: "give the files' namespace in plumbline.yaml: `workloads: [{paths: […], namespace: …}]`",
  },
  "intent-here": {
    severity: "error",
    message: ({ kind }: { kind: string }) =>
      `an intent, \`${kind}\`, stands among the workloads, where nobody reads it`,
    label: "read as a manifest",
    help: "move it to where `spec.intents` looks",
  },
  "bad-name": {
    severity: "error",
    message: ({ found }: { found: string }) => `\`${found}\` cannot be the name of a workload`,
    label: "not a Kubernetes name",
  },
  "bad-annotation": {
    severity: "error",
    message: ({ problem }: { problem: string }) => `the present networks annotation ${problem}`,
    label: "cannot be added to",
  },
  "misplaced-annotation": {
    severity: "warning",
    message: ({ kind }: { kind: string }) => `a networks annotation on the ${kind} itself has no effect`,
    label: "Multus never reads this",
    help: "move it to the pod template: `spec.template.metadata.annotations`",
  },
  "foreign-network": {
    severity: "warning",
    message: ({ network, cluster }: { network: string; cluster: string }) =>
      `the manifest names ${network} of another namespace, which Multus in cluster \`${cluster}\` refuses`,
    label: "the pod would not start",
    help: "set `platform.namespaceIsolation: false` if Multus runs without it, or copy the network into the namespace",
  },
  template: {
    severity: "error",
    message: () => "the file is a template, not a manifest",
    label: "filled in by another program",
    help: "render it first, and name the rendered manifests in `spec.workloads`",
  },
  "not-readable": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} has no pod template that can be read`,
    label: "not a pod template",
  },
});
