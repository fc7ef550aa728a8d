import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { defineRules } from "../src/diagnostics/rules.ts";
import type { Lowered, Manifest } from "../src/ir/manifest.ts";
import type { Plan } from "../src/ir/plan.ts";
import { formatCidr } from "../src/net/cidr.ts";
import { lower } from "../src/stages/6-lower.ts";
import { render } from "../src/stages/7-render.ts";
import { manifest } from "../src/targets/kubernetes/metadata.ts";
import { multus } from "../src/targets/multus/index.ts";
import type { Target } from "../src/targets/target.ts";
import { pageInputs } from "./page-project.ts";

/**
 * The smallest target there can be, and nothing like Multus: a zone is a label on its namespaces and one network object;
 * pods get a claim each and no annotation. It keeps the Plan honest.
 */
const toy: Target = {
  name: "toy",
  summary: "a primary network by namespace, a claim per pod",
  maturity: "stable",
  supports: { zone: "yes", "zone-vlan": "yes", "pool-addresses": "yes", "dual-stack": "yes", "fixed-addresses": "yes" },
  rules: defineRules("toy", {}),
  lower(plan: Plan): Lowered {
    const what = { apiVersion: "toy.example/v1", template: "kubernetes/object" };
    const manifests = plan.networks.flatMap((network): Manifest[] => {
      const file = `zones/${network.name}.yaml`;
      const namespaces = plan.boundaries.find((one) => one.intent === network.intent)?.namespaces ?? [];
      const spec = { cidrs: network.subnets.map(formatCidr), namespaces };
      const claims = plan.attachments
        .filter((one) => one.network === network.intent)
        .map((one) =>
          manifest(
            { ...what, kind: "Claim", file },
            { name: one.workload.name, namespace: one.workload.namespace, wave: 0 },
            network,
            { body: { spec: { network: network.name } } },
          ),
        );
      return [
        manifest({ ...what, kind: "Network", file }, { name: network.name, wave: -2 }, network, { body: { spec } }),
        ...claims,
      ];
    });
    return { manifests, patches: [], diagnostics: [] };
  },
};

const onToy = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - {name: main, target: toy}
`;

function lowered(example: string) {
  const inputs = pageInputs(example);
  const { project, plans, diagnostics } = compile({
    ...inputs,
    project: { ...inputs.project, text: inputs.project.text.replace("target: toy", "target: multus") },
  });
  if (!project) throw new Error(JSON.stringify(diagnostics.map((one) => one.code)));
  const retargeted = plans.map((plan): Plan => {
    const move = <One extends { readonly target: string }>(one: One): One => ({ ...one, target: "toy" });
    return {
      ...plan,
      cluster: move(plan.cluster),
      networks: plan.networks.map(move),
      boundaries: plan.boundaries.map(move),
      gateways: plan.gateways.map(move),
    };
  });
  return { project, result: lower(retargeted, project, [multus, toy]) };
}

const only = `${onToy}---
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: mainframe}
spec:
  network: {uplink: data, vlan: 150, subnets: [10.50.0.0/24]}
`;

test("a target that is nothing like Multus lowers the same plan", () => {
  const { project, result } = lowered(onToy);
  const files = render(result.value, project);
  const text = files.find((file) => file.path === "main/zones/pci.yaml")?.text ?? "";
  expect(text).toContain("kind: Network\n");
  expect(text).toContain("kind: Claim\n");
  expect(text).toContain("- payments\n");
  expect(files.some((file) => file.text.includes("k8s.cni.cncf.io/v1\n"))).toBe(false);
});

test("what a target cannot do is refused at the line that needs it, with the targets that can", () => {
  const { diagnostics } = lowered(only).result;
  expect(diagnostics.map((one) => `${one.code} ${one.help}`)).toEqual([
    "target/unsupported targets that have it: multus",
  ]);
  expect(diagnostics[0]?.place).toMatchObject({ path: ["spec", "network"] });
});
