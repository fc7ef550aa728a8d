import { defineRules } from "../../diagnostics/rules.ts";

const problem = ({ problem: text }: { readonly problem: string }) => text;

/** Objects of the SR-IOV network operator. */
export const sriovRules = defineRules("sriov", {
  refused: { severity: "error", message: problem, label: "the API server refuses it" },
  "unknown-key": { severity: "warning", message: problem, label: "dropped by the API server" },
  "unknown-resource": {
    severity: "warning",
    message: ({ resource }: { resource: string }) =>
      `no SriovNetworkNodePolicy in these files defines resource \`${resource}\``,
    label: "pods get no device",
  },
});
