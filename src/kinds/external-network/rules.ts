import { defineRules } from "../../diagnostics/rules.ts";

export const externalRules = defineRules("external", {
  "duplicate-host": {
    severity: "error",
    message: ({ name }: { name: string }) => `two hosts are called \`${name}\``,
    label: "the second one",
  },
  "routes-without-gateway": {
    severity: "error",
    message: () => "`routes` need a gateway, but the network has none",
    label: "the gateway is missing",
    help: "add `gateway:`",
  },
  "internet-without-gateway": {
    severity: "error",
    message: () => "the network leads to the internet by a router, but has no `gateway`",
    label: "by which router?",
    help: "add `gateway:` with the address of its router",
  },
  "open-to-internet": {
    severity: "error",
    message: ({ name, attach, cluster }: { name: string; attach: string; cluster: string }) =>
      `the internet reaches the members of \`${name}\`: nothing in cluster \`${cluster}\` enforces policies on ${attach}`,
    label: "fails open",
    help: "install a MultiNetworkPolicy controller and name the plugin in `platform.multiNetworkPolicy.plugins`, or attach no members and lead to the internet through a FirewallPair",
  },
  "no-subnets": {
    severity: "error",
    message: () => "an external network with addresses needs `subnets`",
    label: "`subnets` is missing",
    help: "add `subnets:`, or `addressing: dhcp`, `static` or `none` if plumbline allocates no addresses here",
  },
  "no-pools": {
    severity: "error",
    message: () => "an external network has its subnets already, so none is taken from `pools`",
    label: "has no effect",
    help: "take `pools` out, and write the network's own `subnets`",
  },
  "no-vlan": {
    severity: "error",
    message: () => "an existing network already has a VLAN, but `vlan` is missing",
    label: "which VLAN?",
    help: "add `vlan:`, or `separation: physical` if the network is untagged on its own uplink",
  },
  "config-alone": {
    severity: "error",
    message: ({ key }: { key: string }) =>
      `\`existing.config\` is the complete configuration of the network, so \`${key}\` has no effect`,
    label: "has no effect",
    help: "take it out, or take `existing.config` out and describe the network in the intent's own keys",
  },
  "kept-as-it-stands": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `ExternalNetwork \`${name}\` has only a CNI configuration (\`existing.config\`), so its addresses are not known`,
    label: "cannot be named here",
    help: "describe the network in the intent's own keys in place of `existing.config`",
  },
  "pods-outside": {
    severity: "error",
    message: ({ pods }: { pods: string }) => `${pods} is in no subnet of this network`,
    label: "outside the subnets",
  },
  "members-without-pods": {
    severity: "error",
    message: () => "members need addresses, but `pods` does not say which plumbline may allocate",
    label: "which addresses?",
    help: "add `pods:` to `network`: a part of its subnet that no other device uses",
  },
  "route-overlaps": {
    severity: "error",
    message: ({ cidr, network }: { cidr: string; network: string }) => `${cidr} overlaps ${network}`,
    label: "belongs to another network",
  },
  "zones-meet": {
    severity: "error",
    message: ({ a, b, name }: { a: string; b: string; name: string }) =>
      `zones \`${a}\` and \`${b}\` meet on external network \`${name}\``,
    label: "bypasses every firewall",
    help: "write `memberTraffic: hostsOnly`, so that members can connect to the hosts, but not to each other",
  },
  "hosts-only-not-enforced": {
    severity: "error",
    message: ({ name, attach, cluster }: { name: string; attach: string; cluster: string }) =>
      `zones meet on \`${name}\`, and nothing in cluster \`${cluster}\` enforces policies on ${attach}`,
    label: "fails open",
    help: "install a MultiNetworkPolicy controller and name the plugin in `platform.multiNetworkPolicy.plugins`",
  },
});
