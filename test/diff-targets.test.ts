import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";
import type { Difference } from "../src/verify/report/diff.ts";
import { pageProject } from "./page-project.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-targets-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function plumbline(...argv: string[]) {
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
  return { exit: await runProgram(argv, io, { noColor: true }), out, err };
}

/** Two zones and a firewall between them; their uplink has a name for OVN too, unless it is taken away. */
function project(physicalNetwork = ", physicalNetwork: physnet1"): void {
  const text = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"]${physicalNetwork}}
    - {name: spare, interface: bond2}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
---
apiVersion: plumbline.dev/v1alpha1
kind: FirewallPair
metadata: {name: edge}
spec:
  namespace: fw-edge
  legs:
    - {name: inside, zone: corp}
    - {name: outside, zone: pci}
  rules:
    - {name: web, from: {zone: corp}, to: {zone: pci}, ports: [tcp/8443]}
  image: registry.example.com/netfw@sha256:7d1a5c0be8f3f0a94fdc8a2c6a5f6e8d1b3c9e7f2a4d6b8c0e1f3a5b7c9d1e3f
`;
  for (const [path, content] of pageProject(text)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

test("the same intents on two targets: what is lost, what changes, and nothing is written", async () => {
  project();
  const { exit, out, err } = await plumbline("diff", "--targets", "multus,ovn-kubernetes", "--format", "json");
  expect(err).toBe("");
  expect(exit).toBe(0);
  const { objects, connections, losses } = (JSON.parse(out) as Record<string, Difference>).main as Difference;
  const lost = losses.find((one) => one.text.includes("firewall"));
  // Of the owner `ovn`: a target is not always called as its codes are.
  expect(losses.map((one) => one.code)).toContain("ovn/no-writer");
  expect(lost?.text).toBe(
    "target `ovn-kubernetes` has firewall pairs only in part, and not what is needed here: firewallpair/edge is compiled without this",
  );
  expect(losses.every((one) => one.at?.startsWith("intents/all.yaml:"))).toBe(true);
  expect(objects.some((one) => one.change === "removed" && one.object.startsWith("NetworkAttachmentDefinition "))).toBe(
    true,
  );
  expect(objects.some((one) => one.change === "added" && one.object.includes("UserDefinedNetwork "))).toBe(true);
  expect(connections).toContainEqual(
    expect.objectContaining({ change: "removed", from: "isolationzone/corp", to: "isolationzone/pci", after: [] }),
  );
  expect((await plumbline("check", "--frozen")).exit).toBe(1);
});

test("losses stand under the clusters whose intents they are of, in every form", async () => {
  const shop = ["-C", join(import.meta.dirname, ".."), "diff", "--targets", "multus,ovn-kubernetes"];
  const all = JSON.parse((await plumbline(...shop, "--format", "json")).out) as Record<string, Difference>;
  const at = (cluster: string) => all[cluster]?.losses.map((one) => one.at?.split(":")[0]) ?? [];
  expect(at("east")).toContain("intents/zones/pci.yaml");
  expect(at("west")).not.toContain("intents/zones/pci.yaml");
  expect(at("west")).toContain("intents/pairs/edge.yaml");
  // A VLAN that another platform calls otherwise is the same VLAN.
  expect(all.west?.connections).toEqual([]);
  expect(all.east?.connections.filter((one) => one.opened.length > 0)).toEqual([]);
  const text = (await plumbline(...shop)).out;
  const markdown = (await plumbline(...shop, "--format", "markdown")).out;
  for (const { text: words } of all.east?.losses ?? []) {
    expect(text).toContain(words);
    expect(markdown).toContain(words.replaceAll("<", "&lt;"));
  }
  for (const part of ["connections", "objects"]) expect(text).toContain(`\n${part}\n`);
  expect(markdown).toContain("### Network of west");
});

test("what hangs on something left out is told with its cause, and no error of its own", async () => {
  const shop = ["-C", join(import.meta.dirname, ".."), "diff", "--targets", "multus,kube-ovn"];
  const all = JSON.parse((await plumbline(...shop, "--format", "json")).out) as Record<string, Difference>;
  const losses = all.east?.losses ?? [];
  expect(losses.map((one) => one.code)).not.toContain("intent/unknown-reference");
  expect(losses.filter((one) => one.leftOut !== undefined)).toEqual([
    expect.objectContaining({
      code: "kubeovn/one-namespace",
      leftOut: "isolationzone/pci",
      alsoLeftOut: ["expectation/pci-scope", "firewallpair/edge"],
    }),
    expect.objectContaining({ code: "kubeovn/closes-its-own", leftOut: "isolationzone/batch", alsoLeftOut: [] }),
  ]);
  for (const form of ["text", "markdown"])
    expect((await plumbline(...shop, "--format", form)).out).toContain(
      "; isolationzone/pci is left out, and with it expectation/pci-scope, firewallpair/edge\n",
    );
});

test("intents that are wrong for every target are errors, and no losses", async () => {
  project();
  const path = join(root, "intents/all.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("zone: pci", "zone: pcl"));
  const { exit, out, err } = await plumbline("diff", "--targets", "multus,ovn-kubernetes");
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err.match(/^error.*/gm)).toEqual(["error[intent/unknown-reference]: no IsolationZone is called `pcl`"]);
});

test("the same target twice is no difference", async () => {
  project();
  expect((await plumbline("diff", "--targets", "multus,multus", "--fail-on", "added")).out).toBe(
    "main\nno difference\n",
  );
});

test("what the ground lacks is no loss: nothing is compared until it is there", async () => {
  project("");
  const { exit, out, err } = await plumbline("diff", "--targets", "multus,ovn-kubernetes");
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toContain("error[ovn/no-physical-network]");
  expect(await plumbline("diff", "--targets", "multus,ovn")).toMatchObject({ exit: 2, out: "" });
});
