const { createHash } = require("node:crypto");

/** The name under which V8 knows the text: of code that was kept, and of code that is made anew. */
exports.FILE_NAME = "plumbline-commands.js";

/** What code must come from to be used. V8 itself compares the length of the text, its own version and its flags. */
exports.originOf = (text) => {
  const digest = createHash("sha256").update(text).digest("hex");
  return `${process.version} ${process.arch} ${process.platform} ${digest}\n`;
};
