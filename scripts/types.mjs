// Writes the declarations of the library beside the bundle: one file, since src/api.ts says everything itself.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "plumbline-types-"));
try {
  const tsc = join("node_modules", ".bin", "tsc");
  execFileSync(tsc, ["-p", "tsconfig.types.json", "--outDir", folder], { stdio: "inherit" });
  const text = readFileSync(join(folder, "api.d.ts"), "utf8");
  if (/\bfrom "|\bimport\(/.test(text)) throw new Error("src/api.ts shows types of other files: say them there");
  for (const name of ["index.d.ts", "index.d.cts"]) writeFileSync(join("dist", name), text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
