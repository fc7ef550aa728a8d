import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { buildExpectedIndex } from "../../src/verify/expected/expected-index.ts";
import { listConnections } from "../../src/verify/report/connections.ts";
import { buildTable } from "../../src/verify/report/table.ts";
import { verifyCluster } from "../../src/verify/verify-cluster.ts";
import { CASES } from "../cases-runner.ts";
import { exampleInputs } from "./example.ts";

/** Who reaches whom by a firewall, and what is wrong with that: the same whatever attaches the legs. */
function crossings(inputs: Inputs): readonly string[] {
  const { plans, instances, files, diagnostics } = compile(inputs);
  expect(diagnostics.filter((one) => one.severity === "error").map((one) => one.message)).toEqual([]);
  const [plan] = plans;
  if (!plan) throw new Error("no plan");
  const known = { plan, instances: instances.get(plan.cluster.name) ?? [] };
  const { flows, expected } = verifyCluster(known, files, inputs.workloads);
  return buildTable(listConnections(flows, buildExpectedIndex(expected)), { by: "workload" })
    .filter((row) => row.way.some((one) => one.startsWith("firewallpair/")))
    .map(({ from, to, services, way }) => `${from} to ${to} by ${services.join(", ")} through ${way.join(", ")}`);
}

function changed(inputs: Inputs, from: string | RegExp, to: string): Inputs {
  const intents = inputs.intents.map((file) => ({ ...file, text: file.text.replace(from, to) }));
  expect(intents).not.toEqual(inputs.intents);
  return { ...inputs, intents };
}

const onOvn = exampleInputs(join(CASES, "output/pair-of-two-targets"));
const byClaim = exampleInputs(join(CASES, "output/pair-by-claim-and-annotation"));
const zoneOfMultus = "  namespaces: [payments]\n  target: multus\n";

test("a pair between Multus and a Localnet lets through what one of Multus alone does", () => {
  const both = crossings(onOvn);
  expect(both).toEqual([
    "Deployment web/shop to Deployment payments/card by tcp/8443 through firewallpair/edge",
    "Deployment web/shop to StatefulSet payments/db by tcp/8443 through firewallpair/edge",
    "StatefulSet payments/db to Deployment web/shop by tcp/9000 through firewallpair/edge",
  ]);
  expect(crossings(changed(onOvn, "  namespaces: [payments]\n", zoneOfMultus))).toEqual(both);
});

test("a pair between Multus and a VLAN of Kube-OVN lets through what one of Multus alone does", () => {
  const inputs = exampleInputs(join(CASES, "output/pair-on-kube-ovn"));
  const both = crossings(inputs);
  expect(both).toHaveLength(5);
  const zones = changed(inputs, "  namespaces: [payments]\n", zoneOfMultus);
  expect(crossings(changed(zones, "  network: {uplink: data", "  target: multus\n  network: {uplink: data"))).toEqual(
    both,
  );
});

test("pairs between Multus and DRA let through what pairs of either alone do", () => {
  const both = crossings(byClaim);
  expect(both).toHaveLength(3);
  const alone = changed(byClaim, "  namespaces: [payments]\n  target: dra\n", zoneOfMultus);
  expect(crossings(alone)).toEqual(both);
  expect(crossings(changed(alone, "  target: dra\n  namespace: fw-back", "  namespace: fw-back"))).toEqual(both);
});
