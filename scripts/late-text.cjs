// Part of the bundle: makes code of the text that scripts/bundle.mjs puts behind it, in a comment.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { originOf, FILE_NAME } = require("./code-origin.cjs");
const { optimiseLater } = require("./optimise-later.cjs");

/** What the text stands behind. The last one of the file counts: the bundle holds this line too. */
exports.MARK = "/*late\n";
/** The end of a comment, where the text has it. */
exports.SPLIT_END = "*@@/";

let loaded;

exports.late = () => {
  loaded ??= load(ownText());
  return loaded;
};

/** The bundle is ASCII, so its bytes are its characters. */
function ownText() {
  const whole = readFileSync(__filename, "latin1");
  const start = whole.lastIndexOf(exports.MARK) + exports.MARK.length;
  return whole.slice(start, whole.lastIndexOf("*/")).replaceAll(exports.SPLIT_END, "*/");
}

function load(text) {
  // A program that imports the library keeps its own flags.
  if (require.main?.filename === __filename) optimiseLater();
  const cachedData = cached(originOf(text));
  const script = new Script(text, { filename: FILE_NAME, ...(cachedData && { cachedData }) });
  const target = { exports: {} };
  script.runInThisContext()(target.exports, require, target);
  return target.exports;
}

/** The code that stands beside this file, if this very Node made it from this very text. */
function cached(origin) {
  try {
    const bytes = readFileSync(join(__dirname, "plumbline.cache"));
    return bytes.toString("latin1", 0, origin.length) === origin ? bytes.subarray(origin.length) : undefined;
  } catch {
    return undefined;
  }
}
