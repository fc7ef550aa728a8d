import { expect, test } from "vitest";
import { type ImportedEstate, importEstate } from "../../src/import/import-project.ts";

const MACVLAN = { cniVersion: "0.3.1", type: "macvlan", master: "eth1" };
const POOL = { ...MACVLAN, ipam: { type: "whereabouts", range: "192.0.2.0/24" } };
const STATIC = { ...MACVLAN, ipam: { type: "static" } };

function nad(name: string, config: object, namespace?: string, more = ""): string {
  const head = `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata:\n  name: ${name}\n`;
  const own = namespace === undefined ? "" : `  namespace: ${namespace}\n`;
  return `${head}${own}${more}spec:\n  config: '${JSON.stringify(config)}'\n`;
}

function pod(name: string, networks: string, namespace?: string): string {
  const own = namespace === undefined ? "" : `  namespace: ${namespace}\n`;
  return `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${own}  annotations:\n    k8s.v1.cni.cncf.io/networks: '${networks}'\nspec:\n  containers: [{name: main, image: "registry.example.com/app:1.0"}]\n`;
}

function deployment(name: string, networks: string): string {
  return `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: apps}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata:\n      labels: {app: a}\n      annotations:\n        k8s.v1.cni.cncf.io/networks: '${networks}'\n    spec:\n      containers: [{name: main, image: "registry.example.com/app:1.0"}]\n`;
}

function imported(files: Readonly<Record<string, string>>): ImportedEstate {
  const all = Object.entries(files).map(([path, text]) => ({ path, text }));
  return importEstate(all, { cluster: "main", namespace: "default" });
}

/** A value of envsubst. */
const OPEN = "$" + "{ADDRESS}";

const objectsOf = ({ intents }: ImportedEstate) =>
  intents.flatMap((one) => one.settled.network.objects.map(({ namespace, name }) => `${namespace}/${name}`)).sort();
const membersOf = ({ intents }: ImportedEstate) =>
  intents.flatMap((one) => one.settled.members.map(({ workload }) => `${workload.namespace}/${workload.name}`)).sort();
const whys = ({ losses }: ImportedEstate) => losses.map((one) => `${one.kind}: ${one.what}: ${one.why}`).join("\n");
const outOf = ({ compiled }: ImportedEstate) => compiled.files.map((one) => one.text).join("\n");

const flux = (path: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop}\nspec: {path: ${path}, targetNamespace: shop}\n`;

test.each([
  [
    "kustomize's namespace over that of the object",
    {
      "kustomization.yaml": "namespace: shop\nresources: [net.yaml]\n",
      "net.yaml": nad("lane", POOL, "default") + pod("app", "lane"),
    },
  ],
  [
    "a Flux path from here",
    { "flux/ks.yaml": flux("./apps/shop"), "apps/shop/net.yaml": nad("lane", POOL) + pod("app", "lane") },
  ],
  [
    "a Flux path from the root",
    { "flux/ks.yaml": flux("/apps/shop"), "apps/shop/net.yaml": nad("lane", POOL, "other") + pod("app", "lane") },
  ],
  [
    "a component's namespace",
    {
      "app/kustomization.yaml": "resources: [../base]\ncomponents: [../part]\n",
      "base/kustomization.yaml": "resources: [net.yaml]\n",
      "base/net.yaml": nad("lane", POOL) + pod("app", "lane"),
      "part/kustomization.yaml": "kind: Component\nnamespace: shop\n",
    },
  ],
])("%s is followed", (_what, files) => {
  const estate = imported(files);
  expect(objectsOf(estate)).toEqual(["shop/lane"]);
  expect(membersOf(estate)).toEqual(["shop/app"]);
});

test("a prefix is part of the name, and a patch is not guessed", () => {
  const files = {
    "kustomization.yaml": "namePrefix: a-\nnamespace: shop\nresources: [net.yaml]\n",
    "net.yaml": nad("lane", POOL),
  };
  expect(objectsOf(imported(files))).toEqual(["shop/a-lane"]);
  const patch = "namespace: shop\nresources: [net.yaml]\npatches: [{path: p.yaml}]\n";
  const patched = imported({ ...files, "kustomization.yaml": patch, "p.yaml": nad("lane", STATIC) });
  expect(objectsOf(patched)).toEqual([]);
  expect(whys(patched)).toContain("a patch of kustomization.yaml changes it");
});

test("annotations and labels are kept, and those of tools are told", () => {
  const more =
    "  labels: {team: yard, app.kubernetes.io/managed-by: Helm}\n  annotations: {description: cameras, argocd.argoproj.io/sync-options: Prune=false}\n";
  const estate = imported({ "net.yaml": nad("lane", POOL, "apps", more) });
  expect(outOf(estate)).toMatch(/description: cameras/);
  expect(outOf(estate)).toMatch(/team: yard/);
  expect(whys(estate)).toContain("the labels `app.kubernetes.io/managed-by`");
  expect(whys(estate)).toContain("the annotations `argocd.argoproj.io/sync-options`");
});

test.each([
  [
    "a localnet of OVN",
    {
      cniVersion: "0.3.1",
      name: "lane",
      type: "ovn-k8s-cni-overlay",
      topology: "localnet",
      netAttachDefName: "apps/lane",
    },
  ],
  ["Kube-OVN", { cniVersion: "0.3.1", type: "kube-ovn", provider: "lane.apps.ovn" }],
  ["cnv-bridge", { cniVersion: "0.3.1", type: "cnv-bridge", bridge: "br1", vlan: 20 }],
  ["addresses of nv-ipam", { ...MACVLAN, ipam: { type: "nv-ipam", poolName: "rail" } }],
  [
    "ipvlan in mode l3",
    {
      cniVersion: "0.3.1",
      type: "ipvlan",
      master: "eth1",
      mode: "l3",
      ipam: { type: "host-local", subnet: "192.0.2.0/24" },
    },
  ],
  ["a route without next hop", { ...POOL, ipam: { ...POOL.ipam, routes: [{ dst: "198.51.100.0/24" }] } }],
])("%s is carried as it stands", (_what, config) => {
  const estate = imported({ "net.yaml": nad("lane", config, "apps") + pod("app", "lane", "apps") });
  expect(objectsOf(estate)).toEqual(["apps/lane"]);
  const text = estate.compiled.files.find((one) => one.path.endsWith("externals/lane.yaml"))?.text ?? "";
  expect(JSON.parse(text.slice(text.indexOf("config: |-") + 10))).toEqual(config);
  expect(whys(estate)).toContain("carried as it stands");
  expect(whys(estate)).not.toMatch(/verify\/|network\/[a-z-]+`\)/);
});

test("two views of one subnet, and one subnet of two namespaces", () => {
  const views = imported({
    "net.yaml": `${nad("a", POOL, "apps")}---\n${nad("b", { ...MACVLAN, ipam: { type: "host-local", subnet: "192.0.2.0/24", rangeStart: "192.0.2.200" } }, "apps")}`,
  });
  expect(objectsOf(views)).toEqual(["apps/a", "apps/b"]);
  const twice = imported({ "net.yaml": `${nad("a", POOL, "one")}---\n${nad("b", POOL, "two")}` });
  expect(objectsOf(twice)).toEqual(["one/a", "two/b"]);
  expect(twice.intents).toHaveLength(1);
});

test("a MAC address in capitals, a capability that is off, and one address during a rollout", () => {
  const element = '[{"name": "lane", "ips": ["192.0.2.3/24"], "mac": "0A:00:5E:00:53:03"}]';
  const estate = imported({
    "net.yaml": nad("lane", { ...STATIC, capabilities: { portMappings: false } }, "apps") + deployment("dns", element),
  });
  expect(membersOf(estate)).toEqual(["apps/dns"]);
  expect(outOf(estate)).toContain("0a:00:5e:00:53:03");
  expect(whys(estate)).toContain("one address for two pods during a rollout");
});

test("half a subnet is written as one block", () => {
  const half = { ...MACVLAN, ipam: { ...POOL.ipam, range_start: "192.0.2.128", range_end: "192.0.2.254" } };
  expect(imported({ "net.yaml": nad("lane", half, "apps") }).intents[0]?.file.text).toContain("- 192.0.2.128/25");
});

test("values that are filled in later, two definitions and several clusters are not guessed", () => {
  const open = imported({
    "net.yaml": nad("lane", STATIC, "apps") + pod("app", `[{"name":"lane","ips":["${OPEN}/24"]}]`, "apps"),
  });
  expect(whys(open)).toContain(`\`${OPEN}/24\` is a placeholder`);
  const two = imported({
    "clusters/east/net.yaml": nad("lane", POOL, "apps"),
    "clusters/west/net.yaml": nad("lane", STATIC, "apps"),
  });
  expect(objectsOf(two)).toEqual([]);
  expect(whys(two)).toContain("`plumbline import clusters/east --cluster east`");
  const one = imported({
    "a/kustomization.yaml": "resources: [net.yaml]\n",
    "a/net.yaml": nad("lane", POOL, "apps"),
    "b/net.yaml": nad("lane", STATIC, "apps"),
  });
  expect(objectsOf(one)).toEqual(["apps/lane"]);
  expect(whys(one)).toContain("replaces it with that of a/net.yaml:4");
});

test("networks of operators are named, and a namespace is proposed", () => {
  const made =
    "apiVersion: sriovnetwork.openshift.io/v1\nkind: SriovNetwork\nmetadata: {name: lane, namespace: operator}\nspec: {resourceName: fast, networkNamespace: apps}\n";
  expect(whys(imported({ "net.yaml": made + pod("app", "lane", "apps") }))).toContain(
    "SriovNetwork operator/lane creates that network",
  );
  expect(whys(imported({ "net.yaml": nad("lane", POOL, "apps") + pod("app", "lane") }))).toContain(
    "`--namespace apps`",
  );
});

test("pods of charts count, and open the namespaces", () => {
  const release =
    "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: apps}\nspec:\n  values:\n    controllers:\n      main:\n        pod:\n          annotations:\n            k8s.v1.cni.cncf.io/networks: net/lane\n";
  const estate = imported({ "net.yaml": nad("lane", POOL, "net") + release });
  expect(estate.inputs.project.text).toContain("namespaceIsolation: false");
  expect(whys(estate)).toContain("chart: HelmRelease apps/app: its pods name net/lane");
  expect(estate.summary[0]).toContain("1 of charts and operators stay as they are");
});

test("comments stay, those above the first document too, with their paragraphs", () => {
  const text = `# Of the yard.\n---\n${nad("lane", POOL, "apps").replace("spec:\n", "spec:\n  # First.\n  #\n  # Second.\n")}`;
  expect(imported({ "net.yaml": text }).intents[0]?.file.text).toMatch(
    /# Of the yard\.\n#\n# First\.\n#\n# Second\.\n/,
  );
});

test("networks on one link, each with a router, and a pod on both of them", () => {
  const routed = (name: string, net: string) =>
    nad(name, { ...MACVLAN, ipam: { type: "whereabouts", range: `${net}.0/24`, gateway: `${net}.1` } }, "apps");
  const estate = imported({
    "net.yaml": `${routed("lane", "192.0.2")}---\n${routed("road", "198.51.100")}${deployment("both", "lane,road")}${deployment("one", "lane")}`,
  });
  expect(estate.intents.map((one) => one.kind)).toEqual(["external", "external"]);
  expect(estate.intents[0]?.file.text).toContain("separation: shared");
  expect(membersOf(estate)).toEqual(["apps/both", "apps/both", "apps/one"]);
});

test("a network of no namespace is where all of its pods are", () => {
  const estate = imported({ "net.yaml": nad("lane", POOL), "app.yaml": deployment("app", "lane") });
  expect(objectsOf(estate)).toEqual(["apps/lane"]);
  expect(membersOf(estate)).toEqual(["apps/app"]);
  expect(whys(estate)).toContain("assumed: NetworkAttachmentDefinition apps/lane: no file says its namespace");
  const open = imported({
    "net.yaml": nad("lane", POOL),
    "app.yaml": `${pod("a", "lane", "x")}${pod("b", "lane", "z")}`,
  });
  expect(objectsOf(open)).toEqual(["default/lane"]);
});

test("a copy of a workload with the same networks is no second one", () => {
  const estate = imported({
    "net.yaml": nad("lane", POOL, "apps"),
    "base/app.yaml": deployment("app", "lane"),
    "slice/app.yaml": deployment("app", "lane"),
  });
  expect(membersOf(estate)).toEqual(["apps/app"]);
  expect(whys(estate)).toContain("they are those of base/app.yaml, with the same networks");
});

test("literal values of Flux are filled in, and those of a ConfigMap that is here", () => {
  const settings =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: flux-system}\ndata: {LINK: eth7}\n";
  const root =
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: net, namespace: flux-system}\nspec:\n  path: ./net\n  targetNamespace: shop\n  postBuild:\n    substitute: {RANGE: 192.0.2.0/24}\n    substituteFrom: [{kind: ConfigMap, name: settings}]\n";
  const text = nad("lane", { ...POOL, master: "$" + "{LINK}", ipam: { type: "whereabouts", range: "$" + "{RANGE}" } });
  const estate = imported({ "flux/ks.yaml": root, "flux/settings.yaml": settings, "net/net.yaml": text });
  expect(objectsOf(estate)).toEqual(["shop/lane"]);
  expect(outOf(estate)).toContain("eth7");
  const secret = root.replace("kind: ConfigMap, name: settings", "kind: Secret, name: settings");
  const open = imported({ "flux/ks.yaml": secret, "net/net.yaml": text });
  expect(whys(open)).toContain("`$" + "{LINK}` is a placeholder");
});
