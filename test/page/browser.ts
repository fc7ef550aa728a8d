import { existsSync, readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

/** A browser of the machine. Its absence fails the test: a page that nobody opened is not tested. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error("these tests need Chromium: run `apt-get install chromium`, or set CHROMIUM to the program");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

/** What axe finds wrong on the page as it is now. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await engine.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
  });
}

/** An open page, with what it asked the network for and what went wrong in its script. */
export interface Opened {
  readonly page: Page;
  readonly requests: string[];
  readonly errors: string[];
}

export async function open(browser: Browser, file: string, width: number, hash = "", dark = false): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 850 }, colorScheme: dark ? "dark" : "light" });
  const [requests, errors]: [string[], string[]] = [[], []];
  page.on("request", (one) => {
    if (!one.url().startsWith(`file://${file}`)) requests.push(one.url());
  });
  page.on("pageerror", (one) => errors.push(one.message));
  page.on("console", (one) => {
    if (one.type() === "error") errors.push(one.text());
  });
  await page.goto(`file://${file}${hash}`);
  await page.waitForSelector("main h2");
  return { page, requests, errors };
}
