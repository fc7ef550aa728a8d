import { defineRules } from "../../diagnostics/rules.ts";

const problem = ({ problem: text }: { readonly problem: string }) => text;

/** Objects of operators that make networks, or name them. */
export const operatorRules = defineRules("operator", {
  refused: { severity: "error", message: problem, label: "the operator refuses it" },
  "unknown-key": { severity: "warning", message: problem, label: "dropped by the API server" },
  "network-not-found": {
    severity: "warning",
    message: ({ network }: { network: string }) => `no network here is called \`${network}\``,
    label: "where is it defined?",
  },
  "mapping-not-found": {
    severity: "warning",
    message: ({ name }: { name: string }) => `no bridge mapping here is called \`${name}\``,
    label: "no bridge of the nodes",
  },
  "bridge-not-found": {
    severity: "warning",
    message: ({ bridge }: { bridge: string }) => `no node policy here makes a bridge \`${bridge}\``,
    label: "is it on the nodes?",
  },
  "object-not-found": {
    severity: "warning",
    message: ({ kind, name }: { kind: string; name: string }) => `no ${kind} here is called \`${name}\``,
    label: "where is it defined?",
  },
  "cni-exclusive": {
    severity: "warning",
    message: ({ isSaid }: { isSaid: boolean }) =>
      `${isSaid ? "with `cni.exclusive`" : "without `cni.exclusive: false`"} Cilium renames the configuration of Multus, and no pod gets a second interface`,
    label: "takes Multus away",
    help: "write `exclusive: false`",
  },
});
