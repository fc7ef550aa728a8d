import { defineRules } from "../diagnostics/rules.ts";

export const outputRules = defineRules("output", {
  unreadable: {
    severity: "error",
    message: ({ path }: { path: string }) => `what would be written to \`${path}\` cannot be read back`,
    label: "from this intent",
  },
  "not-as-meant": {
    severity: "error",
    message: ({ object, path }: { object: string; path: string }) => `${object} in \`${path}\` differs from the plan`,
    label: "from this intent",
  },
});
