import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { CompileOptions, Inputs } from "../../src/ir/compiled.ts";
import { type Cidr, cidrsOverlap, containsAddress, parseCidr } from "../../src/net/cidr.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";

const OVN = "target: ovn-kubernetes, platform: {adminPolicy: AdminNetworkPolicy, networkWriters: [ovn]}";

const zone = (network: string, dns = "") => `apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: corp}
spec:
  namespaces: [web]
  manageNamespaces: true${dns}
  network: {${network}}
`;

function inputsOf(cluster: string, intents: string, lock?: string): Inputs {
  return {
    project: {
      path: "plumbline.yaml",
      text: `apiVersion: plumbline.dev/v1alpha1\nkind: Project\nmetadata: {name: demo}\nspec:\n  clusters:\n    - {name: main, ${cluster}}\n`,
    },
    intents: [{ path: "intents/all.yaml", text: intents }],
    workloads: [
      {
        file: {
          path: "workloads/all.yaml",
          text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop, namespace: web}\nspec:\n  selector: {matchLabels: {app: shop}}\n  template:\n    metadata: {labels: {app: shop}}\n    spec: {containers: [{name: shop, image: "registry.example.com/shop:1.0"}]}\n',
        },
        namespace: undefined,
      },
    ],
    lock: lock === undefined ? undefined : { path: "plumbline.lock.yaml", text: lock },
    templates: [],
  };
}

function written(inputs: Inputs, options?: CompileOptions) {
  const { plans, instances, files, diagnostics, lock } = compile(inputs, options);
  const known: ClusterKnowledge = {
    plan: plans[0] as ClusterKnowledge["plan"],
    instances: instances.get("main") ?? [],
  };
  const texts = [...(files ?? [])].flatMap(({ path, text }) =>
    path.startsWith("main/") ? [{ path: path.slice("main/".length), text }] : [],
  );
  return { known, texts, diagnostics, lock };
}

function listed(text: string, key: string): readonly Cidr[] {
  const block = new RegExp(`^ *${key}:\\n((?: *- .*\\n)+)`, "m").exec(text)?.[1] ?? "";
  return [...block.matchAll(/- "?([^"\n]+)"?/g)].map((one) => parseCidr(one[1] as string) as Cidr);
}

const sizes = ["10.40.0.0/24", "10.40.0.0/28", "10.40.0.0/29", "10.40.0.0/16", "fd00:40::/64", "fd00:40::/120"];
const reserved = (subnet: string): readonly string[] =>
  subnet.includes(":")
    ? ["", "fd00:40::1", "fd00:40::2", "fd00:40::1-fd00:40::2", "fd00:40::4"]
    : ["", "10.40.0.1", "10.40.0.2", "10.40.0.1-10.40.0.2", "10.40.0.4"];

for (const subnet of sizes)
  test(`an overlay on ${subnet} reserves no address that OVN-Kubernetes takes`, () => {
    for (const range of reserved(subnet)) {
      const inputs = inputsOf(
        OVN,
        zone(`separation: overlay, subnets: ["${subnet}"], reserved: [${range && `"${range}"`}]`),
      );
      const { known, texts, diagnostics } = written(inputs);
      expect(diagnostics.filter((one) => one.severity === "error").map((one) => one.message)).toEqual([]);
      const text = texts.find((one) => one.path === "zones/corp.yaml")?.text ?? "";
      const { family, base } = parseCidr(subnet) as Cidr;
      const kept = listed(text, "reservedSubnets");
      const own = listed(text, "infrastructureSubnets");
      for (const offset of [1n, 2n])
        expect(
          kept.some((one) => containsAddress(one, { family, value: base + offset })),
          `${subnet} ${range}`,
        ).toBe(false);
      expect(kept.some((one) => own.some((other) => cidrsOverlap(one, other)))).toBe(false);
      expect(
        verifyCluster(known, texts, inputs.workloads).diagnostics.filter((one) => one.severity === "error"),
      ).toEqual([]);
    }
  });

test("the old form of an overlay is refused in out/", () => {
  const inputs = inputsOf(
    OVN,
    zone('separation: overlay, subnets: [10.40.0.0/24], reserved: ["10.40.0.1-10.40.0.31"]'),
  );
  const { known, texts } = written(inputs);
  const old = texts.map((one) => ({
    ...one,
    text: one.text
      .replace(/infrastructureSubnets:\n((?: *- .*\n)+) *reservedSubnets:\n/, "reservedSubnets:\n$1")
      .replace("infrastructureSubnets:", "reservedSubnets:"),
  }));
  expect(old).not.toEqual(texts);
  expect(verifyCluster(known, old, inputs.workloads).diagnostics.map((one) => one.code)).toContain(
    "verify/platform-refuses",
  );
});

test("a lock of an object that cannot have worked says that it is to be made anew", () => {
  const intents = zone('separation: overlay, subnets: [10.40.0.0/24], reserved: ["10.40.0.1-10.40.0.31"]');
  const { lock = "" } = written(inputsOf(OVN, intents));
  const lockValue = (field: string) => new RegExp(`corp/${field}: "?([^"\\n]+)`).exec(lock)?.[1] ?? "";
  const all = [lockValue("infrastructure"), lockValue("leftOut")].filter((one) => one !== "none").join(" ");
  const before = lock
    .replace(/^ *cluster\/main\/isolationzone\/corp\/infrastructure: .*\n/m, "")
    .replace(/(corp\/leftOut: ).*/, `$1"${all}"`);
  expect(before).not.toBe(lock);
  const { diagnostics } = written(inputsOf(OVN, intents, before));
  expect(diagnostics.map((one) => one.code)).toContain("allocation/cannot-change");
  const found = diagnostics.find((one) => one.code === "allocation/cannot-change");
  expect(found?.notes.join("\n")).toContain("cannot have worked");
  expect(found?.help).toContain("make it anew");
  const again = written(inputsOf(OVN, intents, before), { relock: ["isolationzone/corp"] });
  expect(again.diagnostics.map((one) => one.code)).not.toContain("allocation/cannot-change");
});

test("a Vpc never has the name of a Subnet", () => {
  const cluster = "target: kube-ovn, platform: {adminPolicy: none}";
  const long = "a".repeat(30);
  for (const name of ["corp", "vpc", "vpc-zone-corp", long]) {
    const text = zone("separation: overlay, subnets: [10.40.0.0/24]", "\n  podNetwork: {dns: false}").replace(
      "name: corp",
      `name: ${name}`,
    );
    const inputs = inputsOf(cluster, text);
    const { known, texts, diagnostics } = written(inputs);
    expect(diagnostics.filter((one) => one.severity === "error").map((one) => one.message)).toEqual([]);
    const all = texts.map((one) => one.text).join("\n");
    const vpc = /kind: Vpc\nmetadata:\n {2}name: (\S+)/.exec(all)?.[1] ?? "";
    const subnet = /kind: Subnet\nmetadata:\n {2}name: (\S+)/.exec(all)?.[1] ?? "";
    expect(vpc.startsWith("vpc-zone-")).toBe(true);
    expect(subnet.startsWith("zone-")).toBe(true);
    expect(vpc.length).toBeLessThanOrEqual(63);
    const same = texts.map((one) => ({ ...one, text: one.text.replaceAll(vpc, subnet) }));
    expect(verifyCluster(known, same, inputs.workloads).diagnostics.map((one) => one.code)).toContain(
      "verify/platform-refuses",
    );
  }
});
