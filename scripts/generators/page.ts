import { readFileSync } from "node:fs";
import { buildSync, transformSync } from "esbuild";

/** Script and style of the report's page (`page/`), as they stand in every page that is written. */
export const page = {
  path: "src/generated/page.json",
  make(): string {
    const { outputFiles } = buildSync({
      entryPoints: ["page/main.ts"],
      bundle: true,
      write: false,
      minify: true,
      format: "iife",
      platform: "browser",
      target: "es2022",
      legalComments: "none",
      charset: "ascii",
      logLevel: "error",
    });
    const style = transformSync(readFileSync("page/style.css", "utf8"), { loader: "css", minify: true }).code.trim();
    return `${JSON.stringify({ script: outputFiles[0]?.text.trim(), style })}\n`;
  },
};
