const { setFlagsFromString } = require("node:v8");

/**
 * V8 makes machine code of what has run for some time, and up to some thousands of intents that costs more than it saves:
 * so it waits longer. The number is V8's own matter and was measured on Node 20 only: any other version is left alone.
 * Kept code is refused by a V8 with other flags, so this comes before the code is made, and before it is read.
 */
exports.optimiseLater = () => {
  if (process.version.startsWith("v20.")) setFlagsFromString("--interrupt-budget=2000000");
};
