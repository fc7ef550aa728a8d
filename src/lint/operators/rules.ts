import { defineRules } from "../../diagnostics/rules.ts";

const problem = ({ problem: text }: { readonly problem: string }) => text;

/** Objects of operators that make networks, or name them. */
export const operatorRules = defineRules("operator", {
  refused: { severity: "error", message: problem, label: "the operator refuses it" },
  "unknown-key": { severity: "warning", message: problem, label: "dropped by the API server" },
  "network-not-found": {
    severity: "warning",
    message: ({ network }: { network: string }) => `these files define no network \`${network}\``,
    label: "not defined here",
  },
  "mapping-not-found": {
    severity: "warning",
    message: ({ name }: { name: string }) => `these files define no bridge mapping \`${name}\``,
    label: "no bridge on the nodes",
  },
  "bridge-not-found": {
    severity: "warning",
    message: ({ bridge }: { bridge: string }) => `no node policy in these files creates a bridge \`${bridge}\``,
    label: "not defined here",
  },
  "object-not-found": {
    severity: "warning",
    message: ({ kind, name }: { kind: string; name: string }) => `these files define no ${kind} \`${name}\``,
    label: "not defined here",
  },
  "cni-exclusive": {
    severity: "warning",
    message: ({ isSaid }: { isSaid: boolean }) =>
      `${isSaid ? "with `cni.exclusive`" : "without `cni.exclusive: false`"} Cilium renames the configuration of Multus, and no pod gets a second interface`,
    label: "disables Multus",
    help: "write `exclusive: false`",
  },
});
