// npm run test:docs : the built site (npm run docs) in a browser, at the width of a telephone and of a desk: pages fit, load
// nothing from elsewhere, axe finds nothing, and the search finds a diagnostic. Pictures are kept with `PICTURES=folder`.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { openBrowser, violations } from "../page/browser.ts";

const DIST = join(import.meta.dirname, "../../docs/site/dist");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const PAGES = [
  "index.html",
  "tutorial.html",
  "troubleshooting.html",
  "reference/IsolationZone.html",
  "rules/zone/no-members.html",
  "verification.html",
];

const server = createServer((asked, answer) => {
  const path = join(DIST, normalize(decodeURIComponent(new URL(asked.url ?? "/", "http://localhost").pathname)));
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "index.html") : path;
  if (!existsSync(file)) answer.writeHead(404).end();
  else createReadStream(file).pipe(answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" }));
});

const wrong: string[] = [];
server.listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const browser = await openBrowser();
for (const width of [390, 1440])
  for (const path of PAGES) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on("request", (one) => {
      if (!one.url().startsWith(root) && !one.url().startsWith("data:")) wrong.push(`${path} asks for ${one.url()}`);
    });
    page.on("pageerror", (one) => wrong.push(`${path}: ${one.message}`));
    const answer = await page.goto(root + path, { waitUntil: "networkidle" });
    if (answer?.status() !== 200) wrong.push(`${path} is not there`);
    const over = (await page.evaluate("document.documentElement.scrollWidth - innerWidth")) as number;
    if (over > 0) wrong.push(`${path} is ${over} pixels too wide at ${width}`);
    // Beside its label the search shows the key of the platform, which the theme draws as text.
    const found = (await violations(page)).filter(
      (one) => !/^label-content-name-mismatch: .*DocSearch-Button/.test(one),
    );
    for (const one of found) wrong.push(`${path} at ${width}: ${one}`);
    if (process.env.PICTURES)
      await page.screenshot({ path: join(process.env.PICTURES, `${width}-${path.replaceAll("/", "-")}.png`) });
    await page.close();
  }
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(root, { waitUntil: "networkidle" });
await page
  .getByRole("button", { name: /^Search/ })
  .first()
  .click();
await page.getByRole("searchbox").fill("zone/no-members");
await page.locator(".results a").first().click();
await page.waitForURL(/rules\/zone\/no-members/);
await browser.close();
server.close();
for (const one of new Set(wrong)) console.log(one);
console.log(`${PAGES.length} pages at two widths, and the search: ${new Set(wrong).size} faults`);
if (wrong.length > 0) process.exitCode = 1;
