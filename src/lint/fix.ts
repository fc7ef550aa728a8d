import type { Edit } from "../diagnostics/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { LintFinding } from "./finding.ts";

/** The files that fixes change, with their new text. Of edits that overlap, the first in the file is made. */
export function applyFixes(findings: readonly LintFinding[]): readonly SourceFile[] {
  const byFile = new Map<SourceFile, Edit[]>();
  for (const { fix } of findings) {
    if (!fix) continue;
    const edits = byFile.get(fix.file);
    if (edits) edits.push(fix);
    else byFile.set(fix.file, [fix]);
  }
  return [...byFile].map(([file, edits]) => ({ path: file.path, text: edited(file.text, edits) }));
}

function edited(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, text: written } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) continue;
    pieces.push(text.slice(at, start), written);
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join("");
}
