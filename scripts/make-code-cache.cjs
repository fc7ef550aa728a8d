// Writes dist/plumbline.cache: the code of the text on standard input, as V8 keeps it once the example was compiled with it.
const { readFileSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");
const { FILE_NAME, originOf } = require("./code-origin.cjs");
const { optimiseLater } = require("./optimise-later.cjs");

optimiseLater();
const text = readFileSync(0, "utf8");
const script = new Script(text, { filename: FILE_NAME });
const target = { exports: {} };
script.runInThisContext()(target.exports, require, target);

let said = "";
const io = { cwd: process.cwd(), out: () => undefined, err: (more) => (said += more), terminal: false, now: () => 0 };
const common = { root: process.cwd(), folder: "", format: "text", colour: false, strict: false, quiet: true, version: "" };
if (target.exports["commands/compile.ts"].check({ frozen: true }, common, io) !== 0)
  console.error(`the example does not compile, so the code of compiling is not all kept:\n${said}`);
writeFileSync("dist/plumbline.cache", Buffer.concat([Buffer.from(originOf(text), "latin1"), script.createCachedData()]));
