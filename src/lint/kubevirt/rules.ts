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
    message: ({ name }: { name: string }) => `network \`${name}\` does not name its NetworkAttachmentDefinition`,
    label: "KubeVirt refuses it",
    help: "set `multus.networkName`",
  },
  "several-defaults": {
    severity: "error",
    message: () => "a virtual machine can have only one default network",
    label: "KubeVirt refuses it",
  },
  "name-twice": {
    severity: "error",
    message: ({ name, what }: { name: string; what: string }) => `two ${what} of the machine have the name \`${name}\``,
    label: "KubeVirt refuses it",
    help: "use different names",
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
    help: "write `masquerade: {}` for the pod network, `bridge: {}` for a Multus network",
  },
  "discontinued-binding": {
    severity: "warning",
    message: ({ binding }: { binding: string }) => `KubeVirt v1.3 removed the binding \`${binding}\``,
    label: "refused since v1.3",
    help: "use `masquerade`, `bridge`, or a binding plugin",
  },
  "no-device": {
    severity: "error",
    message: ({ network, type }: { network: string; type: string }) =>
      `\`sriov\` needs a device, and network \`${network}\` of plugin \`${type}\` has none`,
    label: "the machine does not start",
    help: "write `bridge: {}`, or name an SR-IOV network",
  },
  "not-migratable": {
    severity: "warning",
    message: () =>
      "a machine with `bridge` on the pod network cannot migrate, but its eviction strategy requires migration",
    label: "blocks the drain of its node",
    help: "write `masquerade: {}`",
  },
  "bad-mac": {
    severity: "error",
    message: ({ mac }: { mac: string }) => `\`${mac}\` is not a valid MAC address for a machine`,
    label: "KubeVirt refuses it",
  },
  "bridge-on-macvlan": {
    severity: "warning",
    message: ({ network, type }: { network: string; type: string }) =>
      `network \`${network}\` is a ${type}, which drops frames with the MAC address of the machine`,
    label: "the machine has no connection",
    help: "use a network of plugin `bridge` or `ovn-k8s-cni-overlay`",
  },
});
