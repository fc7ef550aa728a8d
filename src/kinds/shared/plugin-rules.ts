import { defineRules } from "../../diagnostics/rules.ts";

export const pluginRules = defineRules("plugin", {
  field: {
    severity: "error",
    message: ({ problem }: { problem: string }) => problem,
    label: "the plugin would not take it",
  },
  "without-type": {
    severity: "error",
    message: () => "a chained plugin needs a `type`",
    label: "no `type`",
  },
  unknown: {
    severity: "error",
    message: ({ type }: { type: string }) => `no CNI plugin is called \`${type}\``,
    label: "not a plugin that is known",
  },
  "not-chained": {
    severity: "error",
    message: ({ type }: { type: string }) => `\`${type}\` attaches pods by itself, so it cannot be chained`,
    label: "no chained plugin",
    help: "to attach pods in another way, use `attach`",
  },
  refused: {
    severity: "error",
    message: ({ what, why }: { what: string; why: string }) => `${what} cannot be accepted: ${why}`,
    label: "changes which connections are possible",
  },
  "set-by-plumbline": {
    severity: "error",
    message: ({ key }: { key: string }) => `\`${key}\` is computed from the intent, so it cannot be set here`,
    label: "set by plumbline",
  },
});
