import { defineRules } from "../../diagnostics/rules.ts";

export const lockRules = defineRules("allocation", {
  "bad-shape": {
    severity: "error",
    message: ({ problem }: { problem: string }) => `the lock file ${problem}`,
    label: "not the format that plumbline writes",
    help: "restore the file from the last good commit, then compile again",
  },
  "newer-version": {
    severity: "error",
    message: ({ found, known }: { found: string; known: number }) =>
      `the lock file has version ${found}; this plumbline supports version ${known}`,
    label: "written by a newer plumbline",
    help: "use the plumbline that the project uses",
  },
  "half-merged": {
    severity: "error",
    message: () => "the lock file still has the markers of a merge conflict",
    label: "a conflict marker",
    help: "run `plumbline compile --merge`",
  },
  "bad-value": {
    severity: "error",
    message: ({ key, value }: { key: string; value: string }) => `\`${value}\` is no value of \`${key}\``,
    label: "cannot be read",
    help: "restore the line from the last good commit, or delete it: plumbline then allocates a new value",
  },
  collision: {
    severity: "error",
    message: ({ value, one, other }: { value: string; one: string; other: string }) =>
      `the lock gives ${value} to both ${one} and ${other}`,
    label: "allocated twice",
  },
  "no-longer-allowed": {
    severity: "error",
    message: ({ value, what }: { value: string; what: string }) =>
      `the lock holds ${value} for ${what}, which is no longer allowed`,
    label: "was allocated before",
  },
  "held-by-another": {
    severity: "error",
    message: ({ value, other }: { value: string; other: string }) => `${value} is held by ${other}`,
    label: "taken",
  },
  "written-twice": {
    severity: "error",
    message: ({ value, other }: { value: string; other: string }) => `${value} is already that of ${other}`,
    label: "the second use",
  },
  "cannot-change": {
    severity: "error",
    message: ({ object, field, before, now }: { object: string; field: string; before: string; now: string }) =>
      `\`${field}\` of ${object} cannot change from ${before} to ${now}: the API server never changes it`,
    label: "needs a new object",
  },
  "nothing-free": {
    severity: "error",
    message: ({ what, from }: { what: string; from: string }) => `no free ${what} is left in ${from}`,
    label: "nothing left to allocate",
  },
  "unknown-intent": {
    severity: "error",
    message: ({ id }: { id: string }) => `\`--relock ${id}\` names no intent that the lock knows`,
  },
});
