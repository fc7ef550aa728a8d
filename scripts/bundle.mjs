// Bundles src/cli.ts into dist/plumbline.js: one file, nothing to install beside it.
import { chmodSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: ["src/cli.ts"],
  outfile: "dist/plumbline.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  legalComments: "none",
  banner: { js: "#!/usr/bin/env node" },
  logLevel: "warning",
});

// The bundle is CommonJS, which starts faster than modules do; the package itself is not.
writeFileSync("dist/package.json", '{"type":"commonjs"}\n');
chmodSync("dist/plumbline.js", 0o755);
