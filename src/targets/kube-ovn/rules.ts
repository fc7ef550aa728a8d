import { defineRules } from "../../diagnostics/rules.ts";

export const kubeOvnRules = defineRules("kubeovn", {
  "no-resolver": {
    severity: "error",
    message: ({ zone }: { zone: string }) => `pods in the VPC of zone ${zone} do not reach the cluster's resolver`,
    label: "no resolver on an overlay",
    help: "write `podNetwork: {dns: false}`, or keep the zone on a VLAN",
  },
  "no-external-subnet": {
    severity: "error",
    message: ({ zone }: { zone: string }) => `nothing connects the VPC of zone ${zone} to addresses outside`,
    label: "no path out of the VPC",
    help: "name the external subnet in `platform.kubeOvn.externalSubnet`",
  },
  "no-physical-network": {
    severity: "error",
    message: ({ uplink }: { uplink: string }) =>
      `the uplink \`${uplink}\` has no \`physicalNetwork\`, which is its ProviderNetwork's name`,
    label: "`physicalNetwork` is missing",
    help: "add `physicalNetwork:` with at most 12 lower-case letters, digits and dashes",
  },
  "provider-name": {
    severity: "error",
    message: ({ name }: { name: string }) => `a ProviderNetwork cannot be called \`${name}\``,
    label: "its `physicalNetwork`",
    help: "give the uplink a `physicalNetwork` of at most 12 lower-case letters, digits and dashes",
  },
  "policy-not-enforced": {
    severity: "warning",
    message: ({ network, cluster }: { network: string; cluster: string }) =>
      `nothing in cluster \`${cluster}\` enforces policies on ${network}: its members and all its devices can connect to each other`,
    label: "fails open",
    help: "set `platform.kubeOvn.policyFor: true` where Kube-OVN is newer than 1.15, or name `kube-ovn` in `platform.multiNetworkPolicy.plugins`",
  },
  "closes-its-own": {
    severity: "error",
    message: ({ zone }: { zone: string }) =>
      `policies that close eth0 to pods of zone ${zone} hold on its own network too, and close it to its members`,
    label: "members of the zone could not connect",
    help: "set `platform.kubeOvn.policyFor: true` where Kube-OVN is newer than 1.15, or leave `podNetwork.sameZone` out",
  },
  "one-namespace": {
    severity: "error",
    message: ({ network, count }: { network: string; count: number }) =>
      `pods of ${count} namespaces are on ${network}, and a Subnet serves the pods of one NetworkAttachmentDefinition`,
    label: "members of several namespaces",
    help: "use `separation: overlay`, or a zone for each namespace",
  },
});
