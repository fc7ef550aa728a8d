import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { buildExpectedIndex } from "../../src/verify/expected/expected-index.ts";
import { listConnections } from "../../src/verify/report/connections.ts";
import { buildTable } from "../../src/verify/report/table.ts";
import { verifyCluster } from "../../src/verify/verify-cluster.ts";
import { pageInputs } from "../page-project.ts";

/** The page's project: `corp` is the zone of one Deployment, `shop`, which this gives so many pods. */
function corp(replicas: number, tamper: (text: string) => string = (text) => text) {
  const inputs = pageInputs(`apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`);
  const { files, plans, instances } = compile(inputs);
  const [plan] = plans;
  if (!plan) throw new Error("the page's project does not compile");
  const written = files.map(({ path, text }) => ({ path: `out/${path}`, text: tamper(text) }));
  const known = { plan, instances: instances.get("main") ?? [] };
  const { flows, expected, diagnostics } = verifyCluster(known, written, inputs.workloads);
  const rows = buildTable(listConnections(flows, buildExpectedIndex(expected)), { by: "party" });
  const own = rows
    .filter((row) => row.from.endsWith("corp") && row.to.endsWith("corp"))
    .map((row) => row.way.join(" "));
  return {
    own,
    errors: diagnostics.filter((one) => one.severity === "error").map(({ code, message }) => `${code} ${message}`),
  };
}

test("pods of the only workload of a zone reach each other on its network", () => {
  expect(corp(2).own).toEqual(["eth0", "link bond1 vlan 120"]);
  expect(corp(1).own).toEqual(["eth0"]);
});

test("what closes the network to its own members is noticed, with one workload too", () => {
  const withoutSameZone = (text: string) =>
    text
      .split("---\n")
      .filter((one) => !/kind: MultiNetworkPolicy\nmetadata:\n {2}name: zone-corp--same-zone/.test(one))
      .join("---\n");
  expect(corp(2).errors).toEqual([]);
  expect(corp(2, withoutSameZone).errors).toEqual([
    expect.stringContaining("verify/missing-path Deployment web/shop cannot reach Deployment web/shop"),
  ]);
});
