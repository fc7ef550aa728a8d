import { describe, expect, test } from "vitest";
import { buildGraph } from "../src/graph/build-graph.ts";
import { formatDot } from "../src/graph/format/dot.ts";
import { formatMermaid } from "../src/graph/format/mermaid.ts";
import { formatSvg } from "../src/graph/format/svg.ts";
import type { Graph } from "../src/graph/graph.ts";
import { layOutGraph } from "../src/graph/lay-out.ts";
import type { Plan } from "../src/ir/plan.ts";
import { collectExpectations } from "../src/kinds/expects.ts";
import type { ClusterKnowledge } from "../src/verify/verify-cluster.ts";
import { exampleInputs, knownOf } from "./reachability/example.ts";

const { plan, instances } = knownOf(exampleInputs()).get("east") as ClusterKnowledge;
const { devices } = collectExpectations(plan, instances);
const graph = buildGraph(plan, devices);
const drawings: Readonly<Record<string, (graph: Graph) => string>> = {
  dot: (one) => formatDot([one]),
  mermaid: (one) => formatMermaid([one]),
  svg: (one) => formatSvg([layOutGraph(one)], "shop"),
};

test("every zone, gateway and network is there, and what each of them lets through", () => {
  expect(graph.nodes.map((node) => `${node.kind} ${node.id}`)).toEqual([
    "outside 192.0.2.10/32",
    "external externalnetwork/mainframe",
    "firewall firewallpair/edge",
    "zone isolationzone/batch",
    "zone isolationzone/corp",
    "zone isolationzone/pci",
    "outside namespace/ingress-nginx",
    "vpn vpnegress/site1",
    "far vpnegress/site1 far side",
  ]);
  expect(graph.edges.map(({ from, to, kind, labels }) => [from, kind, to, ...labels].join(" | "))).toEqual([
    "firewallpair/edge | allowed | externalnetwork/mainframe",
    "firewallpair/edge | allowed | isolationzone/pci",
    "isolationzone/corp | allowed | firewallpair/edge | tcp/8443 to pci",
    "isolationzone/corp | allowed | vpnegress/site1 | tcp/443",
    "isolationzone/pci | eth0 | 192.0.2.10/32 | tcp/6443",
    "isolationzone/pci | allowed | firewallpair/edge | api: tcp/50000 to db2 of mainframe",
    "namespace/ingress-nginx | eth0 | isolationzone/pci | tcp/8080",
    "vpnegress/site1 | tunnel | vpnegress/site1 far side",
  ]);
});

test("a leg without a rule, and a gateway of another cluster, are drawn", () => {
  const bare: Plan = { ...plan, allowedFlows: [] };
  const idle = buildGraph(bare, devices).edges.filter((edge) => edge.kind === "leg");
  expect(idle.map((edge) => edge.to)).toEqual([
    "externalnetwork/mainframe",
    "isolationzone/corp",
    "isolationzone/pci",
    "isolationzone/corp",
  ]);
  const elsewhere = buildGraph({ ...plan, gateways: [] }, devices);
  expect(elsewhere.nodes.find((node) => node.id === "firewallpair/edge")?.subtitle).toBe("in another cluster");
});

test("boxes do not overlap, and stand inside of the picture", () => {
  const { nodes, width, height } = layOutGraph(graph);
  for (const [index, one] of nodes.entries()) {
    expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height, one.id).toBe(true);
    for (const other of nodes.slice(index + 1)) {
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      expect(apart, `${one.id} and ${other.id}`).toBe(true);
    }
  }
});

const evil = `"]; </text><script>alert(1)</script> \\ | #quot; \n end`;
const hostile: Graph = {
  cluster: evil,
  nodes: [
    { id: "a", kind: "zone", title: evil, subtitle: evil, lines: [evil] },
    { id: evil, kind: "outside", title: "b", subtitle: "", lines: [] },
  ],
  edges: [{ from: "a", to: evil, kind: "allowed", labels: [evil] }],
};

describe.each(Object.entries(drawings))("%s", (form, draw) => {
  test("the same intents give the same bytes", () => {
    expect(draw(buildGraph(plan, devices))).toBe(draw(graph));
    const turned: Plan = {
      ...plan,
      networks: [...plan.networks].reverse(),
      zones: [...plan.zones].reverse(),
      gateways: [...plan.gateways].reverse(),
    };
    expect(draw(buildGraph(turned, devices))).toBe(draw(graph));
  });

  test("no name gets out of its place", () => {
    const text = draw(hostile);
    if (form !== "dot") expect(text).not.toContain("<script");
    if (form === "dot") expect(text.replace(/"(?:[^"\\]|\\.)*"/g, "")).not.toContain("alert");
    if (form === "mermaid") expect(text).not.toMatch(/["|]\]; |#quot|\n end/);
  });

  test("nothing is loaded", () => {
    expect(draw(graph).replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|@import|<script|url\((?!#)/);
  });
});
