import { defineRules } from "../../diagnostics/rules.ts";

export const writeRules = defineRules("write", {
  "not-ours": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` stands in the output, but plumbline did not write it`,
    help: "move it elsewhere; the output folder is plumbline's own",
  },
  "unreadable-inventory": {
    severity: "error",
    message: ({ path, why }: { path: string; why: string }) =>
      `\`${path}\` cannot be read, so what plumbline wrote there is not known: ${why}`,
    help: "restore it from version control; or delete it, and compile: what says that plumbline generated it is known without",
  },
  stranger: {
    severity: "warning",
    message: ({ path }: { path: string }) =>
      `\`${path}\` stands in the output, but plumbline did not write it; it is left alone`,
    help: "move it elsewhere: an applier that takes whole folders would apply it",
  },
  failed: {
    severity: "error",
    message: ({ path, why }: { path: string; why: string }) => `\`${path}\` cannot be written: ${why}`,
    help: "mend that and compile again: what was there before stands until everything can be written",
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
    message: ({ what }: { what: string }) => `an earlier run was cut short: ${what}`,
  },
  edited: {
    severity: "warning",
    message: ({ path }: { path: string }) => `\`${path}\` was changed by hand, and is written anew`,
    help: "change the intents, or replace the template",
  },
  stale: {
    severity: "error",
    message: ({ path, how }: { path: string; how: string }) => `\`${path}\` ${how}`,
    help: "run `plumbline compile` and commit what it writes",
  },
});
