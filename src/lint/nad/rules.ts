import { defineRules } from "../../diagnostics/rules.ts";

interface Problem {
  readonly problem: string;
}

const problem = ({ problem: text }: Problem) => text;

/** Severity is by effect: the pod does not start, or nothing says that it was ignored, or it is a matter of style. */
export const nadRules = defineRules("nad", {
  "misspelt-kind": {
    severity: "error",
    message: ({ kind }: { kind: string }) => `no kind is called \`${kind}\``,
    label: "the API server refuses it",
    help: "write `NetworkAttachmentDefinition`",
  },
  "wrong-api-version": {
    severity: "error",
    message: ({ kind, version }: { kind: string; version: string }) =>
      version === "" ? `${kind} has no \`apiVersion\`` : `${kind} is not in \`${version}\``,
    label: "the API server refuses it",
    help: ({ kind }: { kind: string }) =>
      kind === "MultiNetworkPolicy" ? "write `k8s.cni.cncf.io/v1beta1`" : "write `k8s.cni.cncf.io/v1`",
  },
  "unknown-field": {
    severity: "warning",
    message: ({ key, where }: { key: string; where: string }) => `${where} has no field \`${key}\``,
    label: "dropped by the API server",
  },
  "config-not-text": {
    severity: "error",
    message: () => "`spec.config` is no text, but JSON within a text is what it takes",
    label: "the API server refuses it",
    help: "write `config: |` and the JSON below it, deeper",
  },
  "empty-config": {
    severity: "note",
    message: () => "the network has no configuration: Multus looks for one of that name in the node's files",
    label: "no `spec.config`",
  },
  "config-not-json": {
    severity: "error",
    message: ({ what }: { what: string }) => `the configuration is no JSON: ${what}`,
    label: "no pod on this network starts",
  },
  "duplicate-key": {
    severity: "warning",
    message: ({ key }: { key: string }) => `\`${key}\` is here twice, and the last one counts`,
    label: "the second time",
  },
  "without-type": {
    severity: "error",
    message: ({ where }: { where: string }) => `${where} has neither \`type\` nor \`plugins\``,
    label: "which plugin?",
  },
  "type-and-plugins": {
    severity: "warning",
    message: ({ type }: { type: string }) => `with \`type: ${type}\` beside it, \`plugins\` is ignored`,
    label: "never read",
    help: "delete the `type` beside it",
  },
  "unknown-plugin": {
    severity: "error",
    message: ({ type }: { type: string }) => `no CNI plugin is called \`${type}\``,
    label: "no such program on the nodes",
  },
  "wrong-role": {
    severity: "error",
    message: problem,
    label: "not what this plugin is for",
  },
  "chained-alone": {
    severity: "error",
    message: ({ type }: { type: string }) => `\`${type}\` changes what another plugin made, and none stands before it`,
    label: "nothing to work on",
    help: "put it behind the plugin that attaches the pod",
  },
  "bad-name": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is no name of a network`,
    label: "the plugin refuses it",
    help: "a letter or digit, then letters, digits, `_`, `.` and `-`",
  },
  "other-name": {
    severity: "note",
    message: ({ inner, outer }: { inner: string; outer: string }) =>
      `the network is called \`${outer}\` outside and \`${inner}\` inside`,
    label: "plugins keep their records under this name",
  },
  "overwritten-by-list": {
    severity: "note",
    message: ({ key }: { key: string }) => `\`${key}\` of a plugin is overwritten by that of the list`,
    label: "has no effect",
  },
  "no-cni-version": {
    severity: "warning",
    message: () =>
      "without `cniVersion` plugins speak version 0.1.0: one address a family, and no interface in the status",
    label: "no `cniVersion`",
    help: 'write `"cniVersion": "1.0.0"`, or "0.3.1" for old nodes',
  },
  "unknown-cni-version": {
    severity: "error",
    message: ({ version }: { version: string }) => `there is no version \`${version}\` of CNI`,
    label: "the plugin refuses it",
  },
  "old-cni-version": {
    severity: "error",
    message: ({ type, lowest, version }: { type: string; lowest: string; version: string }) =>
      `\`${type}\` speaks CNI ${lowest} and later, and this network ${version}`,
    label: "the plugin refuses it",
    help: ({ lowest }: { lowest: string }) =>
      `write \`"cniVersion": "${lowest === "0.4.0" ? "1.0.0" : "0.4.0"}"\` or later`,
  },
  "unknown-key": {
    severity: "warning",
    message: problem,
    label: "silently ignored",
  },
  "key-case": { severity: "note", message: problem, label: "works only because Go ignores case" },
  "internal-key": { severity: "note", message: problem, label: "overwritten by the plugin" },
  "runtime-key": { severity: "warning", message: problem, label: "overwritten when the pod starts" },
  "no-effect": { severity: "note", message: problem, label: "has no effect here" },
  "deprecated-key": { severity: "note", message: problem, label: "out of use" },
  "wrong-type": { severity: "error", message: problem, label: "the plugin cannot read it" },
  "out-of-range": { severity: "error", message: problem, label: "the plugin refuses it" },
  "unknown-value": { severity: "error", message: problem, label: "the plugin refuses it" },
  "ignored-value": { severity: "warning", message: problem, label: "taken for something else" },
  "bad-format": { severity: "error", message: problem, label: "the plugin refuses it" },
  "multicast-mac": { severity: "error", message: problem, label: "the kernel refuses it" },
  "missing-key": { severity: "error", message: problem, label: "the plugin refuses it without" },
  "no-vlan-id": {
    severity: "warning",
    message: () => "without `vlanId` the link is that of VLAN 0: its traffic is not in any VLAN",
    label: "which VLAN?",
  },
  contradiction: { severity: "error", message: problem, label: "the plugin refuses it" },
  "long-interface": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is longer than the 15 characters that a link's name may have`,
    label: "no link can have this name",
  },
  "no-resource": {
    severity: "error",
    message: ({ type }: { type: string }) => `a network of \`${type}\` says which device it takes its ports from`,
    label: "no device is given to the pod",
    help: "set the annotation `k8s.v1.cni.cncf.io/resourceName`",
  },
  "ipam-required": {
    severity: "error",
    message: ({ type }: { type: string }) => `\`${type}\` needs \`ipam\``,
    label: "no addresses: the plugin refuses it",
  },
  "ipam-without-type": {
    severity: "warning",
    message: () => "`ipam` has no `type`, so it is not read: the pod gets no address",
    label: "which address plugin?",
  },
  "ipvlan-dhcp": {
    severity: "error",
    message: () => "links of an ipvlan share one MAC address, so DHCP cannot tell them apart",
    label: "no pod gets an address",
    help: "use macvlan, or `whereabouts`",
  },
  "no-range": {
    severity: "error",
    message: ({ type, key }: { type: string; key: string }) =>
      `\`${type}\` has no \`${key}\` to give out addresses from`,
    label: "no addresses",
  },
  "bad-subnet": { severity: "error", message: problem, label: "the plugin refuses it" },
  "outside-subnet": { severity: "error", message: problem, label: "outside" },
  "ranges-overlap": { severity: "error", message: problem, label: "overlaps" },
  "gateway-outside": {
    severity: "warning",
    message: ({ gateway, subnet }: { gateway: string; subnet: string }) => `the gateway ${gateway} is not in ${subnet}`,
    label: "cannot be reached",
  },
  "gateway-in-pool": {
    severity: "warning",
    message: ({ gateway }: { gateway: string }) => `the gateway ${gateway} is among the addresses that pods are given`,
    label: "a pod may get this address",
  },
  "route-host-bits": {
    severity: "error",
    message: ({ dst, meant }: { dst: string; meant: string }) =>
      `the route to ${dst} has host bits; the network is ${meant}`,
    label: "the kernel refuses it",
    help: ({ meant }: { meant: string }) => `write \`${meant}\``,
  },
  "ovn-refuses": { severity: "error", message: problem, label: "OVN-Kubernetes refuses it" },
  "kube-ovn-provider": {
    severity: "error",
    message: ({ provider, wanted }: { provider: string; wanted: string }) =>
      `the provider of this network is \`${wanted}\`, not \`${provider}\``,
    label: "another network's, or none",
  },
  "defined-twice": {
    severity: "warning",
    message: ({ name }: { name: string }) => `network \`${name}\` is defined twice, and differently`,
    label: "the one applied last wins",
  },
  "ovn-name-differs": {
    severity: "error",
    message: ({ name, key }: { name: string; key: string }) =>
      `two networks are both \`${name}\` for OVN-Kubernetes, but differ in \`${key}\``,
    label: "the same network, otherwise",
  },
  "overlapping-pools": {
    severity: "warning",
    message: ({ a, b, range }: { a: string; b: string; range: string }) =>
      `networks \`${a}\` and \`${b}\` give out ${range} on the same link, each without knowing of the other`,
    label: "two pods may get one address",
  },
  "same-vlan": {
    severity: "note",
    message: ({ a, b, link }: { a: string; b: string; link: string }) =>
      `networks \`${a}\` and \`${b}\` are both on ${link}: their pods are not apart`,
    label: "the same network underneath",
  },
  "one-address": {
    severity: "warning",
    message: ({ network, what, several }: { network: string; what: string; several: string }) =>
      `network \`${network}\` gives every pod the same ${what}, and ${several}`,
    label: "one for all pods",
    help: "give the network a pool, or let each pod ask with `ips`",
  },
  "one-pod-link": {
    severity: "warning",
    message: ({ network, link, several }: { network: string; link: string; several: string }) =>
      `${link} of network \`${network}\` can be in one pod of a node, and ${several}`,
    label: "a second pod does not start",
    help: "use macvlan or `bridge` where pods share a link",
  },
  "pool-too-small": {
    severity: "warning",
    message: ({ network, addresses, pods }: { network: string; addresses: string; pods: string }) =>
      `network \`${network}\` has ${addresses} for ${pods}`,
    label: "too few addresses",
    help: "make the range larger, or run fewer pods",
  },
  "pool-without-surge": {
    severity: "warning",
    message: ({
      network,
      addresses,
      pods,
      surge,
    }: {
      network: string;
      addresses: string;
      pods: string;
      surge: number;
    }) => `network \`${network}\` has ${addresses} for ${pods} and ${surge} more during a rollout, which never ends`,
    label: "too few addresses for a rollout",
  },
  "two-links": {
    severity: "error",
    message: ({ first, type }: { first: string; type: string }) =>
      `\`${type}\` makes a second interface behind \`${first}\`, and all plugins of a list get one interface name`,
    label: "the name is taken",
    help: "write a network of its own for the second interface",
  },
  "node-slices": {
    severity: "error",
    message: problem,
    label: "no addresses are given",
  },
  "tagged-twice": {
    severity: "warning",
    message: ({ vlan, link }: { vlan: number; link: string }) =>
      `VLAN ${vlan} on \`${link}\`, which is in a VLAN already: its packets are tagged twice`,
    label: "two tags",
    help: "name the link below it, if one tag is enough",
  },
  "mtu-above-link": {
    severity: "error",
    message: ({ mtu, link, most }: { mtu: number; link: string; most: number }) =>
      `an MTU of ${mtu} is above that of \`${link}\`, which is ${most}`,
    label: "the plugin refuses it",
    help: ({ most }: { most: number }) => `write ${most} or less, or give the link of the nodes a larger MTU`,
  },
  "one-ovn-network": {
    severity: "note",
    message: ({ name, namespaces }: { name: string; namespaces: string }) =>
      `\`${name}\` is one network for OVN-Kubernetes: pods of ${namespaces} are together on it`,
    label: "the same network",
    help: "give each network a `name` of its own where the namespaces are to be apart",
  },
  "platform-range": {
    severity: "warning",
    message: ({ subnet, range, use }: { subnet: string; range: string; use: string }) =>
      `${subnet} overlaps ${range}, the ${use}`,
    label: "kept by the platform",
    help: "choose another subnet",
  },
  "default-range": {
    severity: "note",
    message: ({ subnet, range, use }: { subnet: string; range: string; use: string }) =>
      `${subnet} overlaps ${range}, the ${use}`,
    label: "the cluster may use this range itself",
    help: "choose another subnet, unless this cluster has other ranges",
  },
  "one-node-pool": {
    severity: "warning",
    message: ({ workload, several }: { workload: string; several: string }) =>
      `\`host-local\` knows only its own node, and ${workload} ${several}: two pods may get one address`,
    label: "counted on each node apart",
    help: "use `whereabouts`, or a range for each node",
  },
});
