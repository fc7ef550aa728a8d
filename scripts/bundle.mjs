// Bundles the program into dist/plumbline.js: one file, nothing to install beside it. It is the command, and, for who
// imports it, the library. What commands import when they run is in it as a text, and becomes code only then: V8 would
// otherwise read a megabyte of source before `--help` could print a line.
// dist/plumbline.cache holds that code as V8 keeps it. The bundle works without it, and leaves it alone unless it was made
// by this very Node from this very text. It is made here, once: nothing is written where the program runs.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { build } from "esbuild";

// The code that git does not track: validators, templates, pages.
execFileSync(process.execPath, ["--import", "tsx", "scripts/generate.ts", "--code"], { stdio: "inherit" });

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

const { MARK, SPLIT_END } = createRequire(import.meta.url)("./late-text.cjs");

const API = resolve("src/api.ts");

/** Absolute paths of the modules that are imported when they are needed. */
const late = new Set([API]);

const nameOf = (path) => relative("src", path);

const lateModule = (path) => `require("late-text").late()[${JSON.stringify(nameOf(path))}]`;

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
    onResolve({ filter: /^late-text$/ }, () => ({ path: resolve("scripts/late-text.cjs") }));
    onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({ contents: `module.exports = ${lateModule(path)}` }));
  },
};

/** The command where it is run, the library where it is imported. */
const ENTRY = `if (require.main === module) require("./src/cli.ts"); else module.exports = ${lateModule(API)};`;

const front = await build({
  ...shared,
  stdin: { contents: ENTRY, resolveDir: process.cwd(), sourcefile: "entry.js" },
  banner: { js: "#!/usr/bin/env node" },
  plugins: [lateModules],
  write: false,
});

const names = [...late].sort();
const rest = await build({
  ...shared,
  stdin: {
    // Asked for one by one: what a command does not need is not even begun.
    contents: `module.exports = {\n${names
      .map((path) => `get ${JSON.stringify(nameOf(path))}() { return require(${JSON.stringify(path)}); },`)
      .join("\n")}\n};`,
    resolveDir: process.cwd(),
    sourcefile: "commands.js",
  },
  write: false,
});

/** esbuild leaves regular expressions as they are, and one character beyond ASCII would make two bytes of each. */
const ascii = (code) => code.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

const text = `(function (exports, require, module) {${ascii(rest.outputFiles[0].text)}\n})`;
// The text stands in a comment: V8 passes over it three times as fast as over a string that has to be unescaped.
if (text.includes(MARK) || text.includes(SPLIT_END))
  throw new Error("the text cannot stand in a comment as it is: scripts/late-text.cjs could not find or read it");
mkdirSync("dist", { recursive: true });
writeFileSync("dist/plumbline.js", `${ascii(front.outputFiles[0].text)}${MARK}${text.replaceAll("*/", SPLIT_END)}*/\n`);
chmodSync("dist/plumbline.js", 0o755);
// The bundle is CommonJS, which starts faster than modules do; the package itself is not.
writeFileSync("dist/package.json", '{"type":"commonjs"}\n');
writeFileSync(
  "dist/index.mjs",
  'import bundle from "./plumbline.js";\nexport const compile = bundle.compile;\nexport const verify = bundle.verify;\n',
);
writeFileSync("dist/plumbline.cache", "");
execFileSync(process.execPath, ["scripts/make-code-cache.cjs"], { input: text, stdio: ["pipe", "inherit", "inherit"] });
