import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { CASES } from "../cases-runner.ts";
import { exampleInputs } from "./example.ts";
import { type Mutation, mutated } from "./mutations.ts";
import { readFolder } from "./read-folder.ts";

const fraud = "zones/fraud.yaml";
const pci = "zones/pci.yaml";
const corp = "zones/corp.yaml";
const batch = "zones/batch.yaml";
const mainframe = "externals/mainframe.yaml";
const guards = "guards.yaml";
const card = "patches/payments/deployment-card/kustomization.yaml";
const db = "patches/ledger/statefulset-db/kustomization.yaml";
const settlement = "patches/batch/cronjob-settlement/kustomization.yaml";

const LABEL = /\n {4}k8s\.ovn\.org\/primary-user-defined-network: ""/;

/** Changes the documents that match, or leaves them out. */
function within(name: string, file: string, which: RegExp, edit: (text: string) => string | undefined): Mutation {
  const parts = (text: string) => text.split(/^---\n/m);
  return {
    name,
    file,
    edit: (text) =>
      parts(text)
        .flatMap((one) => (which.test(one) ? (edit(one) ?? []) : one))
        .join("---\n"),
  };
}

const swap = (name: string, file: string, from: string | RegExp, to: string): Mutation => ({
  name,
  file,
  edit: (text) => text.replace(from, to),
});
const without = (name: string, file: string, which: RegExp) => within(name, file, which, () => undefined);
const policy = (name: string) => new RegExp(`^kind: NetworkPolicy[\\s\\S]*^ {2}name: ${name}$`, "m");
const network = /^kind: ClusterUserDefinedNetwork/m;
const firewall = /^kind: EgressFirewall/m;

const changes: readonly Mutation[] = [
  // Links.
  swap("pci stands on corp's VLAN", pci, "id: 110", "id: 175"),
  swap("pci stands on a VLAN that nobody uses", pci, "id: 110", "id: 111"),
  swap("pci has no VLAN", pci, / {6}vlan:\n {8}mode: Access\n {8}access:\n {10}id: 110\n/, ""),
  swap(
    "pci stands on another physical network",
    pci,
    "physicalNetworkName: physnet-data",
    "physicalNetworkName: other",
  ),
  swap("batch stands on the shared uplink", batch, "physnet-batch", "physnet-data"),
  swap("the mainframe's network is on pci's VLAN", mainframe, "id: 250", "id: 110"),
  // Namespaces.
  swap(
    "a network selects one namespace more",
    pci,
    "          - payments\n  network:",
    "          - payments\n          - web\n  network:",
  ),
  swap(
    "a network selects one namespace less",
    pci,
    "          - ledger\n          - payments\n  network:",
    "          - payments\n  network:",
  ),
  swap(
    "a network selects every namespace",
    corp,
    / {2}namespaceSelector:\n {4}matchExpressions:\n(?: {6}.*\n)+(?= {2}network)/,
    "  namespaceSelector: {}\n",
  ),
  swap(
    "an overlay selects one namespace more",
    fraud,
    "          - fraud-jobs\n  network:",
    "          - fraud-jobs\n          - web\n  network:",
  ),
  swap("an overlay selects one namespace less", fraud, "          - fraud-jobs\n  network:", "  network:"),
  swap("one namespace is made without the label", fraud, LABEL, ""),
  without("the namespaces are not made", fraud, /^kind: Namespace/m),
  // Networks.
  without("the overlay is not there", fraud, network),
  without("the VLAN's network is not there", pci, network),
  swap("the overlay is a network beside the default one", fraud, "role: Primary", "role: Secondary"),
  swap("the topology is unknown", pci, "topology: Localnet", "topology: Localnett"),
  swap("pci gives out what is reserved", pci, /( {6}excludeSubnets:\n) {8}- 10\.10\.0\.0\/27\n/, "$1"),
  swap("pci gives out everything", pci, / {6}excludeSubnets:\n(?: {8}- .*\n)+/, ""),
  swap("the mainframe's network gives out its hosts' addresses", mainframe, / {8}- 10\.50\.0\.0\/25\n/, ""),
  swap("the overlay gives out what is reserved", fraud, / {6}reservedSubnets:\n(?: {8}- .*\n)+/, ""),
  swap("pci gives out another subnet", pci, "- 10.10.0.0/24\n        - fd00", "- 10.11.0.0/24\n        - fd00"),
  swap(
    "pci gives out nothing",
    pci,
    / {6}subnets:\n(?: {8}- .*\n)+ {6}excludeSubnets:\n(?: {8}- .*\n)+/,
    "      ipam:\n        mode: Disabled\n",
  ),
  // Pods.
  swap("card stands in corp's network", card, "zone-pci", "zone-corp"),
  swap(
    "card stands in corp's network, across namespaces",
    card,
    '"name":"zone-pci","namespace":"payments"',
    '"name":"zone-corp","namespace":"web"',
  ),
  swap(
    "card stands in two zones",
    card,
    '[{"name":"zone-pci"',
    '[{"name":"zone-corp","namespace":"web"},{"name":"zone-pci"',
  ),
  swap("db is attached to nothing", db, /k8s\.v1\.cni\.cncf\.io\/networks: .*\n/, ""),
  swap("settlement is on the mainframe's network only", settlement, /\{"name":"zone-batch"[^}]*\},/, ""),
  // What closes the main network.
  without("the overlay's zone does not reach itself", fraud, policy("zone-fraud-same-zone")),
  without("the overlay asks no resolver", fraud, policy("zone-fraud-dns")),
  within("the resolver is opened by its pods", fraud, policy("zone-fraud-dns"), (text) =>
    text.replace(/- ipBlock:\n {12}cidr: .*\n/, "- namespaceSelector: {}\n"),
  ),
  within("the resolver's port is another one", fraud, policy("zone-fraud-dns"), (text) =>
    text.replaceAll("port: 53", "port: 54"),
  ),
  without("what is open outside is not", fraud, policy("zone-fraud-allow-1")),
  within("the world is open", fraud, policy("zone-fraud-allow-1"), (text) =>
    text.replace("198.51.100.0/24", "0.0.0.0/0"),
  ),
  without("the overlay has no firewall", fraud, firewall),
  within("the firewall lets the world out", fraud, firewall, (text) => text.replace("type: Deny", "type: Allow")),
  within("the firewall does not deny the world", fraud, firewall, (text) => text.replace("0.0.0.0/0", "10.0.0.0/8")),
  within("the firewall denies everything first", fraud, firewall, (text) =>
    text.replace("  egress:\n", "  egress:\n    - type: Deny\n      to:\n        cidrSelector: 0.0.0.0/0\n"),
  ),
  within("the firewall is called something else", fraud, firewall, (text) =>
    text.replace("name: default", "name: fraud"),
  ),
  within("the firewall has a type that the CRD lets through", fraud, firewall, (text) =>
    text.replace("type: Deny", "type: Denyx"),
  ),
  within("the firewall denies the resolver", fraud, firewall, (text) =>
    text.replace("cidrSelector: 10.96.0.0/12", "cidrSelector: 10.95.0.0/16"),
  ),
  within(
    "the admin tier lets no questions to the resolver",
    guards,
    /AdminNetworkPolicy[\s\S]*name: zone-fraud$/m,
    (text) => text.replace("10.96.0.0/12", "10.95.0.0/16"),
  ),
  // The default network of the others, as on any target.
  without("the default network of pci is open", pci, /^kind: NetworkPolicy/m),
  swap(
    "the admin tier has no word for pci",
    guards,
    /AdminNetworkPolicy\nmetadata:\n {2}name: zone-pci/,
    "Other\nmetadata:\n  name: zone-pci",
  ),
  within("policies on pci's network are for another one", pci, /MultiNetworkPolicy/, (text) =>
    text.replace(/policy-for: (.*)zone-pci/, "policy-for: $1zone-x"),
  ),
];

const root = join(CASES, "output/ovn-kubernetes");
const inputs = exampleInputs(root);
const { plans, instances } = compile(inputs);
const known: ClusterKnowledge = { plan: plans[0] as ClusterKnowledge["plan"], instances: instances.get("east") ?? [] };
const written = readFolder(root, "expected/out/east").map(({ path, text }) => ({
  path: path.slice("expected/out/".length),
  text,
}));

test("networks of OVN-Kubernetes are proved as they are written", () => {
  expect(verifyCluster(known, written, inputs.workloads).diagnostics.map((one) => one.message)).toEqual([]);
});

for (const change of changes)
  test(`noticed: ${change.name}`, () => {
    const files = mutated(written, change);
    expect(files, "it changes something").toBeDefined();
    expect(verifyCluster(known, files ?? [], inputs.workloads).diagnostics.length).toBeGreaterThan(0);
  });

test("a pod that opens ports of its locked interface lets the default network in", () => {
  const workloads = inputs.workloads.map((one) => {
    const annotation = 'annotations: {k8s.ovn.org/open-default-ports: "[{protocol: tcp, port: 8080}]"}';
    const text = one.file.text.replace("labels: {app: score}", `${annotation}\n      labels: {app: score}`);
    return { ...one, file: { ...one.file, text } };
  });
  const { diagnostics } = verifyCluster(known, written, workloads);
  expect(diagnostics.map((one) => one.code)).toContain("verify/back-door");
});
