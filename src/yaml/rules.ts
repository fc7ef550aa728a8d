import { defineRules } from "../diagnostics/rules.ts";

export const yamlRules = defineRules("yaml", {
  syntax: {
    severity: "error",
    message: ({ what }: { what: string }) => what,
    label: "cannot be read from here",
  },
  "tab-indent": {
    severity: "error",
    message: () => "a tab where YAML wants spaces",
    label: "a tab",
    help: "indent with spaces",
  },
  indentation: {
    severity: "error",
    message: () => "the indentation does not fit what stands above",
    label: "indented otherwise",
    help: "align it with the keys of the same object",
  },
  "duplicate-key": {
    severity: "error",
    message: ({ key }: { key: string }) => `the key \`${key}\` is here twice`,
    label: "the second time",
    help: "keep one of the two",
  },
  "ambiguous-scalar": {
    severity: "error",
    message: ({ word }: { word: string }) => `\`${word}\` is read differently by different YAML readers`,
    label: "not clear what is meant",
  },
  "no-number": {
    severity: "error",
    message: ({ word }: { word: string }) => `\`${word}\` is no number that JSON can hold`,
    label: "no finite number",
    help: ({ word }: { word: string }) => `write a number, or \`"${word}"\` for text`,
  },
  alias: {
    severity: "error",
    message: () => "anchors and aliases are not taken in intents",
    label: "an anchor or alias",
    help: "write the value out",
  },
  "alias-bomb": {
    severity: "error",
    message: () => "aliases in this document cannot be followed: too many, of no such name, or in a circle",
    label: "cannot be written out",
  },
  "too-long": {
    severity: "error",
    message: ({ long }: { long: string }) =>
      `of this length (${long}) only plain block YAML is read, and something here is not that`,
    label: "too long to be read in full",
    help: "split it into several files; what is wrong is then said with its line",
  },
  tag: {
    severity: "error",
    message: ({ tag }: { tag: string }) => `the tag \`${tag}\` is not taken`,
    label: "a tag",
    help: "write a plain value",
  },
  "merge-key": {
    severity: "error",
    message: () => "the merge key `<<` is not taken in intents",
    label: "a merge key",
    help: "write the keys out",
  },
  "merge-unclear": {
    severity: "error",
    message: ({ why }: { why: string }) => `the merge key \`<<\` cannot be followed: ${why}`,
    label: "not clear what comes by it",
    help: "write the keys out, or the merge key once and above all others",
  },
  "forbidden-key": {
    severity: "error",
    message: ({ key }: { key: string }) => `\`${key}\` cannot be a key`,
    label: "never a key",
  },
  "key-not-text": {
    severity: "error",
    message: ({ key }: { key: string }) => `the key \`${key}\` is no text`,
    label: "read as something else",
    help: "put the key in quotes",
  },
  "empty-file": {
    severity: "error",
    message: () => "the file is empty",
    help: "delete it, or write an intent in it",
  },
  "no-documents": {
    severity: "warning",
    message: () => "the file holds comments only",
  },
  "conflict-markers": {
    severity: "error",
    message: () => "the file still has the markers of a merge conflict",
    label: "a conflict marker",
    help: "resolve the conflict, then compile again",
  },
  "too-deep": {
    severity: "error",
    message: () => "the document is nested too deep",
    label: "too many levels",
  },
  "control-character": {
    severity: "error",
    message: ({ code }: { code: string }) => `the text holds the control character ${code}`,
    label: "a control character",
    help: "delete it",
  },
});
