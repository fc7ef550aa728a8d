import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";
import type { Difference } from "../src/verify/report/diff.ts";
import { pageProject } from "./page-project.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-networks-"));
  for (const [path, content] of pageProject(FABRIC)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FABRIC = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"]}
    - {name: spare, interface: bond2, vlans: ["100-199"]}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
`;

async function plumbline(...argv: string[]) {
  let out = "";
  const io = {
    cwd: root,
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  return { exit: await runProgram(argv, io, { noColor: true }), out };
}

function edit(from: string, to: string): void {
  const path = join(root, "intents/all.yaml");
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

const PCI = "uplink: data, vlan: 110, subnets: [10.10.0.0/24]";

test("what changes of a network has a line of its own, in every form", async () => {
  expect((await plumbline("compile")).exit).toBe(0);
  expect((await plumbline("diff")).out).toBe("main\nno difference\n");
  edit(PCI, 'uplink: spare, vlan: 111, mtu: 1400, subnets: [10.11.0.0/24, "fd00:11::/64"]');
  const { out } = await plumbline("diff");
  expect(/\nnetworks\n([\s\S]*?)objects\n/.exec(out)?.[1]).toBe(`\
  ~ isolationzone/pci: VLAN 110 -> 111  (intents/all.yaml:3)
  ~ isolationzone/pci: uplink bond1 -> bond2  (intents/all.yaml:3)
  ~ isolationzone/pci: subnets 10.10.0.0/24 -> 10.11.0.0/24 fd00:11::/64  (intents/all.yaml:3)
  ~ isolationzone/pci: MTU 1500 -> 1400  (intents/all.yaml:3)
`);
  expect((await plumbline("diff", "--format", "markdown")).out).toContain(`
#### Networks

| Network | What | Change | Because of |
|---|---|---|---|
| isolationzone/pci | VLAN | 110 -> 111 | \`intents/all.yaml:3\` |
| isolationzone/pci | uplink | bond1 -> bond2 | \`intents/all.yaml:3\` |
| isolationzone/pci | subnets | 10.10.0.0/24 -> 10.11.0.0/24 fd00:11::/64 | \`intents/all.yaml:3\` |
| isolationzone/pci | MTU | 1500 -> 1400 | \`intents/all.yaml:3\` |
`);
  const all = JSON.parse((await plumbline("diff", "--format", "json")).out) as Record<string, Difference>;
  expect(all.main?.networks[0]).toEqual({
    network: "isolationzone/pci",
    what: "VLAN",
    before: "110",
    after: "111",
    because: "intents/all.yaml:3",
  });
});

test("a network without a VLAN has none, and one that is new or gone has no line", async () => {
  expect((await plumbline("compile")).exit).toBe(0);
  edit(`separation: vlan, ${PCI}`, "separation: physical, uplink: spare, subnets: [10.10.0.0/24]");
  expect((await plumbline("diff")).out).toMatch(
    /\nnetworks\n {2}~ isolationzone\/pci: VLAN 110 -> none .*\n {2}~ isolationzone\/pci: uplink bond1 -> bond2 .*\nobjects/,
  );
  writeFileSync(join(root, "out/main/inventory.json"), "{");
  expect((await plumbline("diff")).out).not.toContain("\nnetworks\n");
});

test("networks that a workload brings along are told of as what its zone's guard now admits", async () => {
  expect((await plumbline("compile")).exit).toBe(0);
  const path = join(root, "workloads/all.yaml");
  const text = readFileSync(path, "utf8");
  const labels = "      labels: {app: shop}\n";
  expect(text).toContain(labels);
  const bring = "      annotations: {k8s.v1.cni.cncf.io/networks: trunk@up0}\n";
  writeFileSync(path, text.replace(labels, labels + bring));
  const line = "zone corp's guard now also admits network web/trunk, for pods of namespace web";
  const { out } = await plumbline("diff");
  expect(/\nguards\n([\s\S]*?)objects\n/.exec(out)?.[1]).toBe(`  + ${line}\n`);
  expect((await plumbline("diff", "--format", "markdown")).out).toContain(`\n#### Guards\n\n- ${line}\n`);
  const all = JSON.parse((await plumbline("diff", "--format", "json")).out) as Record<string, Difference>;
  expect(all.main?.guards).toEqual([{ change: "added", zone: "corp", namespace: "web", network: "web/trunk" }]);
  expect((await plumbline("compile")).exit).toBe(0);
  writeFileSync(path, text);
  expect((await plumbline("diff")).out).toContain(
    "\nguards\n  - zone corp's guard no longer admits network web/trunk, for pods of namespace web\nobjects\n",
  );
});

test("networks of the output itself are no word about guards", async () => {
  expect((await plumbline("compile")).exit).toBe(0);
  const path = join(root, "workloads/all.yaml");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replaceAll("name: shop", "name: store"));
  edit("name: corp", "name: staff");
  const { out } = await plumbline("diff");
  expect(out).toContain("ConfigMap plumbline-guards/zone-staff");
  expect(out).not.toContain("\nguards\n");
});
