import { defineRules } from "../../diagnostics/rules.ts";

interface Problem {
  readonly problem: string;
}

const problem = ({ problem: text }: Problem) => text;

/** What Multus reads on pods, and what it makes of it. */
export const annotationRules = defineRules("annotation", {
  "wrong-place": {
    severity: "warning",
    message: ({ object }: { object: string }) => `the annotation is on ${object} itself, and not on its pods`,
    label: "Multus does not read it here",
  },
  "misspelt-key": {
    severity: "warning",
    message: ({ key }: { key: string }) => `no component reads an annotation \`${key}\``,
    label: "silently ignored",
    help: ({ meant }: { meant: string }) => `write \`${meant}\``,
  },
  "not-json": {
    severity: "error",
    message: ({ what }: { what: string }) => `the list of networks is not valid JSON: ${what}`,
    label: "the pod does not start",
  },
  "not-a-list": {
    severity: "error",
    message: () => "the value is not a list of objects",
    label: "the pod does not start",
    help: "put `[` and `]` around it",
  },
  "empty-element": {
    severity: "error",
    message: () => "an element of the list is empty",
    label: "network without a name",
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
      `\`${name}\` is not a network name: in JSON the namespace is a separate key`,
    label: "not found when the pod starts",
  },
  "unknown-key": { severity: "warning", message: problem, label: "silently ignored" },
  "duplicate-key": {
    severity: "warning",
    message: ({ key }: { key: string }) =>
      `key \`${key}\` occurs twice in one element, and only the last value is used`,
    label: "second occurrence",
    help: "delete one of the two",
  },
  "key-case": { severity: "note", message: problem, label: "works only because Go ignores the case" },
  "deprecated-key": { severity: "note", message: problem, label: "deprecated" },
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
    message: ({ name }: { name: string }) => `two networks of a pod use the interface name \`${name}\``,
    label: "the interface name exists already",
  },
  "several-default-routes": {
    severity: "error",
    message: ({ family }: { family: number }) =>
      `a pod can have one default route for IPv${family}, and this is the second`,
    label: "Multus refuses the pod",
  },
  "several-default-networks": {
    severity: "error",
    message: () => "a pod can have only one default network",
    label: "Multus refuses the pod",
  },
  "claim-and-ips": {
    severity: "warning",
    message: () => "`ips` and `ipam-claim-reference` cannot be used together",
    label: "use one of them",
  },
  "host-network": {
    severity: "warning",
    message: ({ object }: { object: string }) => `${object} uses the network of the node, so Multus adds no other`,
    label: "never read",
  },
  "fixed-address-shared": {
    severity: "warning",
    message: ({ object, count }: { object: string; count: string }) =>
      `${object} runs ${count}, and all of them request the same address`,
    label: "one address, several pods",
  },
  "fixed-during-rollout": {
    severity: "note",
    message: ({ object, what }: { object: string; what: string }) =>
      `during a rollout ${object} has two pods, and both have the same ${what}`,
    label: "old and new pod run together",
    help: "set `strategy: {type: Recreate}` in the Deployment",
  },
  "address-twice": {
    severity: "warning",
    message: ({ address, a, b }: { address: string; a: string; b: string }) => `${a} and ${b} both request ${address}`,
    label: "one address, two workloads",
    help: "give each an address of its own",
  },
  "address-outside": {
    severity: "error",
    message: problem,
    label: "the pod does not start",
    help: "request an address of the network, or none",
  },
  "ips-beside-pool": {
    severity: "warning",
    message: ({ address, more }: { address: string; more: string }) =>
      `\`whereabouts\` allocates a second address for the pod, and does not reserve ${address}${more}`,
    label: "set in addition, and not reserved",
  },
  "ips-ignored": {
    severity: "warning",
    message: ({ network, why }: { network: string; why: string }) =>
      `network \`${network}\` does not read \`ips\`: ${why}`,
    label: "silently ignored",
    help: 'delete `ips`, or give the network `"ipam": {"type": "static"}`',
  },
  "mac-ignored": {
    severity: "warning",
    message: ({ network, why }: { network: string; why: string }) =>
      `network \`${network}\` does not read \`mac\`: ${why}`,
    label: "silently ignored",
  },
  "default-route-outside": {
    severity: "warning",
    message: ({ gateway, subnet }: { gateway: string; subnet: string }) =>
      `the next hop ${gateway} is not in ${subnet}, the subnet of the network`,
    label: "unreachable",
    help: "name a gateway on the network",
  },
  "route-outside": {
    severity: "warning",
    message: ({ gateway, subnet }: { gateway: string; subnet: string }) =>
      `the network has a route via ${gateway}, which is not in ${subnet}`,
    label: "unreachable",
    help: "request an address in the subnet of the gateway",
  },
  "two-default-routes": {
    severity: "warning",
    message: ({ a, b, family }: { a: string; b: string; family: number }) =>
      `networks \`${a}\` and \`${b}\` both add a default route for IPv${family}`,
    label: "one of the two has no effect",
    help: "keep the route in one of the networks, or add the plugin `sbr` to both",
  },
  "bond-link": {
    severity: "error",
    message: ({ bond, link, why }: { bond: string; link: string; why: string }) =>
      `network \`${bond}\` bonds interface \`${link}\`, and ${why}`,
    label: "the pod does not start",
    help: "list the networks of the bond before it, each with its interface: `net-a@net1,net-b@net2,bond@bond0`",
  },
  "not-text": {
    severity: "error",
    message: ({ key, what }: { key: string; what: string }) => `an annotation is a string, and \`${key}\` is ${what}`,
    label: "the API server refuses it",
    help: ({ what }: { what: string }) =>
      what === "a list" || what === "an object"
        ? "write it as a string: `|` after the key, and JSON below"
        : "put it in quotes",
  },
  "network-elsewhere": {
    severity: "error",
    message: ({ name, namespace, other }: { name: string; namespace: string; other: string }) =>
      `namespace \`${namespace}\` has no network \`${name}\`: the network is in \`${other}\``,
    label: "not found when the pod starts",
  },
  "network-not-found": {
    severity: "warning",
    message: ({ name }: { name: string }) => `these files define no network \`${name}\``,
    label: "not defined here",
  },
  "no-address": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `network \`${network}\` defines no addresses, and the pod requests none`,
    label: "the pod does not start",
    help: "request addresses with `ips`",
  },
  "no-prefix": {
    severity: "error",
    message: ({ address }: { address: string }) => `\`${address}\` has no prefix length, which \`static\` needs`,
    label: "the pod does not start",
  },
  "no-device-request": {
    severity: "note",
    message: ({ resource, network }: { resource: string; network: string }) =>
      `network \`${network}\` uses a device of \`${resource}\`, and no container requests one`,
    label: "no device, unless an injector requests it",
    help: ({ resource }: { resource: string }) => `set \`resources.limits\` of a container: \`${resource}: 1\``,
  },
  "no-capability": {
    severity: "warning",
    message: ({ key, network }: { key: string; network: string }) =>
      `no plugin of network \`${network}\` reads \`${key}\` of the pod`,
    label: "silently ignored",
  },
});
