// npm run docs : the pages of docs/ as a site, in docs/site/dist. They are copied beside the packages of the site first: what a
// page imports is looked for from where the page stands.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const site = dirname(fileURLToPath(import.meta.url));
const docs = join(site, "..");
const pages = join(site, "pages");

if (!existsSync(join(site, "node_modules")))
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: site, stdio: "inherit" });
rmSync(pages, { recursive: true, force: true });
for (const name of readdirSync(docs))
  if (name !== "site") cpSync(join(docs, name), join(pages, name), { recursive: true });
execFileSync(process.execPath, [join(site, "node_modules/vitepress/bin/vitepress.js"), "build", site], {
  stdio: "inherit",
});
