import { defineRules } from "../../diagnostics/rules.ts";

const problem = ({ problem: text }: { readonly problem: string }) => text;

/** MultiNetworkPolicy: NetworkPolicy for further networks, which fails open wherever it is not understood. */
export const mnpRules = defineRules("mnp", {
  "no-network": {
    severity: "warning",
    message: ({ name }: { name: string }) => `policy \`${name}\` does not say for which networks it is`,
    label: "enforced nowhere",
    help: "set the annotation `k8s.v1.cni.cncf.io/policy-for`",
  },
  "network-not-found": {
    severity: "warning",
    message: ({ network }: { network: string }) => `no network here is called \`${network}\``,
    label: "not enforced: it fails open",
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
    message: ({ port, effect }: { port: string; effect: string }) => `the port \`${port}\` is a name: ${effect}`,
    label: "a name instead of a number",
    help: "write the number of the port",
  },
  "peer-without-address": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `network \`${network}\` has no addresses that a controller knows, so its peers can be \`ipBlock\` only`,
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
    message: ({ network }: { network: string }) => `none of the pods that are on \`${network}\` here has these labels`,
    label: "selects no pod",
  },
  "not-enforced": {
    severity: "warning",
    message: ({ network, type }: { network: string; type: string }) =>
      `network \`${network}\` is a \`${type}\`, which the policy controllers leave alone unless told otherwise`,
    label: "not enforced: it fails open",
    help: ({ type }: { type: string }) => `start the controller with \`--network-plugins=macvlan,${type}\``,
  },
});
