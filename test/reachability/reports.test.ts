import { describe, expect, test } from "vitest";
import { buildExpectedIndex } from "../../src/verify/expected/expected-index.ts";
import type { AddressSet } from "../../src/verify/headerspace/address-set.ts";
import { createPortSet } from "../../src/verify/headerspace/service-set.ts";
import { compareConnections } from "../../src/verify/report/connection-changes.ts";
import { type Connection, listConnections } from "../../src/verify/report/connections.ts";
import { formatDifferenceMarkdown } from "../../src/verify/report/format/difference-markdown.ts";
import { formatDifference } from "../../src/verify/report/format/difference-text.ts";
import {
  convertTables,
  formatTable,
  formatTableCsv,
  formatTableMarkdown,
} from "../../src/verify/report/format/table-text.ts";
import type { TableRow } from "../../src/verify/report/table.ts";
import { buildTable } from "../../src/verify/report/table.ts";
import { traceConnection } from "../../src/verify/report/trace.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { exampleInputs, knownOf, ROOT } from "./example.ts";
import { mutated } from "./mutations.ts";
import { readFolder } from "./read-folder.ts";

const row = (from: string, to: string, services: readonly string[], way: readonly string[] = ["fw"]): TableRow => ({
  from,
  to,
  services,
  way,
  assumed: [],
  origins: [],
});
const rows = [row("a", "b", ["tcp/443"]), row("=evil()", "<b>|", ["everything"], ["eth0"])];
const tables = [{ cluster: "one", rows, assumed: [] }];

test("tables keep their form whatever names hold", () => {
  expect(formatTable(rows)).toBe(
    "FROM     TO    SERVICES    BY\na        b     tcp/443     fw\n=evil()  <b>|  everything  eth0\n",
  );
  expect(formatTableMarkdown(rows)).toContain("| =evil() | <b>\\| | everything | eth0 |");
  expect(formatTableCsv(tables)).toContain("one,'=evil(),<b>|,everything,eth0,,\r\n");
  expect(convertTables(tables)).toMatchObject({ one: { connections: [{ from: "a", because: [] }, { to: "<b>|" }] } });
  expect(formatTable([])).toBe("nobody reaches anybody\n");
});

const range = (first: number, last: number): AddressSet => [{ family: 4, start: BigInt(first), end: BigInt(last) }];

/** A connection of a zone's pods with addresses beyond. */
function connection(pods: readonly string[], addresses: AddressSet, ports: readonly [number, number]): Connection {
  return {
    from: { party: "isolationzone/a", pods, addresses: [] },
    to: { party: "externalnetwork/b", pods: [], addresses },
    way: ["firewallpair/fw"],
    family: 4,
    services: createPortSet("tcp", ...ports),
    assumed: [],
    origins: [],
  };
}

test("a difference says exactly what opens and what closes", () => {
  const one = [connection(["Deployment x/p"], range(10, 10), [443, 443])];
  const changes = (after: readonly Connection[], before = one) => compareConnections(before, after);
  expect(changes(one)).toEqual([]);
  expect(changes(one, [])).toMatchObject([{ change: "added", before: [], after: ["tcp/443"], closed: [] }]);
  expect(changes([])).toMatchObject([{ change: "removed", opened: [], closed: [{ to: "0.0.0.10" }] }]);
  // More addresses, another pod, and fewer ports: each is seen although the parties and the way stay the same.
  expect(changes([connection(["Deployment x/p"], range(10, 12), [443, 443])])).toMatchObject([
    { change: "changed", opened: [{ to: "0.0.0.11-0.0.0.12", services: ["tcp/443"] }], closed: [] },
  ]);
  expect(changes([connection(["Deployment x/p", "Deployment x/q"], range(10, 10), [443, 443])])).toMatchObject([
    { opened: [{ from: "Deployment x/q", to: "0.0.0.10" }], closed: [] },
  ]);
  const wide = [connection(["Deployment x/p"], range(10, 10), [1, 1000])];
  expect(changes(one, wide)).toMatchObject([{ opened: [], closed: [{ services: ["tcp/1-442", "tcp/444-1000"] }] }]);
});

test("a difference is told in words and for a pull request", () => {
  const added = compareConnections([], [connection(["Deployment x/p|q"], range(10, 10), [443, 443])]);
  const difference = { connections: added, objects: [], networks: [], guards: [], losses: [], isolation: [] };
  expect(formatDifference(difference)).toBe(
    "connections\n  + isolationzone/a to externalnetwork/b: tcp/443 (by firewallpair/fw)\n      opens Deployment x/p|q to 0.0.0.10: tcp/443\n",
  );
  expect(formatDifferenceMarkdown(difference)).toContain("#### Becomes reachable");
  expect(formatDifferenceMarkdown(difference)).toContain("Deployment x/p\\|q");
  expect(formatDifference({ connections: [], objects: [], networks: [], guards: [], losses: [], isolation: [] })).toBe(
    "no difference\n",
  );
  expect(
    formatDifferenceMarkdown({ connections: [], objects: [], networks: [], guards: [], losses: [], isolation: [] }),
  ).toContain("**Nothing changes.**");
});

describe("the example", () => {
  const inputs = exampleInputs();
  const known = knownOf(inputs).get("east") as ClusterKnowledge;
  const files = readFolder(ROOT, "out/east");
  const done = verifyCluster(known, files, inputs.workloads);
  const watched = buildExpectedIndex(done.expected);
  const end = (party: string) => ({
    party,
    cidrs: [],
    namespaces: watched.expected.zones.find((zone) => zone.id === party)?.namespaces ?? [],
    workload: undefined,
  });
  const ask = (from: string, to: string, port: number, of = done) =>
    traceConnection(of.model, of.flows, watched, {
      from: end(from),
      to: end(to),
      names: [from, to],
      service: { protocol: "tcp", first: port, last: port },
    });

  test("its table is short, and names gateways and links", () => {
    const table = buildTable(listConnections(done.flows, watched), { by: "party" });
    expect(table).toContainEqual(
      expect.objectContaining({
        from: "isolationzone/corp",
        to: "isolationzone/pci",
        services: ["tcp/8443"],
        way: ["firewallpair/edge"],
      }),
    );
    expect(table.filter((one) => one.from === "isolationzone/pci" && one.to === "isolationzone/corp")).toEqual([]);
    expect(
      buildTable(listConnections(done.flows, watched), { by: "workload", from: "api" }).every((one) =>
        one.from.includes("api"),
      ),
    ).toBe(true);
  });

  test("a way is told hop by hop, each with its object and the line that means it", () => {
    const [answer] = ask("isolationzone/corp", "isolationzone/pci", 8443);
    expect(answer?.verdict).toBe("allowed");
    expect(answer?.hops.map((hop) => hop.text).join("\n")).toMatch(
      /via 10\.132[\s\S]*zone-corp--edge--web lets it out[\s\S]*comment "web"` accepts[\s\S]*zone-pci--edge--web lets it into/,
    );
    expect(answer?.meant).toMatchObject({ doc: { file: { path: "intents/pairs/edge.yaml" } } });
  });

  test("what is stopped is stopped somewhere, and the smallest change is named", () => {
    const [answer] = ask("isolationzone/corp", "isolationzone/pci", 22);
    expect(answer?.verdict).toBe("denied");
    expect(answer?.hops.some((hop) => hop.text.startsWith("stopped: no rule of MultiNetworkPolicy"))).toBe(true);
    expect(answer?.change).toContain("firewallpair/edge");
    expect(ask("isolationzone/batch", "isolationzone/pci", 22)[0]?.change).toContain("a FirewallPair");
  });

  test("a hole is shown with a packet and its path, at the line of the zone", () => {
    const open = mutated(files, {
      name: "open",
      file: "pairs/edge.yaml",
      edit: (text) => text.replace("tcp dport { 8443 } ", "").replace("policy drop", "policy accept"),
    });
    const { diagnostics } = verifyCluster(known, open ?? [], inputs.workloads);
    const hole = diagnostics.find((one) => one.notes.some((note) => note.startsWith("path: ")));
    expect(hole?.place).toMatchObject({ doc: { file: { path: expect.stringContaining("intents/") } } });
    expect(hole?.notes.join("\n")).toMatch(/packet: .* from .* to /);
  });

  test("an expectation that does not hold shows the path that contradicts it", () => {
    const wrong = inputs.intents.map((file) =>
      file.path.endsWith("expectations.yaml")
        ? { ...file, text: file.text.replace("expect: allowed, through: [edge]", "expect: denied") }
        : file,
    );
    const other = knownOf({ ...inputs, intents: wrong }).get("east") as ClusterKnowledge;
    const { diagnostics } = verifyCluster(other, files, inputs.workloads);
    expect(diagnostics.map((one) => one.code)).toEqual(["verify/expectation"]);
    expect(diagnostics[0]?.notes[0]).toMatch(/^gets through: tcp\/8443 from .* -> .*edge/);
  });
});
