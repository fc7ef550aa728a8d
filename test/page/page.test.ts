import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wovenTexts } from "../../bench/woven.ts";
import type { PageConnection, PageData } from "../../src/answers/page/page-data.ts";
import { renderPageHtml } from "../../src/answers/page/page-html.ts";
import { renderReportPage } from "../../src/answers/page/report-page.ts";
import { compileUnverified, verifyFiles } from "../../src/answers/verify-files.ts";
import { runProgram } from "../../src/commands/program.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { exampleInputs } from "../reachability/example.ts";
import { open, openBrowser, violations } from "./browser.ts";

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "plumbline-page-"));
const file = join(folder, "report.html");

function pageOf(inputs: Inputs): string {
  const meant = compileUnverified(inputs);
  if ("findings" in meant) throw new Error("the intents are wrong");
  const { clusters, out } = meant.project;
  const done = clusters.flatMap(({ name }) => {
    const own = meant.compiled.files.filter((one) => one.path.startsWith(`${name}/`));
    return (
      verifyFiles(
        meant,
        name,
        own.map((one) => ({ ...one, path: `${out}/${one.path}` })),
      ) ?? []
    );
  });
  return renderReportPage(meant, done, { view: "picture" });
}

beforeAll(async () => {
  browser = await openBrowser();
  writeFileSync(file, pageOf(exampleInputs()));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  [1440, false],
  [390, true],
])("%i pixels wide", (width, dark) => {
  test.each(["picture", "matrix", "connections", "assumptions"])(
    "%s: fits, is accessible, loads nothing",
    async (view) => {
      const { page, requests, errors } = await open(browser, file, width, `#view=${view}`, dark);
      expect(await violations(page)).toEqual([]);
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect([wide, requests, errors]).toEqual([0, [], []]);
      await page.close();
    },
  );
});

test("a click on a box shows its neighbours and its connections, Escape everything again", async () => {
  const { page } = await open(browser, file, 1440);
  expect(await page.getByRole("button", { name: /^batch/ }).count()).toBe(1);
  await page.getByRole("button", { name: /^pci/ }).click();
  expect(await page.getByRole("button", { name: /^batch/ }).count()).toBe(0);
  expect(await page.getByRole("button", { name: /^edge/ }).count()).toBeGreaterThan(0);
  expect(await page.getByText("Connections of isolationzone/pci").count()).toBe(1);
  expect(page.url()).toContain("focus=isolationzone");
  await page.keyboard.press("Escape");
  expect(await page.getByRole("button", { name: /^batch/ }).count()).toBe(1);
  await page.close();
});

test("a connection opens to its hops, its objects and its lines; the search finds it by port", async () => {
  const { page } = await open(browser, file, 1440, "#view=connections");
  await page.keyboard.press("/");
  await page.keyboard.type("8443 pci");
  expect(await page.locator("tbody tr").count()).toBe(1);
  await page.locator("tbody button").first().press("Enter");
  const opened = await page.locator(".details").innerText();
  for (const words of [
    "intents/pairs/edge.yaml:",
    "its rule `iifname",
    "MultiNetworkPolicy web/",
    "out/east/pairs/edge.yaml:",
  ])
    expect(opened).toContain(words);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("/");
  await page.getByRole("searchbox").fill("no such thing");
  expect(await page.getByText("No connection is found.").count()).toBe(1);
  await page.close();
});

test("the matrix is walked by arrow keys, and Enter opens a cell", async () => {
  const { page } = await open(browser, file, 1440, "#view=matrix");
  await page.locator("[role=gridcell][tabindex='0']").focus();
  const focused = "document.activeElement.getAttribute('aria-label')";
  let label = (await page.evaluate(focused)) as string;
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"]) {
    await page.keyboard.press(key);
    // The focus follows when the page is drawn anew. The page's policy forbids a poll inside of it.
    await expect.poll(() => page.evaluate(focused)).not.toBe(label);
    label = (await page.evaluate(focused)) as string;
  }
  expect(label).toMatch(/^isolationzone\/corp to \S+: /);
  await page.keyboard.press("Enter");
  expect(await page.locator("section h3").first().innerText()).toBe(label.split(":")[0]);
  await page.close();
});

test("boxes are walked by arrow keys, and Enter shows neighbours", async () => {
  const { page } = await open(browser, file, 1440);
  await page.locator(".node[tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.evaluate("document.activeElement.getAttribute('data-index')")).toBe("1");
  await page.keyboard.press("Enter");
  expect(page.url()).toContain("focus=");
  await page.close();
});

test("a zoom button changes the scale, and Fit takes it back", async () => {
  const { page } = await open(browser, file, 1440);
  const transform = () => page.locator(".picture svg > g").getAttribute("transform");
  const before = await transform();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(transform).not.toBe(before);
  await page.getByRole("button", { name: "Fit" }).click();
  await expect.poll(transform).toBe(before);
  await page.close();
});

const evil = `</script><img src=x onerror="globalThis.hacked=1"><b>\u202e&quot;'`;

test("no name gets out of its place", async () => {
  const line = { place: evil, text: evil };
  const connection: PageConnection = {
    from: evil,
    to: `isolationzone/${evil}`,
    services: [evil],
    way: [evil],
    by: "gateway",
    fromPods: [evil],
    toPods: [evil],
    because: [line],
    assumed: [evil],
    traces: [{ packet: evil, hops: [{ at: evil, text: evil, place: evil }] }],
  };
  const node = {
    id: evil,
    kind: "zone",
    title: evil,
    subtitle: evil,
    lines: [evil],
    x: 0,
    y: 0,
    width: 200,
    height: 90,
  };
  const data: PageData = {
    title: evil,
    view: "connections",
    compared: evil,
    findings: [{ severity: "error", code: evil, text: evil, place: evil }],
    clusters: [
      {
        name: evil,
        connections: [connection],
        assumed: [evil],
        admission: [evil],
        expectations: [line],
        picture: {
          width: 200,
          height: 90,
          nodes: [node],
          edges: [
            {
              from: evil,
              to: evil,
              kind: "eth0",
              labels: [evil],
              points: [
                { x: 0, y: 0 },
                { x: 9, y: 9 },
              ],
            },
          ],
        },
        changes: [{ sort: "connection", effect: "opens", mark: "+", text: evil, place: evil, details: [evil] }],
      },
    ],
  };
  const html = renderPageHtml(data);
  expect(html.match(/<script/g)?.length).toBe(2);
  expect(html).not.toContain("<img");
  const hostile = join(folder, "hostile.html");
  writeFileSync(hostile, html);
  for (const view of ["picture", "matrix", "connections", "assumptions", "changes"]) {
    const { page, requests, errors } = await open(browser, hostile, 1440, `#view=${view}`);
    if (view === "connections") await page.locator("tbody button").first().click();
    expect(
      await page.evaluate("[globalThis.hacked, document.images.length, document.querySelectorAll('b').length]"),
    ).toEqual([undefined, 0, 0]);
    expect([requests, errors]).toEqual([[], []]);
    await page.close();
  }
});

test("the policy of the page lets nothing else run or load", async () => {
  const { page } = await open(browser, file, 1440);
  const blocked = await page.evaluate(`(async () => {
    const script = document.createElement("script");
    script.textContent = "globalThis.hacked = 1";
    document.body.append(script);
    const loaded = await fetch("http://127.0.0.1:9/").then(() => "loaded", () => "refused");
    return [globalThis.hacked, loaded];
  })()`);
  expect(blocked).toEqual([undefined, "refused"]);
  await page.close();
});

test("500 zones: under 3 MB, few elements, a first paint, no fault", async () => {
  const texts = [...wovenTexts(770)].map(([path, text]) => ({ path, text }));
  const of = (start: string) => texts.filter((one) => one.path.startsWith(start));
  const [project] = of("plumbline.yaml");
  const workloads = of("workloads/").map((one) => ({ file: one, namespace: undefined }));
  const html = pageOf({
    project,
    intents: of("intents/"),
    workloads,
    lock: undefined,
    templates: [],
  } as unknown as Inputs);
  expect(html.length).toBeLessThan(3_000_000);
  const large = join(folder, "large.html");
  writeFileSync(large, html);
  for (const [view, most] of [
    ["picture", 8_000],
    ["matrix", 3_000],
    ["connections", 3_500],
  ] as const) {
    const { page, errors } = await open(browser, large, 1440, `#view=${view}`);
    expect(await page.evaluate("document.querySelectorAll('*').length"), view).toBeLessThan(most);
    expect(await page.evaluate("performance.getEntriesByName('first-contentful-paint').length"), view).toBe(1);
    expect(await violations(page), view).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  }
}, 400_000);

test("verify, graph and diff give the same page, each with its view first", async () => {
  for (const [command, title] of [
    ["verify", "Matrix east"],
    ["graph", "Picture east"],
    ["diff", "Changes: out/ and the intents east"],
  ] as const) {
    let out = "";
    const io = {
      cwd: process.cwd(),
      out: (text: string) => (out += text),
      err: () => {},
      terminal: false,
      process: { id: 1, isAlive: () => false },
      now: () => 0,
    };
    expect(await runProgram([command, "--format", "html"], io, { noColor: true }), command).toBe(0);
    const own = join(folder, `${command}.html`);
    writeFileSync(own, out);
    const { page, errors } = await open(browser, own, 1440);
    expect((await page.locator("h2").innerText()).trim()).toBe(title);
    expect([await violations(page), errors]).toEqual([[], []]);
    await page.close();
  }
}, 120_000);
