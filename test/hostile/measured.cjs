// Loaded before the bundle: on the way out it says what the process took, processor time in milliseconds, memory in MiB.
const { writeFileSync } = require("node:fs");
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const took = { cpu: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024 };
  writeFileSync(process.env.PLUMBLINE_TEST_MEASURE, JSON.stringify(took));
});
