import { defineRules } from "../../diagnostics/rules.ts";

interface Problem {
  readonly problem: string;
}

const problem = ({ problem: text }: Problem) => text;

/** What Multus reads on pods, and what it makes of it. */
export const annotationRules = defineRules("annotation", {
  "wrong-place": {
    severity: "warning",
    message: ({ object }: { object: string }) => `the networks are asked for on ${object} itself, and not on its pods`,
    label: "Multus never looks here",
  },
  "misspelt-key": {
    severity: "warning",
    message: ({ key }: { key: string }) => `nobody reads an annotation \`${key}\``,
    label: "ignored without a word",
    help: ({ meant }: { meant: string }) => `write \`${meant}\``,
  },
  "not-json": {
    severity: "error",
    message: ({ what }: { what: string }) => `the list of networks is no JSON: ${what}`,
    label: "the pod does not start",
  },
  "not-a-list": {
    severity: "error",
    message: () => "the networks are no list of objects",
    label: "the pod does not start",
    help: "put `[` and `]` around it",
  },
  "empty-element": {
    severity: "error",
    message: () => "an element of the list is empty",
    label: "a network without a name",
    help: "delete the comma",
  },
  "bad-short-form": {
    severity: "error",
    message: problem,
    label: "the pod does not start",
  },
  "without-name": {
    severity: "error",
    message: () => "an element names no network",
    label: "which network?",
    help: "add `name`",
  },
  "namespace-in-name": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `no network is called \`${name}\`: here the namespace has a key of its own`,
    label: "not found when the pod starts",
  },
  "unknown-key": { severity: "warning", message: problem, label: "ignored without a word" },
  "key-case": { severity: "note", message: problem, label: "read only because Go is lenient" },
  "deprecated-key": { severity: "note", message: problem, label: "out of use" },
  "wrong-type": { severity: "error", message: problem, label: "the pod does not start" },
  "out-of-range": { severity: "error", message: problem, label: "refused" },
  "unknown-value": { severity: "error", message: problem, label: "refused" },
  "bad-format": { severity: "error", message: problem, label: "the pod does not start" },
  "multicast-mac": { severity: "error", message: problem, label: "the kernel refuses it" },
  "bad-interface": {
    severity: "error",
    message: problem,
    label: "the pod does not start",
  },
  "interface-twice": {
    severity: "error",
    message: ({ name }: { name: string }) => `two networks of a pod are both \`${name}\``,
    label: "the name is taken",
  },
  "several-default-routes": {
    severity: "error",
    message: ({ family }: { family: number }) => `a pod has one default route for IPv${family}, and this is the second`,
    label: "Multus refuses the pod",
  },
  "several-default-networks": {
    severity: "error",
    message: () => "a pod has one default network",
    label: "Multus refuses the pod",
  },
  "claim-and-ips": {
    severity: "warning",
    message: () => "`ips` and `ipam-claim-reference` exclude each other",
    label: "one of the two",
  },
  "host-network": {
    severity: "warning",
    message: ({ object }: { object: string }) => `${object} is on the node's own network, so it is given no other`,
    label: "never read",
  },
  "fixed-address-shared": {
    severity: "warning",
    message: ({ object, count }: { object: string; count: string }) =>
      `${object} runs ${count}, and all of them ask for the same address`,
    label: "one address, several pods",
  },
  "network-elsewhere": {
    severity: "error",
    message: ({ name, namespace, other }: { name: string; namespace: string; other: string }) =>
      `namespace \`${namespace}\` has no network \`${name}\`: it is in \`${other}\``,
    label: "not found when the pod starts",
  },
  "network-not-found": {
    severity: "warning",
    message: ({ name }: { name: string }) => `no network here is called \`${name}\``,
    label: "where is it defined?",
  },
  "no-address": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `network \`${network}\` has no addresses of its own, and the pod asks for none`,
    label: "the pod does not start",
    help: "ask for addresses with `ips`",
  },
  "no-prefix": {
    severity: "error",
    message: ({ address }: { address: string }) => `\`${address}\` has no prefix length, which \`static\` needs`,
    label: "the pod does not start",
  },
  "no-device-request": {
    severity: "note",
    message: ({ resource, network }: { resource: string; network: string }) =>
      `network \`${network}\` gives the pod a device of \`${resource}\`, and no container asks for one`,
    label: "no device, unless an injector asks",
    help: ({ resource }: { resource: string }) => `set \`resources.limits\` of a container: \`${resource}: 1\``,
  },
  "no-capability": {
    severity: "warning",
    message: ({ key, network }: { key: string; network: string }) =>
      `no plugin of network \`${network}\` takes \`${key}\` from the pod`,
    label: "ignored without a word",
  },
});
