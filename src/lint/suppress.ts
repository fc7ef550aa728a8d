import { formatSuggestion } from "../diagnostics/suggest.ts";
import type { TextPlace } from "../source/place.ts";
import { countLines, findPosition, readLine, type SourceFile } from "../source/source-file.ts";
import { findSpan } from "../yaml/span.ts";
import { createFinding, type LintFinding } from "./finding.ts";
import { lintRules } from "./rules.ts";

/** `# plumbline: allow nad/unknown-key because the agent reads it`. */
const ALLOW = /(?<=^|\s)#\s*plumbline:\s*allow\s+([^\s#]+)(?:\s+because\s+(\S.*))?/gm;

interface Allowance {
  readonly code: string;
  readonly place: TextPlace;
  readonly hasReason: boolean;
  /** 1-based lines, both included. */
  readonly from: number;
  readonly to: number;
}

/**
 * Takes out what comments allow. A comment counts for its line, or if it has one of its own, for the next line; and for
 * what stands deeper below that line, since within JSON there is no place for a comment.
 */
export function applySuppressions(
  findings: readonly LintFinding[],
  files: readonly SourceFile[],
  codes: readonly string[],
): readonly LintFinding[] {
  const allowances = files.flatMap(allowancesOf);
  if (allowances.length === 0) return findings;
  const used = new Set<Allowance>();
  const kept = findings.filter(({ diagnostic }) => {
    if (!diagnostic.place) return true;
    const { file, start } = findSpan(diagnostic.place);
    const { line } = findPosition(file, start);
    const allowed = allowances.find(
      (one) =>
        one.code === diagnostic.code && one.place.file === file && line >= one.from && line <= one.to && one.hasReason,
    );
    if (allowed) used.add(allowed);
    return !allowed;
  });
  return [...kept, ...allowances.flatMap((one) => judge(one, used.has(one), codes))];
}

function judge(one: Allowance, isUsed: boolean, codes: readonly string[]): readonly LintFinding[] {
  const { code, place } = one;
  if (!codes.includes(code))
    return [
      createFinding(lintRules.diagnose("unknown-code", place, { code }, { help: formatSuggestion(code, codes) })),
    ];
  if (!one.hasReason) return [createFinding(lintRules.diagnose("no-reason", place, { code }))];
  return isUsed ? [] : [createFinding(lintRules.diagnose("unused-allow", place, { code }))];
}

function allowancesOf(file: SourceFile): readonly Allowance[] {
  if (!file.text.includes("plumbline:")) return [];
  return [...file.text.matchAll(ALLOW)].map((match) => {
    const code = match[1] ?? "";
    const { line } = findPosition(file, match.index);
    const from = /^\s*#/.test(readLine(file, line)) ? nextLine(file, line) : line;
    const start = match.index + match[0].indexOf(code);
    const place = { file, start, end: start + code.length };
    return { code, place, hasReason: match[2] !== undefined, from, to: lastBelow(file, from) };
  });
}

/** The next line that is no comment and not empty. */
function nextLine(file: SourceFile, line: number): number {
  const last = countLines(file);
  let next = line + 1;
  while (next < last && /^\s*(#|$)/.test(readLine(file, next))) next++;
  return next;
}

/** The last line that is deeper than a line, of those right below it. */
function lastBelow(file: SourceFile, from: number): number {
  const indent = (line: number) => /^[\s-]*/.exec(readLine(file, line))?.[0].length ?? 0;
  const own = indent(from);
  let last = from;
  for (let line = from + 1; line <= countLines(file); line++) {
    if (readLine(file, line).trim() === "") continue;
    if (indent(line) <= own) break;
    last = line;
  }
  return last;
}
