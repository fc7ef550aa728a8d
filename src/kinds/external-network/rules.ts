import { defineRules } from "../../diagnostics/rules.ts";

export const externalRules = defineRules("external", {
  "duplicate-host": {
    severity: "error",
    message: ({ name }: { name: string }) => `two hosts are called \`${name}\``,
    label: "the second one",
  },
  "routes-without-gateway": {
    severity: "error",
    message: () => "`routes` lead through the gateway, but there is none",
    label: "through which gateway?",
    help: "add `gateway:`",
  },
  "no-subnets": {
    severity: "error",
    message: () => "an external network with addresses needs its `subnets`",
    label: "which subnets?",
    help: "add `subnets:`, or `addressing: dhcp`, `static` or `none` where nothing is given out here",
  },
  "no-pools": {
    severity: "error",
    message: () => "an external network has its subnets already, so none is taken from `pools`",
    label: "has no effect",
    help: "take `pools` out, and write the network's own `subnets`",
  },
  "no-vlan": {
    severity: "error",
    message: () => "a network that was there before has a VLAN already, but `vlan` does not say which",
    label: "on which VLAN?",
    help: "add `vlan:`, or `separation: physical` for an untagged uplink of its own",
  },
  "config-alone": {
    severity: "error",
    message: ({ key }: { key: string }) =>
      `\`existing.config\` is the whole network, written as it stands, so \`${key}\` has no effect`,
    label: "says nothing here",
    help: "take it out, or take `existing.config` out and describe the network in the intent's own keys",
  },
  "kept-as-it-stands": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `ExternalNetwork \`${name}\` is written as it stands (\`existing.config\`), so its addresses are not known`,
    label: "cannot be named here",
    help: "describe the network in the intent's own keys in place of `existing.config`",
  },
  "pods-outside": {
    severity: "error",
    message: ({ pods }: { pods: string }) => `${pods} lies in no subnet of this network`,
    label: "outside the subnets",
  },
  "members-without-pods": {
    severity: "error",
    message: () => "members need addresses, but `pods` does not say which are ours to give out",
    label: "which addresses?",
    help: "add `pods:` to `network`, a part of its subnet that nobody else uses",
  },
  "route-overlaps": {
    severity: "error",
    message: ({ cidr, network }: { cidr: string; network: string }) => `${cidr} overlaps ${network}`,
    label: "is somewhere else already",
  },
  "zones-meet": {
    severity: "error",
    message: ({ a, b, name }: { a: string; b: string; name: string }) =>
      `zones \`${a}\` and \`${b}\` meet on external network \`${name}\``,
    label: "a way around every firewall",
    help: "write `memberTraffic: hostsOnly`, so that members reach the hosts but never each other",
  },
  "hosts-only-not-enforced": {
    severity: "error",
    message: ({ name, attach, cluster }: { name: string; attach: string; cluster: string }) =>
      `zones meet on \`${name}\`, and nothing in cluster \`${cluster}\` enforces policies on ${attach}`,
    label: "fails open",
    help: "install a MultiNetworkPolicy controller and name the plugin in `platform.multiNetworkPolicy.plugins`",
  },
});
