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
    message: ({ key }: { key: string }) => `no program reads an annotation \`${key}\``,
    label: "silently ignored",
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
  "unknown-key": { severity: "warning", message: problem, label: "silently ignored" },
  "duplicate-key": {
    severity: "warning",
    message: ({ key }: { key: string }) => `\`${key}\` is here twice, and the last one counts`,
    label: "the second time",
    help: "delete one of the two",
  },
  "key-case": { severity: "note", message: problem, label: "works only because Go ignores case" },
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
  "fixed-during-rollout": {
    severity: "note",
    message: ({ object, what }: { object: string; what: string }) =>
      `during a rollout ${object} has two pods, and both have the same ${what}`,
    label: "the new pod before the old ends",
    help: "set `strategy: {type: Recreate}` in the Deployment",
  },
  "address-twice": {
    severity: "warning",
    message: ({ address, a, b }: { address: string; a: string; b: string }) => `${a} and ${b} both ask for ${address}`,
    label: "one address, two workloads",
    help: "give each an address of its own",
  },
  "address-outside": {
    severity: "error",
    message: problem,
    label: "the pod does not start",
    help: "ask for an address of the network, or for none",
  },
  "ips-beside-pool": {
    severity: "warning",
    message: ({ address, more }: { address: string; more: string }) =>
      `\`whereabouts\` gives the pod a second address, and does not reserve ${address}${more}`,
    label: "set besides, and not reserved",
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
    label: "cannot be reached",
    help: "name a gateway on the network",
  },
  "route-outside": {
    severity: "warning",
    message: ({ gateway, subnet }: { gateway: string; subnet: string }) =>
      `the network has a route over ${gateway}, which is not in ${subnet}`,
    label: "cannot be reached",
    help: "ask for an address in the subnet of the network's gateway",
  },
  "two-default-routes": {
    severity: "warning",
    message: ({ a, b, family }: { a: string; b: string; family: number }) =>
      `networks \`${a}\` and \`${b}\` both bring a default route for IPv${family}`,
    label: "one of the two is lost",
    help: "keep the route in one of the networks, or put `sbr` behind their plugins",
  },
  "bond-link": {
    severity: "error",
    message: ({ bond, link, why }: { bond: string; link: string; why: string }) =>
      `network \`${bond}\` bonds interface \`${link}\`, and ${why}`,
    label: "the pod does not start",
    help: "name the networks of the bond before it, each with its interface: `net-a@net1,net-b@net2,bond@bond0`",
  },
  "not-text": {
    severity: "error",
    message: ({ key, what }: { key: string; what: string }) => `an annotation is text, and \`${key}\` is ${what}`,
    label: "the API server refuses it",
    help: ({ what }: { what: string }) =>
      what === "a list" || what === "an object"
        ? "write it as text: `|` behind the key, and JSON below"
        : "put it in quotes",
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
    label: "silently ignored",
  },
});
