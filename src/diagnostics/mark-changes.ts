/**
 * The YAML examples of a rule's page with the lines that differ marked in the margin, for a terminal: `-` in the wrong one, `+` in the
 * right one. Lines that both have keep an empty margin. Fences are left out; everything else of the page stays.
 */
export function markChanges(page: string): string {
  const wrong = exampleAt(page, "Wrong");
  const right = exampleAt(page, "Right");
  if (wrong === undefined || right === undefined) return page;
  const common = commonLines(wrong.lines, right.lines);
  const mark = (lines: readonly string[], kept: ReadonlySet<number>, sign: string) =>
    lines.map((line, at) => `${kept.has(at) ? " " : sign} ${line}`.trimEnd()).join("\n");
  return page
    .replace(right.fence, () => mark(right.lines, common.right, "+"))
    .replace(wrong.fence, () => mark(wrong.lines, common.wrong, "-"))
    .replace(/^```text\n([\s\S]*?)\n```$/m, (_fence, printed: string) => printed.replace(/^(?=.)/gm, "  "));
}

interface Example {
  readonly fence: string;
  readonly lines: readonly string[];
}

function exampleAt(page: string, heading: string): Example | undefined {
  const found = new RegExp(`## ${heading}\\n\\n(\`\`\`(?:yaml|hbs)\\n([\\s\\S]*?)\\n\`\`\`)`).exec(page);
  return found ? { fence: found[1] as string, lines: (found[2] as string).split("\n") } : undefined;
}

/** Indexes of the lines of a longest common subsequence. Examples have some twenty lines. */
function commonLines(
  wrong: readonly string[],
  right: readonly string[],
): { readonly wrong: ReadonlySet<number>; readonly right: ReadonlySet<number> } {
  const length = Array.from({ length: wrong.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  const at = (a: number, b: number) => length[a]?.[b] ?? 0;
  for (let a = wrong.length - 1; a >= 0; a--)
    for (let b = right.length - 1; b >= 0; b--)
      (length[a] as number[])[b] = wrong[a] === right[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  const kept = { wrong: new Set<number>(), right: new Set<number>() };
  for (let a = 0, b = 0; a < wrong.length && b < right.length; ) {
    if (wrong[a] === right[b]) {
      kept.wrong.add(a++);
      kept.right.add(b++);
    } else if (at(a + 1, b) >= at(a, b + 1)) a++;
    else b++;
  }
  return kept;
}
