import { defineRules } from "../diagnostics/rules.ts";

export const projectRules = defineRules("project", {
  "not-a-project": {
    severity: "error",
    message: ({ found }: { found: string }) => `the project file is no Project, but ${found}`,
    label: "expected `kind: Project`",
  },
  "duplicate-cluster": {
    severity: "error",
    message: ({ name }: { name: string }) => `two clusters are called \`${name}\``,
    label: "the second one",
  },
  "several-documents": {
    severity: "error",
    message: () => "the project file holds more than one document",
    label: "a second document",
  },
});
