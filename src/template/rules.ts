import { defineRules } from "../diagnostics/rules.ts";

export const templateRules = defineRules("template", {
  "unknown-template": {
    severity: "error",
    message: ({ name }: { name: string }) => `no built-in template is called \`${name}\``,
    label: "replaces nothing",
  },
  syntax: {
    severity: "error",
    message: ({ what }: { what: string }) => what,
  },
  "not-allowed": {
    severity: "error",
    message: ({ what }: { what: string }) => `a template may hold no ${what}`,
    label: "not in templates of plumbline",
  },
  "control-character": {
    severity: "error",
    message: ({ code }: { code: string }) => `the template holds the invisible character ${code}`,
    label: "not seen by a reviewer",
    help: "delete it",
  },
  "unknown-value": {
    severity: "error",
    message: ({ value }: { value: string }) => `there is no value \`${value}\` here`,
    label: "unknown",
  },
  "wrong-value": {
    severity: "error",
    message: ({ value, helper, takes }: { value: string; helper: string; takes: string }) =>
      `\`${value}\` cannot be written with \`${helper}\`, which takes ${takes}`,
  },
  "too-long": {
    severity: "error",
    message: ({ what }: { what: string }) => `the template ${what}`,
    help: "write each value once",
  },
  "broken-output": {
    severity: "error",
    message: ({ object, why }: { object: string; why: string }) =>
      `what comes out for ${object} cannot be read: ${why}`,
    label: "from here",
  },
  "changes-meaning": {
    severity: "error",
    message: ({ object, what }: { object: string; what: string }) => `the template changes ${object}: ${what}`,
    label: "from here",
  },
  "reserved-key": {
    severity: "error",
    message: ({ key, object }: { key: string; object: string }) =>
      `the template adds \`${key}\` to ${object}, which a program may act upon`,
    label: "not a key of yours",
  },
});
