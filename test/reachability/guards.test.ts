import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SourceFile } from "../../src/source/source-file.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";

/** What verify says of a project's guards after an edit of one document of guards.yaml. */
function guardsOf(root: string, cluster: string, folder: string) {
  const inputs = exampleInputs(root);
  const known = knownOf(inputs).get(cluster) as ClusterKnowledge;
  const written = clusterFiles(readFolder(folder, "out"), cluster);
  return (which: RegExp, from: RegExp, to: string): readonly string[] => {
    const edit = (text: string) =>
      text
        .split(/^---\n/m)
        .map((one) => (which.test(one) ? one.replace(from, to) : one))
        .join("---\n");
    const files = written.map(
      (file): SourceFile => (file.path.endsWith("guards.yaml") ? { ...file, text: edit(file.text) } : file),
    );
    expect(
      files.some((file, index) => file.text !== written[index]?.text),
      "it changes something",
    ).toBe(true);
    const { diagnostics } = verifyCluster(known, files, inputs.workloads);
    return diagnostics.map((one) => `${one.code}: ${one.message}`);
  };
}

const caseOf = (name: string, cluster: string) => {
  const root = join(ROOT, "test/cases", name);
  return guardsOf(root, cluster, join(root, "expected"));
};

const example = guardsOf(ROOT, "east", ROOT);
const policy = (name: string) => new RegExp(`kind: ValidatingAdmissionPolicy\\n[\\s\\S]*name: plumbline-${name}\\n`);
const binding = (name: string) =>
  new RegExp(`kind: ValidatingAdmissionPolicyBinding\\n[\\s\\S]*name: plumbline-${name}\\n`);
const parameters = (name: string) => new RegExp(`kind: ConfigMap\\n[\\s\\S]*name: ${name}\\n`);

const UNKNOWN = /not those that are known/;
const KEPT = /it lets pods keep NET_RAW, which no intent says/;

describe("a guard that guards less is found", () => {
  test.each<[string, RegExp, RegExp, string, RegExp]>([
    [
      "lets failures pass",
      policy("elsewhere"),
      /failurePolicy: Fail/,
      "failurePolicy: Ignore",
      /not those that are known/,
    ],
    ["has no constraint on updates", policy("zone-members"), / +- UPDATE\n/, "", /not those that are known/],
    ["has a hole", policy("zone-members"), /variables\.unchanged \|\|/, "true ||", /not those that are known/],
    ["only warns", binding("zone-pci"), /- Deny$/m, "- Warn", /it only warns/],
    ["audits a zone that is enforced", binding("zone-pci"), /- Deny$/m, "- Audit", /it only warns/],
    ["refuses nothing", binding("elsewhere"), / {2}validationActions:\n {4}- Deny\n/, "", /its actions are none/],
    ["is bound to another policy", binding("zone-pci"), /zone-members/, "elsewhere", /no guard is bound for it/],
    ["is bound to no policy", binding("zone-pci"), /zone-members/, "nothing", /binds no policy that is known/],
    [
      "has lost a namespace",
      binding("zone-pci"),
      / +- ledger\n/,
      "",
      /namespace ledger of isolationzone\/pci .*no guard/,
    ],
    [
      "is for other pods only",
      binding("zone-pci"),
      /objectSelector: \{\}/,
      "objectSelector: {matchLabels: {app: card}}",
      /`objectSelector` in it/,
    ],
    ["is for one version only", binding("zone-pci"), /Policy: Equivalent/, "Policy: Exact", /`matchPolicy` in it/],
    ["demands no drop of NET_RAW", policy("zone-members"), /'ALL', 'NET_RAW'/, "'ALL', 'NET_RAW', 'MKNOD'", UNKNOWN],
    ["takes any sysctl", policy("zone-members"), /'net\.core\.somaxconn'/, "'net.ipv4.ip_forward'", UNKNOWN],
    ["lets a capability be kept", parameters("zone-pci"), /^data:\n/m, "$&  payments.capabilities: NET_RAW\n", KEPT],
    ["has lost bindings", policy("bindings"), / +- bindings\n/, "", UNKNOWN],
    ["knows no network key of a Binding", policy("bindings"), /k8s\.v1\.cni/, "k8s.v2.cni", UNKNOWN],
    ["does not watch bindings", binding("bindings"), /[\s\S]*/, "", /the guard of bindings .*no policy/],
    ["looks at another subresource", policy("pod-status"), /pods\/status/, "pods/resize", UNKNOWN],
    ["only warns of status", binding("pod-status"), /- Deny$/m, "- Warn", /the guard of pod status .*no policy/],
    [
      "lets anybody write status",
      parameters("pod-status"),
      /system:multus:\*/,
      "system:*",
      /`writers` has `system:\*`/,
    ],
    ["passes without parameters", binding("zone-pci"), /Action: Deny/, "Action: Allow", /lets everything through/],
    ["has no parameters", parameters("zone-pci"), /name: zone-pci/, "name: zone-pcj", /zone-pci are not there/],
    ["is not there", binding("network-writers"), /[\s\S]*/, "", /the guard of network writers .*no policy/],
    ["leaves a namespace open", binding("elsewhere"), / +- web\n/, "", /it holds everywhere but in/],
    ["does not close a namespace", parameters("elsewhere"), /^ +web\n/m, "", /`closed` leaves out `web`/],
    [
      "lets anybody write networks",
      parameters("users"),
      /writers: .*/,
      "writers: system:anonymous",
      /`writers` has `system:anonymous`/,
    ],
    [
      "knows another applier",
      policy("guard-parameters"),
      /argocd-application-controller/,
      "mallory",
      /it lets in .*mallory/,
    ],
    ["has no namespace", /kind: Namespace\n/, /[\s\S]*/, "", /namespace plumbline-guards .*not written/],
  ])("%s", (_title, which, from, to, says) => expect(example(which, from, to).join("\n")).toMatch(says));

  test("its parameters let pods join the network of another zone", () => {
    const found = example(
      parameters("zone-corp"),
      /"name":"zone-corp","namespace":"web"/,
      '"name":"zone-pci","namespace":"payments"',
    );
    expect(found).toEqual([
      expect.stringMatching(/^verify\/weak-guard: .*zone-corp .*lets pods of web have .*zone-pci.*no workload/),
    ]);
  });

  test("its parameters keep a workload's pods out", () =>
    expect(example(parameters("zone-pci"), /,"ips":\["10\.10\.0\.20\/24","fd00:10::20\/64"\]/, "").join("\n")).toMatch(
      /lets pods of ledger have .*, which no workload there has/,
    ));
});

describe("guards of other platforms", () => {
  const gke = caseOf("kinds/gke", "main");
  const attaching = parameters("attaching-annotations");
  test("GKE: a value that no pod has", () =>
    expect(gke(attaching, /"interfaceName":"net1"/, '"interfaceName":"eth2"').join("\n")).toMatch(
      /`allowed` has .*eth2/,
    ));
  test("GKE: a network that is not named", () =>
    expect(gke(attaching, /^ +zone-pci\n/m, "").join("\n")).toMatch(/`names` leaves out `zone-pci`/));
  test("GKE: a key that nobody watches", () =>
    expect(gke(attaching, /^ +networking\.gke\.io\/default-interface\n/m, "").join("\n")).toMatch(/`keys` leaves out/));
  const ovn = caseOf("output/ovn-kubernetes", "east");
  test("OVN-Kubernetes: pods that make themselves gateways", () =>
    expect(ovn(binding("routing-pods"), /- Deny$/m, "- Warn").join("\n")).toMatch(
      /guard of routing pods .*no policy that refuses/,
    ));
  test("OVN-Kubernetes: namespaces on a main network of their own", () =>
    expect(ovn(binding("main-networks"), /values:\n +- \S+\n/, "values:\n            - other\n").join("\n")).toMatch(
      /it holds in/,
    ));
});
