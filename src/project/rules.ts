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
  "repository-not-named": {
    severity: "warning",
    message: () => "Argo CD cannot use what is written: nobody says where the git repository is",
    label: "needs `delivery.argocd.repoURL`",
    help: "write `argocd: {repoURL: https://git.example.org/team/repository.git}` beside it, and `pathPrefix` where the project is not at the root",
  },
  "unused-delivery": {
    severity: "warning",
    message: ({ key, gitops }: { key: string; gitops: string }) =>
      `\`delivery.${key}\` has no effect, since \`delivery.gitops\` is \`${gitops}\``,
    label: "nothing reads this",
    help: "write `gitops` for this applier, or remove the key",
  },
  "destination-twice": {
    severity: "error",
    message: () => "the destination names the cluster and its server, and Argo CD takes only one of them",
    label: "the second one",
    help: "keep `name` or `server`",
  },
  requires: {
    severity: "error",
    message: ({ requires, version }: { requires: string; version: string }) =>
      `the project requires plumbline ${requires}, and this is ${version}`,
    label: "another version is needed",
    help: "install a version that fits, or change `requires` once you have read what changed (CHANGELOG.md)",
  },
  "requires-range": {
    severity: "error",
    message: ({ requires }: { requires: string }) => `\`${requires}\` is no range of versions`,
    label: "not understood",
    help: "write a range as npm takes it: `^0.1.0`, `>=0.1.0 <0.3.0`, `0.1.x`",
  },
  "several-documents": {
    severity: "error",
    message: () => "the project file holds more than one document",
    label: "a second document",
  },
});
