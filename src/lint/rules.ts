import { defineRules } from "../diagnostics/rules.ts";

/** What lint says of its own work. */
export const lintRules = defineRules("lint", {
  unreadable: {
    severity: "warning",
    message: () => "this document is not valid YAML, so it was not checked",
    label: "not valid from here",
  },
  "duplicate-key": {
    severity: "warning",
    message: ({ key }: { key: string }) =>
      `key \`${key}\` occurs twice in one object: the first value is lost, and some tools refuse the file`,
    label: "this value is used",
    help: "merge the two",
  },
  "no-reason": {
    severity: "warning",
    message: ({ code }: { code: string }) =>
      `\`${code}\` is allowed here without a reason, so the comment has no effect`,
    label: "reason is missing",
    help: ({ code }: { code: string }) => `write \`# plumbline: allow ${code} because …\``,
  },
  "unknown-code": {
    severity: "warning",
    message: ({ code }: { code: string }) => `there is no rule \`${code}\` to allow`,
    label: "no such rule",
  },
  "unused-allow": {
    severity: "note",
    message: ({ code }: { code: string }) => `\`${code}\` is allowed here, but there is no such finding`,
    label: "not needed",
    help: "delete the comment",
  },
});
