// Part of the bundle: makes code of the text that scripts/bundle.mjs puts in place of __LATE__.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { originOf, FILE_NAME } = require("./code-origin.cjs");

let loaded;

module.exports = () => {
  loaded ??= load(__LATE__);
  return loaded;
};

function load(text) {
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
