import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** A document as somebody follows it: files are written, commands are run, and what is shown of their output must be in it. */
function follow(document: string): number {
  const work = mkdtempSync(join(tmpdir(), "plumbline-tutorial-"));
  try {
    const bin = join(work, ".bin");
    mkdirSync(bin);
    const program = join(root, "dist/plumbline.js");
    writeFileSync(join(bin, "plumbline"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(join(bin, "plumbline"), 0o755);
    let [folder, output, shown] = [work, "", 0];
    for (const [, language, text = ""] of readFileSync(join(root, document), "utf8").matchAll(
      /```(\w+)\n([\s\S]*?)```/g,
    )) {
      const path = language === "yaml" ? /^# (\S+\.yaml)\n/.exec(text)?.[1] : undefined;
      if (path !== undefined) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      } else if (language === "sh") {
        const script = `set -e\n${text}\npwd > "${work}/.folder"\n`;
        const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1" };
        const done = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8", env });
        output = done.stdout + done.stderr;
        expect(done.status, `${text}\n${output}`).toBe(0);
        folder = readFileSync(join(work, ".folder"), "utf8").trim();
      } else if (language === "text") {
        for (const line of text.trimEnd().split("\n")) expect(output).toContain(line);
        shown++;
      }
    }
    return shown;
  } finally {
    rmSync(work, { recursive: true });
  }
}

test("the tutorial does what it says, from an empty folder", { timeout: 120_000 }, () => {
  expect(follow("docs/tutorial.md")).toBeGreaterThan(4);
});

test.each([
  ["virtual-machines", 1],
  ["rename", 1],
  ["remove", 2],
  ["upgrade", 1],
])("the how-to %s does what it says, from an empty folder", { timeout: 120_000 }, (name, shown) => {
  expect(follow(`docs/how-to/${name}.md`)).toBe(shown);
});
