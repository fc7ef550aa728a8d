import { redactText } from "../secrets.ts";
import { computeFingerprints } from "./fingerprints.ts";
import { toJsonRange } from "./json.ts";
import type { FormatOptions } from "./names.ts";
import type { LocatedFinding } from "./sort-findings.ts";
import { stringifySafely } from "./stringify-safely.ts";

const severities = { error: "major", warning: "minor", note: "info" } as const;

/** A report of GitLab's Code Quality. What has no place stands at the first line of the project's file. */
export function formatGitlab(located: readonly LocatedFinding[], { folder = "" }: FormatOptions): string {
  const prints = computeFingerprints(located);
  const report = located.map(({ diagnostic, span }, at) => {
    const { code, severity, message, help } = diagnostic;
    const range = span && toJsonRange(span);
    return {
      description: redactText(help === undefined ? message : `${message}; ${help}`),
      check_name: code,
      fingerprint: prints[at],
      severity: severities[severity],
      location: {
        path: range?.file ?? `${folder}plumbline.yaml`,
        lines: { begin: range?.line ?? 1, end: range?.endLine ?? 1 },
      },
    };
  });
  return `${stringifySafely(report)}\n`;
}
