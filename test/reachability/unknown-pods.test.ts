import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";

const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters: [{name: main, platform: {multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}}}]
`;

const intents = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks: [{name: data, interface: bond1, vlans: ["500-519"]}]
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: aa}
spec:
  namespaces: [aa]
  network: {separation: vlan, uplink: data, vlan: 510, subnets: [10.10.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: bb}
spec:
  namespaces: [bb]
  network: {separation: vlan, uplink: data, vlan: 511, subnets: [10.11.0.0/24]}
`;

const workload = (namespace: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: "registry.example.com/app:1.0"}]}
`;

const policy = (pods: string, from: string, namespace = "aa") => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: more, namespace: ${namespace}}
spec: {podSelector: ${pods}, policyTypes: [Ingress], ingress: [{from: [${from}]}]}
`;

function errorsWith(...manifests: readonly string[]): readonly string[] {
  const texts = [workload("aa"), workload("bb"), ...manifests];
  const inputs: Inputs = {
    project: { path: "plumbline.yaml", text: project },
    intents: [{ path: "intents/all.yaml", text: intents }],
    workloads: texts.map((text, index) => ({ file: { path: `workloads/${index}.yaml`, text }, namespace: undefined })),
    lock: undefined,
    templates: [],
  };
  const { diagnostics } = compile(inputs);
  return diagnostics.filter((one) => one.severity === "error").map((one) => one.message);
}

const NAME = "kubernetes.io/metadata.name";

describe("a policy opens for pods that no manifest shows", () => {
  test("by labels of pods in a namespace", () => {
    const from = `{namespaceSelector: {matchLabels: {${NAME}: lab}}, podSelector: {matchLabels: {app: scraper}}}`;
    expect(errorsWith(policy("{}", from))).toEqual([
      expect.stringMatching(/^any pod with app=scraper of lab reaches pods of isolationzone\/aa /),
    ]);
  });

  test.each([
    ["{matchLabels: {team: x}}", "team=x"],
    ["{matchExpressions: [{key: team, operator: In, values: [z, x]}]}", "team=x or z"],
    ["{matchExpressions: [{key: team, operator: Exists}]}", "team"],
  ])("by labels of namespaces, %s", (selector, words) => {
    expect(errorsWith(policy("{}", `{namespaceSelector: ${selector}}`))[0]).toContain(
      `any pod of any namespace with ${words} reaches`,
    );
  });

  test("by labels of the pods that it is for", () => {
    const messages = errorsWith(policy("{matchLabels: {batch: nightly}}", "{namespaceSelector: {}}"));
    expect(messages.length).toBeGreaterThan(0);
  });

  test("and not where the other end's own policies hold it, or where nobody can have such labels", () => {
    const from = `{namespaceSelector: {matchLabels: {${NAME}: bb}}, podSelector: {matchLabels: {app: other}}}`;
    expect(errorsWith(policy("{}", from))).toEqual([]);
    expect(errorsWith(policy("{}", "{podSelector: {matchLabels: {app: other}}}"))).toEqual([]);
    const nobody =
      "{namespaceSelector: {matchLabels: {team: x}, matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}";
    expect(errorsWith(policy("{}", nobody))).toEqual([]);
  });
});

test("an expectation about a host that is not listed is an error, and not denied for nothing", () => {
  const network = `apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: lan}
spec:
  network: {uplink: data, vlan: 515, subnets: [10.15.0.0/24]}
  hosts: [{name: nas, addresses: [10.15.0.9]}]
---
apiVersion: plumbline.dev/v1alpha1
kind: Expectation
metadata: {name: nas}
spec:
  checks: [{from: {zone: aa}, to: {external: lan, host: mas}, expect: denied}]
`;
  const inputs: Inputs = {
    project: { path: "plumbline.yaml", text: project },
    intents: [{ path: "intents/all.yaml", text: `${intents}---\n${network}` }],
    workloads: [{ file: { path: "workloads/aa.yaml", text: workload("aa") }, namespace: undefined }],
    lock: undefined,
    templates: [],
  };
  expect(compile(inputs).diagnostics.map((one) => one.code)).toContain("party/unknown-host");
});
