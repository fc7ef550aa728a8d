import { defineRules } from "../../diagnostics/rules.ts";

interface Problem {
  readonly problem: string;
}

const problem = ({ problem: text }: Problem) => text;

/** Severity is by effect: the pod does not start, or nothing says that it was ignored, or it is a matter of style. */
export const nadRules = defineRules("nad", {
  "misspelt-kind": {
    severity: "error",
    message: ({ kind }: { kind: string }) => `\`${kind}\` is not a kind of this API group`,
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
    message: () => "`spec.config` is an object, and must be a string that contains JSON",
    label: "the API server refuses it",
    help: "write `config: |`, and the JSON on indented lines below it",
  },
  "empty-config": {
    severity: "note",
    message: () => "the network has no configuration: Multus searches the files of the node for one of that name",
    label: "no `spec.config`",
  },
  "config-not-json": {
    severity: "error",
    message: ({ what }: { what: string }) => `the configuration is not valid JSON: ${what}`,
    label: "no pod on this network starts",
  },
  "duplicate-key": {
    severity: "warning",
    message: ({ key }: { key: string }) => `key \`${key}\` occurs twice in one object, and only the last value is used`,
    label: "second occurrence",
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
    message: ({ type }: { type: string }) => `\`${type}\` is not a known CNI plugin`,
    label: "no such plugin on the nodes",
  },
  "wrong-role": {
    severity: "error",
    message: problem,
    label: "wrong place for this plugin",
  },
  "chained-alone": {
    severity: "error",
    message: ({ type }: { type: string }) =>
      `\`${type}\` changes the interface of another plugin, and there is no plugin before it`,
    label: "no interface to change",
    help: "put it after the plugin that attaches the pod",
  },
  "bad-name": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is not a valid network name`,
    label: "the plugin refuses it",
    help: "a letter or digit, then letters, digits, `_`, `.` and `-`",
  },
  "other-name": {
    severity: "note",
    message: ({ inner, outer }: { inner: string; outer: string }) =>
      `the object has the name \`${outer}\`, and its configuration the name \`${inner}\``,
    label: "plugins store allocations under this name",
  },
  "overwritten-by-list": {
    severity: "note",
    message: ({ key }: { key: string }) => `\`${key}\` of the list replaces \`${key}\` of the plugin`,
    label: "has no effect",
  },
  "no-cni-version": {
    severity: "warning",
    message: () =>
      "without `cniVersion` plugins use version 0.1.0: one address per family, and no interface in the status",
    label: "no `cniVersion`",
    help: 'write `"cniVersion": "1.0.0"`, or "0.3.1" for old nodes',
  },
  "unknown-cni-version": {
    severity: "error",
    message: ({ version }: { version: string }) => `\`${version}\` is not a CNI version`,
    label: "the plugin refuses it",
  },
  "old-cni-version": {
    severity: "error",
    message: ({ type, lowest, version }: { type: string; lowest: string; version: string }) =>
      `\`${type}\` needs CNI ${lowest} or later, and this network uses ${version}`,
    label: "the plugin refuses it",
    help: ({ lowest }: { lowest: string }) =>
      `write \`"cniVersion": "${lowest === "0.4.0" ? "1.0.0" : "0.4.0"}"\` or later`,
  },
  "unknown-key": {
    severity: "warning",
    message: problem,
    label: "silently ignored",
  },
  "key-case": { severity: "note", message: problem, label: "works only because Go ignores the case" },
  "internal-key": { severity: "note", message: problem, label: "overwritten by the plugin" },
  "runtime-key": { severity: "warning", message: problem, label: "overwritten when the pod starts" },
  "no-effect": { severity: "note", message: problem, label: "has no effect here" },
  "deprecated-key": { severity: "note", message: problem, label: "deprecated" },
  "wrong-type": { severity: "error", message: problem, label: "the plugin cannot read it" },
  "out-of-range": { severity: "error", message: problem, label: "the plugin refuses it" },
  "unknown-value": { severity: "error", message: problem, label: "the plugin refuses it" },
  "ignored-value": { severity: "warning", message: problem, label: "the plugin uses another value" },
  "bad-format": { severity: "error", message: problem, label: "the plugin refuses it" },
  "multicast-mac": { severity: "error", message: problem, label: "the kernel refuses it" },
  "missing-key": { severity: "error", message: problem, label: "the plugin needs it" },
  "no-vlan-id": {
    severity: "warning",
    message: () => "without `vlanId` the link uses VLAN 0, so its traffic has no VLAN",
    label: "which VLAN?",
  },
  contradiction: { severity: "error", message: problem, label: "the plugin refuses it" },
  "long-interface": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` has more than 15 characters, the limit for interface names`,
    label: "name too long",
  },
  "no-resource": {
    severity: "error",
    message: ({ type }: { type: string }) => `a network of \`${type}\` must name the device resource for its pods`,
    label: "the pod gets no device",
    help: "set the annotation `k8s.v1.cni.cncf.io/resourceName`",
  },
  "ipam-required": {
    severity: "error",
    message: ({ type }: { type: string }) => `\`${type}\` needs \`ipam\``,
    label: "the plugin refuses it",
  },
  "ipam-without-type": {
    severity: "warning",
    message: () => "`ipam` has no `type`, so the plugin ignores it: the pod gets no address",
    label: "which address plugin?",
  },
  "ipvlan-dhcp": {
    severity: "error",
    message: () => "all ipvlan interfaces of a link have one MAC address, so DHCP cannot distinguish them",
    label: "no pod gets an address",
    help: "use macvlan, or `whereabouts`",
  },
  "no-range": {
    severity: "error",
    message: ({ type, key }: { type: string; key: string }) =>
      `\`${type}\` has no \`${key}\` to allocate addresses from`,
    label: "no addresses",
  },
  "bad-subnet": { severity: "error", message: problem, label: "the plugin refuses it" },
  "outside-subnet": { severity: "error", message: problem, label: "outside" },
  "ranges-overlap": { severity: "error", message: problem, label: "overlaps" },
  "gateway-outside": {
    severity: "warning",
    message: ({ gateway, subnet }: { gateway: string; subnet: string }) => `the gateway ${gateway} is not in ${subnet}`,
    label: "unreachable",
  },
  "gateway-in-pool": {
    severity: "warning",
    message: ({ gateway }: { gateway: string }) =>
      `the gateway ${gateway} is in the range that pods get addresses from`,
    label: "a pod may get this address",
  },
  "route-host-bits": {
    severity: "error",
    message: ({ dst, meant }: { dst: string; meant: string }) =>
      `the route to ${dst} has host bits set; the network is ${meant}`,
    label: "the kernel refuses it",
    help: ({ meant }: { meant: string }) => `write \`${meant}\``,
  },
  "ovn-refuses": { severity: "error", message: problem, label: "OVN-Kubernetes refuses it" },
  "kube-ovn-provider": {
    severity: "error",
    message: ({ provider, wanted }: { provider: string; wanted: string }) =>
      `the provider of this network is \`${wanted}\`, not \`${provider}\``,
    label: "not this network",
  },
  "defined-twice": {
    severity: "warning",
    message: ({ name }: { name: string }) => `network \`${name}\` has two different definitions`,
    label: "the definition applied last is used",
  },
  "ovn-name-differs": {
    severity: "error",
    message: ({ name, key }: { name: string; key: string }) =>
      `OVN-Kubernetes reads two definitions of network \`${name}\`, and they differ in \`${key}\``,
    label: "differs from the other definition",
  },
  "overlapping-pools": {
    severity: "warning",
    message: ({ a, b, range }: { a: string; b: string; range: string }) =>
      `networks \`${a}\` and \`${b}\` both allocate ${range} on the same link, independently of each other`,
    label: "two pods may get one address",
  },
  "same-vlan": {
    severity: "note",
    message: ({ a, b, link }: { a: string; b: string; link: string }) =>
      `networks \`${a}\` and \`${b}\` both use ${link}: their pods are not isolated from each other`,
    label: "the same layer-2 network",
  },
  "one-address": {
    severity: "warning",
    message: ({ network, what, several }: { network: string; what: string; several: string }) =>
      `network \`${network}\` gives every pod the same ${what}, and ${several}`,
    label: "one for all pods",
    help: "use an address pool, or request an address for each pod with `ips`",
  },
  "one-pod-link": {
    severity: "warning",
    message: ({ network, link, several }: { network: string; link: string; several: string }) =>
      `only one pod of a node can have ${link} of network \`${network}\`, and ${several}`,
    label: "a second pod does not start",
    help: "use `macvlan` or `bridge` if several pods of a node need the link",
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
    }) =>
      `network \`${network}\` has ${addresses} for ${pods} and ${surge} more during a rollout, so the rollout never ends`,
    label: "too few addresses for a rollout",
  },
  "two-links": {
    severity: "error",
    message: ({ first, type }: { first: string; type: string }) =>
      `\`${type}\` creates a second interface after \`${first}\`, but all plugins of a list use one interface name`,
    label: "the interface name exists already",
    help: "define a separate network for the second interface",
  },
  "node-slices": {
    severity: "error",
    message: problem,
    label: "no addresses are allocated",
  },
  "tagged-twice": {
    severity: "warning",
    message: ({ vlan, link }: { vlan: number; link: string }) =>
      `VLAN ${vlan} on \`${link}\`, which is in a VLAN already: its packets are tagged twice`,
    label: "second VLAN tag",
    help: "name the parent link, if one tag is enough",
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
      `OVN-Kubernetes treats \`${name}\` as one network: pods of ${namespaces} share it`,
    label: "the same network",
    help: "use a different `name` in each namespace to isolate them",
  },
  "platform-range": {
    severity: "warning",
    message: ({ subnet, range, use }: { subnet: string; range: string; use: string }) =>
      `${subnet} overlaps ${range}, the ${use}`,
    label: "reserved by the platform",
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
      `\`host-local\` allocates on each node separately, and ${workload} ${several}: two pods may get the same address`,
    label: "allocates on each node separately",
    help: "use `whereabouts`, or a range for each node",
  },
});
