import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { pages } from "../scripts/generators/pages.ts";

/**
 * The compiler as one bundle, made from src/ when this module is imported (about a second). Tests that compile hundreds of small
 * projects import it instead of src/: a test runner transforms some 700 files one by one, which takes longer than the tests.
 * The bundle stands in node_modules so that the runner does not transform it again.
 */
async function buildCore(): Promise<typeof import("./core-entry.ts")> {
  const root = join(import.meta.dirname, "..");
  const folder = join(root, "node_modules", ".cache", "plumbline-test");
  const outfile = join(folder, `core-${process.pid}-${process.hrtime.bigint()}.mjs`);
  mkdirSync(folder, { recursive: true });
  // A page that was edited a moment ago is the one that is tested.
  const written = join(root, pages.path);
  const text = pages.make();
  if (!existsSync(written) || readFileSync(written, "utf8") !== text) writeFileSync(written, text);
  await build({
    entryPoints: [join(import.meta.dirname, "core-entry.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
  try {
    return await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

export const core = await buildCore();
