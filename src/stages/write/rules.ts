import { defineRules } from "../../diagnostics/rules.ts";

export const writeRules = defineRules("write", {
  "not-ours": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is in the output folder, but plumbline did not write it`,
    help: "move it elsewhere; the output folder is plumbline's own",
  },
  "unreadable-inventory": {
    severity: "error",
    message: ({ path, why }: { path: string; why: string }) =>
      `\`${path}\` cannot be read, so what plumbline wrote there is not known: ${why}`,
    help: "restore it from version control; or delete it, and compile: plumbline recognises its files by their first line",
  },
  stranger: {
    severity: "warning",
    message: ({ path }: { path: string }) =>
      `\`${path}\` is in the output folder, but plumbline did not write it; plumbline does not touch it`,
    help: "move it elsewhere: an applier that takes whole folders would apply it",
  },
  failed: {
    severity: "error",
    message: ({ path, why }: { path: string; why: string }) => `\`${path}\` cannot be written: ${why}`,
    help: "correct that and compile again: the old output stays until everything can be written",
  },
  unreadable: {
    severity: "error",
    message: ({ path, why }: { path: string; why: string }) =>
      `\`${path}\` cannot be compared with what would be written: ${why}`,
  },
  "leaves-project": {
    severity: "error",
    message: ({ path }: { path: string }) =>
      `\`${path}\` leads out of the project by a link, so nothing is written there`,
    help: "put a folder in its place, or name another one in plumbline.yaml",
  },
  "foreign-journal": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is no journal of plumbline, so it is not followed`,
    help: "delete it, and compile again",
  },
  "in-use": {
    severity: "error",
    message: ({ who }: { who: string }) => `another plumbline is writing here (${who})`,
    help: "wait until it is done; if there is none, delete `.plumbline.lock` in the output folder",
  },
  repaired: {
    severity: "note",
    message: ({ what }: { what: string }) => `an earlier run was interrupted: ${what}`,
  },
  edited: {
    severity: "warning",
    message: ({ path }: { path: string }) => `\`${path}\` was changed by hand, and is written again`,
    help: "change the intents, or replace the template",
  },
  stale: {
    severity: "error",
    message: ({ path, how }: { path: string; how: string }) => `\`${path}\` ${how}`,
    help: "run `plumbline compile` and commit what it writes",
  },
});
