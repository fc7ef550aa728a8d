// Bundles src/cli.ts into dist/plumbline.js: one file, nothing to install beside it.
// What commands import when they run is in it as a text, and becomes code only then: V8 would otherwise read a megabyte
// of source before `--help` could print a line.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { build } from "esbuild";

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};

/** Absolute paths of the modules that are imported when they are needed. */
const late = new Set();

const nameOf = (path) => relative("src", path);

/** Stands in for modules that are imported when they are needed, each by its path from src on. */
const lateModules = {
  name: "late-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const whole = resolve(dirname(importer), path);
      late.add(whole);
      return { path: whole, namespace: "late" };
    });
    onResolve({ filter: /^late-text$/ }, ({ path }) => ({ path, namespace: "late-text" }));
    onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({
      contents: `module.exports = require("late-text")()[${JSON.stringify(nameOf(path))}]`,
    }));
    onLoad({ filter: /.*/, namespace: "late-text" }, () => ({ contents: LATE_TEXT }));
  },
};

const LATE_TEXT = `
const { Script } = require("node:vm");
let loaded;
module.exports = () => {
  if (!loaded) {
    const text = "(function (exports, require, module) {" + __LATE__ + "})";
    const target = { exports: {} };
    new Script(text, { filename: "plumbline-commands.js" }).runInThisContext()(target.exports, require, target);
    loaded = target.exports;
  }
  return loaded;
};`;

const [front] = (
  await build({
    ...shared,
    entryPoints: ["src/cli.ts"],
    banner: { js: "#!/usr/bin/env node" },
    plugins: [lateModules],
    write: false,
  })
).outputFiles;

const entry = [...late]
  .sort()
  .map((path) => `export * as ${JSON.stringify(nameOf(path))} from ${JSON.stringify(path)};`);
const [rest] = (
  await build({
    ...shared,
    stdin: { contents: entry.join("\n"), resolveDir: process.cwd(), sourcefile: "commands.ts", loader: "ts" },
    write: false,
  })
).outputFiles;

const text = JSON.stringify(rest.text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
mkdirSync("dist", { recursive: true });
writeFileSync(
  "dist/plumbline.js",
  front.text.replace("__LATE__", () => text),
);
// The bundle is CommonJS, which starts faster than modules do; the package itself is not.
writeFileSync("dist/package.json", '{"type":"commonjs"}\n');
chmodSync("dist/plumbline.js", 0o755);
