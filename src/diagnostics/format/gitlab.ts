import { redact } from "../secrets.ts";
import { fingerprints } from "./fingerprints.ts";
import { rangeOf } from "./json.ts";
import type { FormatOptions } from "./names.ts";
import type { Located } from "./sorted.ts";
import { spellJson } from "./spell-json.ts";

const severities = { error: "major", warning: "minor", note: "info" } as const;

/** A report of GitLab's Code Quality. What has no place stands at the first line of the project's file. */
export function formatGitlab(located: readonly Located[], { folder = "" }: FormatOptions): string {
  const prints = fingerprints(located);
  const report = located.map(({ diagnostic, span }, at) => {
    const { code, severity, message, help } = diagnostic;
    const range = span && rangeOf(span);
    return {
      description: redact(help === undefined ? message : `${message}; ${help}`),
      check_name: code,
      fingerprint: prints[at],
      severity: severities[severity],
      location: {
        path: range?.file ?? `${folder}plumbline.yaml`,
        lines: { begin: range?.line ?? 1, end: range?.endLine ?? 1 },
      },
    };
  });
  return `${spellJson(report)}\n`;
}
