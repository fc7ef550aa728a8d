import { expect, test } from "vitest";
import { importEstate } from "../../src/import/import-project.ts";

const nad = (name: string, more: string) => `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: ${name}, namespace: nvr}
spec:
  config: '{"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", ${more}"ipam": {"type": "whereabouts", "range": "192.168.50.0/24"}}'
---
`;

const workload = `apiVersion: apps/v1
kind: Deployment
metadata: {name: recorder, namespace: nvr}
spec:
  selector: {matchLabels: {app: recorder}}
  template:
    metadata:
      labels: {app: recorder}
      annotations: {k8s.v1.cni.cncf.io/networks: "cameras, camera"}
    spec: {containers: [{name: main, image: "registry.example.com/recorder:1.0"}]}
`;

test("the report tells keys that the plugin never read, and networks that no file has", () => {
  const files = [{ path: "all.yaml", text: nad("cameras", '"vlan": 50, ') + workload }];
  const { losses } = importEstate(files, { cluster: "main", namespace: "default" });
  expect(losses.map((one) => `${one.kind}: ${one.what}: ${one.why}`)).toEqual([
    "workload: Deployment nvr/recorder in nvr/camera: no file here has nvr/camera: it comes from elsewhere (another folder, a chart, an operator), or its name is misspelt",
    "detail: NetworkAttachmentDefinition nvr/cameras: `vlan`: the plugin does not read it",
  ]);
});

test("a policy beside the workloads that nobody can read leaves their network as it stands", () => {
  const policy = `---
apiVersion: v1
kind: MultiNetworkPolicy
metadata: {name: none, namespace: nvr, annotations: {k8s.v1.cni.cncf.io/policy-for: nvr/cameras}}
spec: {podSelector: {}}
`;
  const files = [
    { path: "all.yaml", text: nad("cameras", "") + workload.replace("cameras, camera", "cameras") + policy },
  ];
  const { losses, compiled } = importEstate(files, { cluster: "main", namespace: "default" });
  expect(compiled.diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  expect(losses.find((one) => one.kind === "kept")?.why).toMatch(/`MultiNetworkPolicy nvr\/none` cannot be read/);
});

test.each([
  [
    "a type that is no text",
    "macvlan",
    '"type": [{"dst": "0.0.0.0/0"}]',
    "",
    /: plumbline does not know the address plugin `\[\{"dst"/,
  ],
  ["a resource that is no name", "sriov", '"type": "static"', "\u00d2intel.com/vf", /is not a plain word/],
])("%s leaves the network as it stands", (_what, plugin, ipam, resource, why) => {
  const text = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: cameras, namespace: nvr, annotations: {k8s.v1.cni.cncf.io/resourceName: "${resource}"}}
spec:
  config: '{"cniVersion": "1.0.0", "type": "${plugin}", "master": "eth0", "ipam": {${ipam}}}'
---
`;
  const files = [{ path: "all.yaml", text: text + workload.replace("cameras, camera", "cameras") }];
  const { losses } = importEstate(files, { cluster: "main", namespace: "default" });
  expect(losses.find((one) => one.kind === "kept")?.why).toMatch(why);
});

test("two definitions of one network that differ in an empty `ipam` alone are one", () => {
  const localnet = (more: string) => `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: vlan-50, namespace: nvr}
spec:
  config: '{"cniVersion": "0.3.1", "name": "vlan-50", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "netAttachDefName": "nvr/vlan-50", "vlanID": 50${more}}'
`;
  const files = [
    { path: "clusters/a/nad.yaml", text: localnet("") },
    { path: "components/nad.yaml", text: localnet(', "ipam": {}') },
  ];
  const { intents, losses } = importEstate(files, { cluster: "main", namespace: "default" });
  expect(intents).toHaveLength(1);
  expect(losses.filter(({ kind }) => kind === "network")).toEqual([]);
});
