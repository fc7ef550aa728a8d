import { defineRules } from "../diagnostics/rules.ts";

export const intentRules = defineRules("intent", {
  "not-an-object": {
    severity: "error",
    message: ({ found }: { found: string }) => `a document is ${found} but must be an intent`,
    label: "not an intent",
  },
  "unknown-kind": {
    severity: "error",
    message: ({ kind }: { kind: string }) => `no kind is called \`${kind}\``,
    label: "not a kind",
  },
  "missing-kind": {
    severity: "error",
    message: () => "the document has no `kind`",
    label: "no `kind` here",
    help: "add `apiVersion: plumbline.dev/v1alpha1` and `kind:`",
  },
  "never-emitted": {
    severity: "error",
    message: ({ name }: { name: string }) => `nothing released implements \`${name}\``,
    label: "nothing would read it",
  },
  "foreign-document": {
    severity: "error",
    message: ({ kind }: { kind: string }) => `\`${kind}\` is a Kubernetes object, not an intent`,
    label: "not of plumbline.dev",
    help: "move it out of the paths of `spec.intents`; manifests belong under `spec.workloads`",
  },
  "ambiguous-workload": {
    severity: "error",
    message: ({ namespace, name, candidates }: { namespace: string; name: string; candidates: string }) =>
      `several workloads of namespace \`${namespace}\` are called \`${name}\`: ${candidates}`,
    label: "names no `kind`",
  },
  duplicate: {
    severity: "error",
    message: ({ kind, name }: { kind: string; name: string }) => `two ${kind}s are called \`${name}\``,
    label: "the second one",
    help: "rename one of them",
  },
  secret: {
    severity: "error",
    message: ({ what }: { what: string }) => `${what} stands here in plain text`,
    label: "key material",
    help: "put it in a Secret and name that: `privateKeyFrom: {secret: …, key: …}`; then create a new key, because this one is in git",
  },
  "unknown-cluster": {
    severity: "error",
    message: ({ name }: { name: string }) => `no cluster is called \`${name}\``,
    label: "not a cluster of the project",
  },
  "no-target": {
    severity: "error",
    message: ({ kind }: { kind: string }) => `a ${kind} is for every target, so \`target\` has no effect on it`,
    label: "has no effect here",
    help: "leave it out; `target` belongs to a cluster of plumbline.yaml or to a network",
  },
  "same-everywhere": {
    severity: "error",
    message: ({ key }: { key: string }) => `\`${key}\` cannot differ by cluster`,
    label: "has no effect here",
    help: "write it once, in `spec`",
  },
  "former-name-in-use": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is still the name of another intent`,
    label: "still in use",
  },
  "unknown-reference": {
    severity: "error",
    message: ({ kind, name }: { kind: string; name: string }) => `no ${kind} is called \`${name}\``,
    label: "does not exist",
  },
  "not-in-cluster": {
    severity: "error",
    message: ({ kind, name, cluster }: { kind: string; name: string; cluster: string }) =>
      `${kind} \`${name}\` does not hold in cluster \`${cluster}\`, but this intent does`,
    label: ({ cluster }: { kind: string; name: string; cluster: string }) => `not in ${cluster}`,
    help: "name the same clusters in both",
  },
});
