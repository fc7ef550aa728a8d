import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import type { Diagnostic } from "../src/diagnostics/diagnostic.ts";
import type { Compiled, Inputs } from "../src/ir/compiled.ts";
import { loadProjectFiles } from "../src/stages/1-load.ts";
import { targets } from "../src/targets/index.ts";
import { buildExpectedIndex } from "../src/verify/expected/expected-index.ts";
import { listConnections } from "../src/verify/report/connections.ts";
import { formatLocation } from "../src/verify/report/format/location.ts";
import { buildTable } from "../src/verify/report/table.ts";
import { verifyCluster } from "../src/verify/verify-cluster.ts";

const ROOT = join(import.meta.dirname, "..");

interface Estate {
  readonly target: string;
  /** What only the platform's people can say, and no intent. */
  readonly platform?: string;
  /** How pods are attached to the uplinks there. */
  readonly attach?: string;
}

const ESTATES: Readonly<Record<string, Estate>> = {
  "ovn-kubernetes": {
    target: "ovn-kubernetes",
    platform: "networkWriters: [system:serviceaccount:ovn-kubernetes:ovnkube-cluster-manager]",
  },
  "dra-dranet": { target: "dra" },
  "dra-sriov": {
    target: "dra",
    platform: "dra: {driver: sriov}",
    attach: "attach: sriov\n      resourceName: example.com/vf",
  },
  "kube-ovn": { target: "kube-ovn" },
  gke: {
    target: "gke",
    platform:
      "gke: {networks: {data: {vpc: data, subnet: data, podRanges: [a]}, batch: {vpc: batch, subnet: batch, podRanges: [b]}}}",
  },
  "network-kind": { target: "network-kind" },
};

/** The example, on the ground of an estate. */
function example({ platform, attach }: Estate): Inputs {
  const { inputs } = loadProjectFiles(ROOT);
  if (!inputs) throw new Error("the example does not load");
  const text = inputs.project.text
    .replaceAll("      platform:\n", platform ? `      platform:\n        ${platform}\n` : "$&")
    .replace("spec:\n", "spec:\n  experimental: true\n");
  const intents = inputs.intents.map((file) => ({
    ...file,
    text: file.text.replaceAll(/^ {6}physicalNetwork:/gm, attach ? `      ${attach}\n$&` : "$&"),
  }));
  return { ...inputs, project: { ...inputs.project, text }, intents };
}

function errorsOf({ diagnostics }: Compiled): readonly Diagnostic[] {
  return diagnostics.filter((one) => one.severity === "error");
}

function lineOf({ code, place, message }: Diagnostic): string {
  return `${place ? formatLocation(place) : "-"} ${code}: ${message}`;
}

/** What `allowLoss` may say of a refusal, where anything. */
function lossIn({ code, notes }: Diagnostic): string | undefined {
  if (code !== "target/unsupported") return undefined;
  return notes?.map((note) => /`allowLoss: \[([\w-]+)\]`/.exec(note)?.[1]).find((one) => one !== undefined);
}

/** The intent that a finding stands in. */
function intentOf({ place }: Diagnostic): string {
  const value = place && "doc" in place ? (place.doc.value as { kind: string; metadata: { name: string } }) : undefined;
  if (!value) throw new Error("a refusal without an intent");
  return `${value.kind.toLowerCase()}/${value.metadata.name}`;
}

interface Fitted {
  readonly refused: readonly string[];
  readonly allowLoss: readonly string[];
  readonly without: ReadonlySet<string>;
  readonly compiled: Compiled;
}

/**
 * Accepts what is refused, losses by name first, since what hangs on them is not asked for again. Where no loss can be
 * accepted, the intent is left out; then what hangs on that.
 */
function fitted(inputs: Inputs, target: string): Fitted {
  const allowed = new Set<string>();
  const without = new Set<string>();
  const refused: string[] = [];
  for (;;) {
    const allowLoss = [...allowed].sort();
    const compiled = compile(inputs, { target, allowLoss, without });
    const errors = errorsOf(compiled);
    if (errors.length === 0) return { refused, ...exactly(inputs, target, allowLoss, without) };
    const losses = errors.filter((one) => lossIn(one) !== undefined);
    const now = losses.length > 0 ? losses : errors;
    for (const one of now) {
      const loss = lossIn(one);
      refused.push(`${lineOf(one)} -> ${loss === undefined ? `without ${intentOf(one)}` : `allowLoss ${loss}`}`);
      if (loss === undefined) without.add(intentOf(one));
      else allowed.add(loss);
    }
  }
}

/** A loss accepted for an intent that had to be left out after all is none. */
function exactly(inputs: Inputs, target: string, all: readonly string[], without: ReadonlySet<string>) {
  const needed = (one: string) =>
    errorsOf(compile(inputs, { target, allowLoss: all.filter((other) => other !== one), without })).length > 0;
  const allowLoss = all.filter(needed);
  return { allowLoss, without, compiled: compile(inputs, { target, allowLoss, without }) };
}

/** Who reaches whom, one a line; links by what they carry, since every platform calls them differently. */
function reach(inputs: Inputs, compiled: Compiled): readonly string[] {
  return compiled.plans.flatMap((plan) => {
    const { name } = plan.cluster;
    const files = compiled.files.filter((file) => file.path.startsWith(`${name}/`));
    const done = verifyCluster({ plan, instances: compiled.instances.get(name) ?? [] }, files, inputs.workloads);
    expect(done.diagnostics.filter((one) => one.severity === "error").map(lineOf)).toEqual([]);
    return buildTable(listConnections(done.flows, buildExpectedIndex(done.expected)), { by: "party" }).map(
      ({ from, to, services, way }) =>
        `${name}: ${from} to ${to}: ${services.join(" ")} by ${way.map(medium).join(", ")}`,
    );
  });
}

function medium(way: string): string {
  return way.includes("/") || way === "eth0" ? way : (/vlan \d+/.exec(way)?.[0] ?? "an uplink");
}

/** Intents that are lost as a whole: the others are held against what they are with Multus. */
function lostWhole(compiled: Compiled): readonly string[] {
  return compiled.diagnostics
    .filter(({ code }) => code === "target/lost")
    .map(({ message }) => / has .*: (\S+) is compiled without this$/.exec(message)?.[1] ?? "")
    .filter((id) => /^(firewallpair|vpnegress|externalnetwork)\//.test(id));
}

test("there is an estate for every target", () => {
  const named = new Set([...Object.values(ESTATES).map((one) => one.target), "multus"]);
  expect([...named].sort()).toEqual(targets.map((one) => one.name).sort());
});

test.each(Object.entries(ESTATES))(
  "the example on %s: what is refused, what is lost, who reaches whom",
  async (name, estate) => {
    const inputs = example(estate);
    const { refused, allowLoss, without, compiled } = fitted(inputs, estate.target);
    const lost = compiled.diagnostics.filter((one) => one.code === "target/lost");
    const rows = reach(inputs, compiled);
    const text = [
      ...[
        "# refused, and what was accepted",
        ...refused,
        "",
        `# lost, with allowLoss: [${allowLoss.join(", ")}]`,
        ...lost.map(lineOf),
        "",
      ],
      ...["# who reaches whom", ...rows, ""],
    ].join("\n");
    await expect(text).toMatchFileSnapshot(`data/example-targets/${name}.txt`);

    // What is accepted is neither more nor less than what must be.
    const compileWith = (losses: readonly string[]) =>
      errorsOf(compile(inputs, { target: estate.target, allowLoss: losses, without }));
    expect(compileWith(allowLoss)).toEqual([]);
    for (const one of allowLoss) expect(compileWith(allowLoss.filter((other) => other !== one)), one).not.toEqual([]);
    const gone = new Set([...without, ...lostWhole(compiled), ...(lost.length > 0 ? ["expectation/pci-scope"] : [])]);
    const same = compile(inputs, { target: "multus", without: gone });
    expect(errorsOf(same).map(lineOf)).toEqual([]);
    expect(rows).toEqual(reach(inputs, same));
  },
);
