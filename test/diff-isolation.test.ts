import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "plumbline-isolation-"));
  for (const [path, text] of Object.entries(PROJECT)) put(path, text);
  expect((await plumbline("compile")).exit).toBe(0);
}, 60_000);
afterEach(() => rmSync(root, { recursive: true, force: true }));

const intent = (kind: string, name: string, spec: string) =>
  `apiVersion: plumbline.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${spec}`;
const deployment = (namespace: string, name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "example.com/${name}:1"}]}
`;
const CAMS = "  namespaces: [cams]\n  network: {separation: vlan, uplink: data, vlan: 150, subnets: [10.20.30.0/24]}\n";
const PROJECT: Readonly<Record<string, string>> = {
  "plumbline.yaml": intent("Project", "home", "  clusters: [{name: main, target: multus}]\n"),
  "intents/fabric.yaml": intent(
    "Fabric",
    "lab",
    '  clusters: [main]\n  uplinks: [{name: data, interface: bond0, vlans: ["100-199"]}]\n',
  ),
  "intents/cams.yaml": intent("IsolationZone", "cams", CAMS),
  "intents/shop.yaml": intent(
    "IsolationZone",
    "shop",
    "  namespaces: [shop]\n  network: {separation: vlan, uplink: data, vlan: 160, subnets: [10.20.40.0/24]}\n",
  ),
  "workloads/cams.yaml": `${deployment("cams", "frigate")}---\n${deployment("cams", "mqtt")}`,
  "workloads/shop.yaml": deployment("shop", "web"),
};

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(join(root, path), "utf8");
  expect(text).toContain(from);
  put(path, text.replace(from, to));
}

async function plumbline(...argv: string[]) {
  const said = { out: "", err: "" };
  const io = {
    cwd: root,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  return { exit: await runProgram(argv, io, { noColor: true }), ...said };
}

const OPEN = /opens any pod of any other namespace to .*Deployment cams\/frigate, Deployment cams\/mqtt.*: everything/;

test("a zone that is gone opens its namespace", async () => {
  rmSync(join(root, "intents/cams.yaml"));
  const { exit, out } = await plumbline("diff", "--fail-on", "added");
  expect(exit).toBe(1);
  expect(out).toContain("namespace cams is in no zone any more (before: isolationzone/cams)");
  expect(out).toMatch(OPEN);
  expect(out).toMatch(/opens .*Deployment cams\/frigate.* to \S+.*: everything/);
  expect((await plumbline("diff", "--format", "markdown")).out).toMatch(/\*\*Opens \d+, closes /);
});

test("a zone that is gone with its workloads' manifests opens them too", async () => {
  rmSync(join(root, "intents/cams.yaml"));
  rmSync(join(root, "workloads/cams.yaml"));
  const { exit, out } = await plumbline("diff", "--fail-on", "added");
  expect([exit, out]).toEqual([1, expect.stringMatching(/opens .* to any other pod of cams: everything/)]);
});

test("a namespace that leaves its zone is open", async () => {
  edit("intents/cams.yaml", "[cams]", "[cams-new]");
  put("workloads/new.yaml", deployment("cams-new", "other"));
  const { exit, out } = await plumbline("diff", "--fail-on", "added");
  expect([exit, out]).toEqual([1, expect.stringMatching(OPEN)]);
});

test("a zone that only audits is open", async () => {
  put("intents/cams.yaml", `${PROJECT["intents/cams.yaml"]}  enforcement: audit\n`);
  const { exit, out } = await plumbline("diff", "--fail-on", "added");
  expect(exit).toBe(1);
  expect(out).toContain("isolationzone/cams changes from enforce to audit");
  expect(out).toMatch(/opens any pod of any other namespace to .*Deployment cams\/frigate/);
});

test.each([
  ["VLAN", "vlan: 150", "vlan: 151"],
  ["subnet", "10.20.30.0/24", "10.20.31.0/24"],
])("a %s that moves opens and closes nothing", async (_what, from, to) => {
  edit("intents/cams.yaml", from, to);
  const { exit, out } = await plumbline("diff", "--fail-on", "added");
  expect(out).toContain("connections: the same\nnetworks\n  ~ isolationzone/cams:");
  expect(exit).toBe(0);
});
