import { defineRules } from "../../diagnostics/rules.ts";

export const targetRules = defineRules("target", {
  "unknown-target": {
    severity: "error",
    message: ({ name }: { name: string }) => `no target is called \`${name}\``,
    label: "not a target",
  },
  "never-emitted": {
    severity: "error",
    message: ({ name }: { name: string }) => `nothing released implements \`${name}\``,
    label: "would be read by nobody",
  },
  experimental: {
    severity: "error",
    message: ({ what }: { what: string }) => `experimental: ${what}`,
    label: "not without saying so",
    help: "set `experimental: true` in plumbline.yaml",
  },
  lost: {
    severity: "note",
    message: ({ target, what, intent }: { target: string; what: string; intent: string }) =>
      `target \`${target}\` has no ${what}: ${intent} does without`,
    label: "left out, as `allowLoss` says",
  },
  unsupported: {
    severity: "error",
    message: ({ target, what }: { target: string; what: string }) => `target \`${target}\` has no ${what}`,
    label: ({ target }: { target: string; what: string }) => `not with ${target}`,
  },
});
