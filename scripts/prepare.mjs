// Bundles the program when it is installed. For a git dependency of a global install (pre-commit makes one), npm installs
// what it is developed with globally too, and not here: then it is installed here first.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

if (!existsSync("node_modules/esbuild")) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_config_(global|location|prefix|local_prefix)$/i.test(name),
  );
  const flags = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", flags, { env: Object.fromEntries(kept), stdio: "inherit", shell: process.platform === "win32" });
}
await import("./bundle.mjs");
