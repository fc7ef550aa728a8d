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
