import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { compile } from "../src/compile.ts";
import type { SourceFile } from "../src/source/source-file.ts";
import { verifyCluster } from "../src/verify/verify-cluster.ts";
import { pageInputs } from "./page-project.ts";
import { DOORS } from "./pod-subresources.ts";
import { clusterFiles, knownOf } from "./reachability/example.ts";

const CARD = (spec: string, kind = "Deployment") => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: card, namespace: payments}
spec:
  replicas: 2
  selector: {matchLabels: {app: card}}
  template:
    metadata:
      labels: {app: card}
    spec:
${spec.replace(/^/gm, "      ")}
`;

const ZONE = (more: string) => `apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
${more}
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [10.10.0.0/24]}
`;

const PROJECT = (patches: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}
        adminPolicy: ClusterNetworkPolicy
  delivery: {patches: ${patches}}
`;

const MIXED = `initContainers:
  - {name: first, image: "registry.example.com/app:1.0", securityContext: {capabilities: {drop: [ALL]}}}
  - {name: second, image: "registry.example.com/app:1.0"}
containers:
  - {name: main, image: "registry.example.com/app:1.0", securityContext: {capabilities: {drop: [MKNOD]}}}
  - {name: side, image: "registry.example.com/app:1.0", securityContext: {capabilities: {drop: [NET_RAW]}}}`;

function compiled(...documents: readonly string[]) {
  const done = compile(pageInputs(documents.join("---\n")));
  const text = (path: RegExp) => done.files.find((file) => path.test(file.path))?.text ?? "";
  return { ...done, text, codes: done.diagnostics.map((one) => one.code) };
}

/** The pod's spec in the patch of the component. */
function patched(text: string): Record<string, unknown> {
  const component = parseAllDocuments(text)[0]?.toJS() as { patches: { patch: string }[] };
  const workload = parseAllDocuments(component.patches[0]?.patch ?? "")[0]?.toJS();
  return workload.spec.template.spec;
}

const dropping = (name: string, ...drop: string[]) => ({ name, securityContext: { capabilities: { drop } } });

describe("every container of a zone drops NET_RAW", () => {
  test("component: the union with what it drops, all containers of a list in their order", () => {
    const { text } = compiled(CARD(MIXED));
    expect(patched(text(/patches\/payments\/deployment-card/))).toEqual({
      initContainers: [{ name: "first" }, dropping("second", "NET_RAW")],
      containers: [dropping("main", "MKNOD", "NET_RAW"), { name: "side" }],
    });
  });

  test("nothing is added where all drop it", () => {
    const { text } = compiled(
      CARD(`containers: [{name: main, image: x, securityContext: {capabilities: {drop: [ALL]}}}]`),
    );
    expect(patched(text(/patches\/payments\/deployment-card/)) ?? {}).not.toHaveProperty("containers");
  });

  test("rendered: the whole workload has it", () => {
    const { text } = compiled(PROJECT("rendered"), CARD(MIXED));
    const whole = parseAllDocuments(text(/workloads\/payments\/deployment-card/))[0]?.toJS();
    expect(whole.spec.template.spec.containers[0]).toMatchObject(dropping("main", "MKNOD", "NET_RAW"));
    expect(whole.spec.template.spec.initContainers.map((one: { name: string }) => one.name)).toEqual([
      "first",
      "second",
    ]);
  });

  test("server-side apply: a list that the manifest owns is not taken from it", () => {
    expect(compiled(PROJECT("serverSideApply"), CARD(MIXED)).codes).toEqual(["delivery/written-by-owner"]);
  });

  test("admission: a parameter, whatever the containers", () => {
    const { text, codes } = compiled(PROJECT("admission"), CARD("containers: []"));
    expect(codes).toEqual([]);
    expect(text(/admission\/payments\/deployment-card/)).toContain("drop: NET_RAW");
  });

  test("a workload that is no member gets a patch for that alone", () => {
    const db = "members: [{workload: {namespace: payments, kind: StatefulSet, name: db}}]";
    const { text, codes } = compiled(ZONE(`  ${db}`));
    expect(codes).toEqual([]);
    expect(patched(text(/patches\/payments\/deployment-card/))).toEqual({ containers: [dropping("main", "NET_RAW")] });
  });
});

describe("written exceptions", () => {
  const own = `serviceAccountName: card\ncontainers: [{name: main, image: x, securityContext: {capabilities: {add: [NET_ADMIN]}}}]`;
  const allow = (capabilities: string) =>
    ZONE(`  members:
    - {workload: {namespace: payments, kind: Deployment, name: card}, allowCapabilities: [${capabilities}]}
    - {workload: {namespace: payments, kind: StatefulSet, name: db}}`);

  test("hold for the workload's ServiceAccount", () => {
    const { text, codes } = compiled(allow("NET_RAW, NET_ADMIN"), CARD(own));
    expect(codes).toEqual(["verify/speaks-for-others"]);
    expect(text(/guards\.yaml/)).toMatch(/payments\.capabilities: \|-\n +NET_ADMIN card\n +NET_RAW card\n/);
    expect(text(/patches\/payments\/deployment-card/)).not.toContain("NET_RAW");
    expect(text(/patches\/payments\/statefulset-db/)).toContain("NET_RAW");
  });

  test("NET_ADMIN alone still drops NET_RAW", () =>
    expect(compiled(allow("NET_ADMIN"), CARD(own)).text(/patches\/payments\/deployment-card/)).toContain("NET_RAW"));

  test("NET_RAW alone does not allow NET_ADMIN, and the help says what to write", () => {
    const { diagnostics } = compiled(allow("NET_RAW"), CARD(own));
    const found = diagnostics.find((one) => one.code === "member/refused-by-guard");
    expect(found?.help).toContain(
      "{workload: {namespace: payments, kind: Deployment, name: card}, allowCapabilities: [NET_ADMIN]}",
    );
  });

  test("of a zone hold for all of its pods", () => {
    const { text, codes } = compiled(ZONE("  allowCapabilities: [NET_RAW]"));
    expect(new Set(codes)).toEqual(new Set(["verify/speaks-for-others"]));
    expect(text(/guards\.yaml/)).toContain("payments.capabilities: NET_RAW\n");
    expect(text(/patches\/payments\/deployment-card/)).not.toContain("NET_RAW");
  });
});

describe("the second reader", () => {
  const inputs = pageInputs("");
  const done = compile(inputs);
  const codes = (path: RegExp, from: RegExp, to: string) => {
    const files = clusterFiles(done.files, "main").map(
      (file): SourceFile => (path.test(file.path) ? { ...file, text: file.text.replace(from, to) } : file),
    );
    const known = knownOf(inputs).get("main");
    if (!known) throw new Error("no cluster main");
    return verifyCluster(known, files, inputs.workloads).diagnostics.map((one) => one.code);
  };

  test("a patch that does not drop it", () =>
    expect(codes(/patches\/payments\/deployment-card/, /- NET_RAW/, "- MKNOD")).toEqual(["verify/keeps-net-raw"]));

  test("a patch that drops it", () => expect(codes(/nothing/, /x/, "x")).toEqual([]));
});

describe("doors to a pod", () => {
  const { text } = compiled();
  const policies = parseAllDocuments(text(/guards\.yaml/)).map((one) => one.toJS());
  for (const { resource, guard, reason } of DOORS)
    test(resource, () => {
      if (guard === undefined) {
        expect(reason?.length).toBeGreaterThan(5);
        return;
      }
      const policy = policies.find((one) => one.kind === "ValidatingAdmissionPolicy" && one.metadata.name === guard);
      const rules = policy.spec.matchConstraints.resourceRules as { resources: string[]; scope: string }[];
      expect(rules.some((one) => one.resources.includes(resource) && one.scope === "*")).toBe(true);
    });
});
