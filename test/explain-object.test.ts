import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";

const root = join(import.meta.dirname, "..");

/** What the example's own output is explained by. */
async function explain(...what: readonly string[]) {
  let out = "";
  let err = "";
  const io = {
    cwd: root,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  const exit = await runProgram(["explain", ...what], io, { noColor: true });
  return { exit, out, err };
}

const edge = "  made from FirewallPair edge at intents/pairs/edge.yaml:5\n";

test("a line of the output tells its object and its intent", async () => {
  const path = "out/east/pairs/edge.yaml";
  const line = readFileSync(join(root, path), "utf8").split("\n").indexOf("  name: edge-rules") + 1;
  expect(line).toBeGreaterThan(1);
  const told = await explain(`${path}:${line}`);
  expect(told).toMatchObject({ exit: 0, err: "" });
  expect(told.out).toMatch(/^ConfigMap fw-edge\/edge-rules\n {2}stands at out\/east\/pairs\/edge\.yaml:\d+\n/);
  expect(told.out.endsWith(edge)).toBe(true);
});

test("an object tells its intent, an intent its objects", async () => {
  expect((await explain("Deployment/edge-1")).out.endsWith(edge)).toBe(true);
  expect((await explain("Deployment", "fw-edge/edge-1")).out.endsWith(edge)).toBe(true);
  const made = await explain("firewallpair/edge");
  expect(made.out).toMatch(/^FirewallPair edge at intents\/pairs\/edge\.yaml:5\n/);
  expect(made.out).toContain("  made ConfigMap fw-edge/edge-rules at out/east/pairs/edge.yaml:");
  expect(made.out).not.toContain("zone-corp-default-deny");
  expect((await explain("fabric/dc1")).out).toContain("has no object of its own");
});

test("what is not there is said", async () => {
  for (const what of ["firewallpair/nobody", "Deployment/nobody", "out/east/nothing.yaml:1"]) {
    const { exit, out, err } = await explain(what);
    expect({ exit, out }, what).toEqual({ exit: 2, out: "" });
    expect(err, what).toMatch(/^plumbline: /);
  }
});
