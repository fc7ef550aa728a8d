import { expect, test } from "vitest";
import { markChanges } from "../../src/diagnostics/mark-changes.ts";

const page = (wrong: string, right: string) =>
  `## Wrong\n\n\`\`\`yaml\n${wrong}\n\`\`\`\n\n\`\`\`text\nerror[a/b]: no\n\n  |\n\`\`\`\n\n## Right\n\n\`\`\`yaml\n${right}\n\`\`\`\n`;

test("lines that differ are marked, and no others", () => {
  expect(markChanges(page("kind: A\nname: x\nspec: {}", "kind: A\nname: y\nport: 1\nspec: {}"))).toBe(
    "## Wrong\n\n  kind: A\n- name: x\n  spec: {}\n\n  error[a/b]: no\n\n    |\n\n## Right\n\n  kind: A\n+ name: y\n+ port: 1\n  spec: {}\n",
  );
});

test("dollar signs of an example stay as they are", () => {
  expect(markChanges(page("a: $&", "a: $1"))).toContain("- a: $&");
});

test("a page without two examples is left alone", () => {
  expect(markChanges("## Wrong\n\n```text\na\n```\n")).toBe("## Wrong\n\n```text\na\n```\n");
});
