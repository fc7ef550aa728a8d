// Bundles the program into dist/: plain ES modules, nothing to install beside them.
//   plumbline.js   the command. It loads the module of a command when that command runs, so `--help` reads little.
//   index.js       the library; index.cjs is the same for programs that use require().
//   chunk-*.js     what the modules share. Names carry a hash of their content.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

// The code that git does not track: validators, templates, pages.
execFileSync(process.execPath, ["--import", "tsx", "scripts/generate.ts", "--code"], { stdio: "inherit" });

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
await build({
  ...shared,
  format: "esm",
  splitting: true,
  outdir: "dist",
  entryPoints: { plumbline: "src/main.ts", index: "src/api.ts" },
  chunkNames: "chunk-[hash]",
  // Some packages are CommonJS and ask for modules of Node with require().
  banner: {
    js: 'import { createRequire as nodeRequire } from "node:module"; const require = nodeRequire(import.meta.url);',
  },
});
await build({ ...shared, format: "cjs", outfile: "dist/index.cjs", entryPoints: ["src/api.ts"] });
chmodSync("dist/plumbline.js", 0o755);
