import { defineRules } from "../diagnostics/rules.ts";

export const migrateRules = defineRules("migrate", {
  "would-open": {
    severity: "error",
    message: ({ step, from, to, services }: { step: string; from: string; to: string; services: string }) =>
      `while \`${step}\` is done, ${from} would reach ${to} on ${services}, which it does neither before nor after`,
    help: "nothing was written; migrate these intents by hand, or make both sides equal first",
  },
  "would-leak": {
    severity: "error",
    message: ({ step, what }: { step: string; what: string }) =>
      `while \`${step}\` is done, packets of ${what} would leave in clear text`,
    help: "nothing was written; stop the clients of the tunnel first, and migrate without them",
  },
  unproved: {
    severity: "error",
    message: ({ step, why }: { step: string; why: string }) => `\`${step}\` cannot be verified: ${why}`,
    help: "nothing was written; migrate these intents by hand",
  },
  delivery: {
    severity: "error",
    message: ({ delivery }: { delivery: string }) =>
      `a migration needs patches as Kustomize components, and the project delivers them as \`${delivery}\``,
    label: "not in a migration",
    help: "write `patches: component` while you migrate",
  },
});
