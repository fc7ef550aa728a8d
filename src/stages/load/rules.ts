import { defineRules } from "../../diagnostics/rules.ts";

export const loadRules = defineRules("load", {
  "no-project": {
    severity: "error",
    message: ({ path }: { path: string }) => `there is no project file \`${path}\` here`,
    help: "run `plumbline init` to make a project, or `plumbline -C DIR` to name its folder",
  },
  unreadable: {
    severity: "error",
    message: ({ path, why }: { path: string; why: string }) => `\`${path}\` cannot be read: ${why}`,
  },
  "not-a-file": {
    severity: "error",
    message: ({ path, what }: { path: string; what: string }) => `\`${path}\` is ${what}, not a file`,
    help: "take it out of the paths of plumbline.yaml",
  },
  "link-leaves-project": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is a link that leads out of the project`,
    help: "copy the file into the project",
  },
  "too-large": {
    severity: "error",
    message: ({ path, size }: { path: string; size: string }) => `\`${path}\` has ${size}; at most 4 MiB are read`,
    help: "split it, or take it out of the paths of plumbline.yaml",
  },
  "not-text": {
    severity: "error",
    message: ({ path, what }: { path: string; what: string }) => `\`${path}\` is ${what}, not text in UTF-8`,
    help: "save it as UTF-8, or take it out of the paths of plumbline.yaml",
  },
  "no-intents": {
    severity: "error",
    message: ({ paths }: { paths: string }) => `no file matches ${paths}`,
    label: "matches nothing",
    help: "write an intent, or mend the paths",
  },
});
