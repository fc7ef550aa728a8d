import { defineRules } from "../diagnostics/rules.ts";

/** What lint says of its own work. */
export const lintRules = defineRules("lint", {
  unreadable: {
    severity: "warning",
    message: () => "this document cannot be read as YAML, so nothing in it was checked",
    label: "cannot be read from here",
  },
  "duplicate-key": {
    severity: "warning",
    message: ({ key }: { key: string }) =>
      `the key \`${key}\` stands twice in one object: the first value is lost, and some tools refuse the file`,
    label: "this one counts",
    help: "join the two",
  },
  "no-reason": {
    severity: "warning",
    message: ({ code }: { code: string }) => `\`${code}\` is allowed here without a reason, so it is not`,
    label: "why?",
    help: ({ code }: { code: string }) => `write \`# plumbline: allow ${code} because …\``,
  },
  "unknown-code": {
    severity: "warning",
    message: ({ code }: { code: string }) => `there is no rule \`${code}\` to allow`,
    label: "no such rule",
  },
  "unused-allow": {
    severity: "note",
    message: ({ code }: { code: string }) => `\`${code}\` is allowed here, but does not occur`,
    label: "not needed",
    help: "delete the comment",
  },
});
