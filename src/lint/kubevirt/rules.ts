import { defineRules } from "../../diagnostics/rules.ts";

/** Networks of virtual machines. */
export const kubevirtRules = defineRules("kubevirt", {
  "interface-without-network": {
    severity: "error",
    message: ({ name }: { name: string }) => `interface \`${name}\` has no network of that name`,
    label: "KubeVirt refuses it",
  },
  "network-without-interface": {
    severity: "error",
    message: ({ name }: { name: string }) => `network \`${name}\` has no interface of that name`,
    label: "KubeVirt refuses it",
  },
  "without-network-name": {
    severity: "error",
    message: ({ name }: { name: string }) => `network \`${name}\` is one of Multus, and does not say which`,
    label: "KubeVirt refuses it",
    help: "set `multus.networkName`",
  },
  "several-defaults": {
    severity: "error",
    message: () => "a virtual machine has one default network",
    label: "KubeVirt refuses it",
  },
  "name-twice": {
    severity: "error",
    message: ({ name, what }: { name: string; what: string }) => `two of the machine's ${what} are called \`${name}\``,
    label: "KubeVirt refuses it",
    help: "give each a name of its own",
  },
  refused: {
    severity: "error",
    message: ({ problem }: { problem: string }) => problem,
    label: "KubeVirt refuses it",
  },
  "no-binding": {
    severity: "warning",
    message: ({ name }: { name: string }) => `interface \`${name}\` has no binding`,
    label: "newer versions refuse it",
    help: "write `masquerade: {}` for the pod network, `bridge: {}` for one of Multus",
  },
  "discontinued-binding": {
    severity: "warning",
    message: ({ binding }: { binding: string }) => `KubeVirt has no binding \`${binding}\` since v1.3`,
    label: "refused since v1.3",
    help: "use `masquerade`, `bridge`, or a binding plugin",
  },
  "no-device": {
    severity: "error",
    message: ({ network, type }: { network: string; type: string }) =>
      `\`sriov\` needs a device, and network \`${network}\` of plugin \`${type}\` brings none`,
    label: "the machine does not start",
    help: "write `bridge: {}`, or name a network of SR-IOV",
  },
  "not-migratable": {
    severity: "warning",
    message: () =>
      "a machine that is bridged onto the pod network cannot be migrated, and its eviction strategy asks for it",
    label: "blocks the drain of its node",
    help: "write `masquerade: {}`",
  },
  "bad-mac": {
    severity: "error",
    message: ({ mac }: { mac: string }) => `\`${mac}\` is no MAC address that a machine can have`,
    label: "KubeVirt refuses it",
  },
  "bridge-on-macvlan": {
    severity: "warning",
    message: ({ network, type }: { network: string; type: string }) =>
      `network \`${network}\` is a ${type}, which passes only the MAC address of its own link, and not the machine's`,
    label: "nothing reaches the machine",
    help: "use a network of `bridge`, or one of `ovn-k8s-cni-overlay`",
  },
});
