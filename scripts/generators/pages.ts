import { readdirSync, readFileSync } from "node:fs";

const ROOT = "docs/rules";

/** The pages of all codes in one file, so that `plumbline explain` needs no other. */
export const pages = {
  path: "src/generated/pages.json",
  make(): string {
    const entries = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".md") && path.includes("/"))
      .sort()
      .map((path) => [path.slice(0, -3), readFileSync(`${ROOT}/${path}`, "utf8").replace(/^# .*\n\n/, "")]);
    return `${JSON.stringify(Object.fromEntries(entries), null, 1)}\n`;
  },
};
