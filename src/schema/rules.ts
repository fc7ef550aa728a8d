import { defineRules } from "../diagnostics/rules.ts";

export const schemaRules = defineRules("schema", {
  "unknown-key": {
    severity: "error",
    message: ({ key, parent }: { key: string; parent: string }) => `unknown key \`${key}\` in ${parent}`,
    label: ({ parent }: { key: string; parent: string }) => `not a key of ${parent}`,
  },
  "missing-key": {
    severity: "error",
    message: ({ key, parent }: { key: string; parent: string }) => `${parent} has no \`${key}\``,
    label: "the key is missing here",
    help: ({ key }: { key: string; parent: string }) => `add \`${key}:\``,
  },
  "wrong-type": {
    severity: "error",
    message: ({ key, wanted, found }: { key: string; wanted: string; found: string }) =>
      `\`${key}\` takes ${wanted}, not ${found}`,
    label: ({ found }: { key: string; wanted: string; found: string }) => found,
  },
  "not-one-of": {
    severity: "error",
    message: ({ key, found }: { key: string; found: string }) => `\`${found}\` is no value of \`${key}\``,
    label: "not one of its values",
  },
  "out-of-range": {
    severity: "error",
    message: ({ key, found, limit }: { key: string; found: string; limit: string }) =>
      `\`${key}\` is ${found}, but must be ${limit}`,
    label: ({ limit }: { key: string; found: string; limit: string }) => `must be ${limit}`,
  },
  count: {
    severity: "error",
    message: ({ key, limit }: { key: string; limit: string }) => `\`${key}\` must have ${limit}`,
    label: ({ limit }: { key: string; limit: string }) => limit,
  },
  twice: {
    severity: "error",
    message: ({ key, item }: { key: string; item: string }) => `\`${key}\` lists \`${item}\` twice`,
    label: "the second time",
    help: "keep one of the two",
  },
  "bad-format": {
    severity: "error",
    message: ({ found, wanted }: { found: string; wanted: string }) => `\`${found}\` is not ${wanted}`,
    label: ({ wanted }: { found: string; wanted: string }) => `not ${wanted}`,
  },
  "host-bits": {
    severity: "error",
    message: ({ found }: { found: string }) => `\`${found}\` has bits set beyond its prefix`,
    label: "an address, not a network",
  },
});
