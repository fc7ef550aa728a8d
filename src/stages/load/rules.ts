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
    message: ({ path }: { path: string }) => `\`${path}\` leads out of the project by a link`,
    help: "copy what it leads to into the project",
  },
  "link-loops": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is a link to a folder that it stands in`,
    help: "remove the link",
  },
  "outside-project": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is outside the project`,
    help: "write paths from the folder of plumbline.yaml on, without `..`",
  },
  "out-is-project": {
    severity: "error",
    message: ({ out }: { out: string }) => `the output would be written to \`${out}\`, where the inputs are`,
    label: "not a folder of its own",
    help: "write `out: out`",
  },
  "too-large": {
    severity: "error",
    message: ({ path, size, most }: { path: string; size: string; most: string }) =>
      `\`${path}\` has ${size}; at most ${most} are read`,
    help: "split it, or take it out of the paths of plumbline.yaml",
  },
  "too-much": {
    severity: "error",
    message: ({ files, size, most }: { files: number; size: string; most: string }) =>
      `the ${files.toLocaleString("en")} files of the project have ${size} together; at most ${most} are read`,
    help: "narrow the paths of plumbline.yaml, or make several projects of it",
  },
  unmatched: {
    severity: "note",
    message: ({ folder, count, names }: { folder: string; count: number; names: string }) =>
      `${count === 1 ? "1 file" : `${count.toLocaleString("en")} files`} below \`${folder}\` ${count === 1 ? "is" : "are"} matched by no glob, and so not read: ${names}`,
    label: "matches others there",
    help: "add a glob, or leave them where they are if they bring no pods",
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
    help: "write an intent, or correct the paths",
  },
});
