import { defineRules } from "../../diagnostics/rules.ts";

const problem = ({ problem: text }: { readonly problem: string }) => text;

/** MultiNetworkPolicy: NetworkPolicy for further networks, which fails open wherever it is not understood. */
export const mnpRules = defineRules("mnp", {
  "no-network": {
    severity: "warning",
    message: ({ name }: { name: string }) => `policy \`${name}\` does not name its networks`,
    label: "enforced nowhere",
    help: "set the annotation `k8s.v1.cni.cncf.io/policy-for`",
  },
  "network-not-found": {
    severity: "warning",
    message: ({ network }: { network: string }) => `these files define no network \`${network}\``,
    label: "not enforced: all traffic is allowed",
  },
  "unknown-key": {
    severity: "warning",
    message: ({ key, where }: { key: string; where: string }) => `\`${where}\` has no field \`${key}\``,
    label: "dropped by the API server",
  },
  refused: { severity: "error", message: problem, label: "the API server refuses it" },
  "never-read": {
    severity: "warning",
    message: problem,
    label: "has no effect",
  },
  "bad-cidr": {
    severity: "warning",
    message: problem,
    label: "matches nothing",
  },
  "named-port": {
    severity: "warning",
    message: ({ port, effect }: { port: string; effect: string }) => `port \`${port}\` is a name: ${effect}`,
    label: "name instead of a number",
    help: "write the number of the port",
  },
  "peer-without-address": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `no controller knows the addresses of network \`${network}\`, so peers must be \`ipBlock\``,
    label: "selects no pod",
    help: "write the addresses as `ipBlock`, or give the network `ipam`",
  },
  "end-port": {
    severity: "warning",
    message: problem,
    label: "refused, or read as one port",
  },
  "selects-nothing": {
    severity: "warning",
    message: ({ network }: { network: string }) => `no pod of network \`${network}\` in these files has these labels`,
    label: "selects no pod",
  },
  "not-enforced": {
    severity: "warning",
    message: ({ network, type }: { network: string; type: string }) =>
      `network \`${network}\` uses plugin \`${type}\`, and policy controllers ignore it by default`,
    label: "not enforced: all traffic is allowed",
    help: ({ type }: { type: string }) => `start the controller with \`--network-plugins=macvlan,${type}\``,
  },
});
