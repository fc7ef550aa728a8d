import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { pageProject } from "../page-project.ts";

/** The project of the pages with one NetworkPolicy in the namespace of a zone. */
function withRules(rules: readonly object[]): Inputs {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "many", namespace: "payments" },
    spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: rules },
  };
  const texts = [...pageProject("")].map(([path, text]) => ({ path, text }));
  const workloads = texts.filter(({ path }) => path.startsWith("workloads/"));
  return {
    project: texts.find((file) => file.path === "plumbline.yaml") as (typeof texts)[number],
    intents: texts.filter(({ path }) => path.startsWith("intents/")),
    workloads: [...workloads, { path: "workloads/many.json.yaml", text: JSON.stringify(policy, undefined, 1) }].map(
      (file) => ({ file, namespace: undefined }),
    ),
    lock: undefined,
    templates: [],
  };
}

const address = (index: number) => `60.0.${index >> 8}.${index & 255}/32`;
const upTo = <One>(count: number, make: (index: number) => One) =>
  Array.from({ length: count }, (_none, at) => make(at));
const codes = (inputs: Inputs) => compile(inputs).diagnostics.map((one) => one.code);

test("rules whose blocks overlap those of all others are refused, with the policy and a smaller form", () => {
  const rules = upTo(2_000, (at) => ({
    from: [{ ipBlock: { cidr: "60.0.0.0/8", except: [address(at)] } }],
    ports: [{ port: 1 + at * 2 }],
  }));
  const { diagnostics, files } = compile(withRules(rules));
  const found = diagnostics.filter((one) => one.code === "verify/too-much");
  expect(found).toHaveLength(1);
  const place = found[0]?.place;
  expect(place && "doc" in place ? place.doc.file.path : undefined).toBe("workloads/many.json.yaml");
  expect(found[0]?.message).toContain("address blocks of policies and the rules and ports");
  expect(found[0]?.help).toContain("`endPort`");
  expect(files).toEqual([]);
});

test("as many rules of blocks that do not overlap are read", () => {
  const rules = upTo(2_000, (at) => ({ from: [{ ipBlock: { cidr: address(at) } }], ports: [{ port: 1 + at * 2 }] }));
  expect(codes(withRules(rules))).not.toContain("verify/too-much");
});

test("one rule of all blocks is read", () => {
  const from = upTo(2_000, (at) => ({ ipBlock: { cidr: address(at) } }));
  expect(codes(withRules([{ from, ports: [{ port: 443 }] }]))).not.toContain("verify/too-much");
});
