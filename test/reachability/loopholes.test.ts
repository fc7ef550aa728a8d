import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { WorkloadFile } from "../../src/ir/compiled.ts";
import type { Platform } from "../../src/ir/project.ts";
import { findPosition, type SourceFile } from "../../src/source/source-file.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { findSpan } from "../../src/yaml/span.ts";
import { pageInputs } from "../page-project.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as ClusterKnowledge;
const written = clusterFiles(readFolder(ROOT, "out/east"), "east");

type Edit = readonly [file: string, from: string | RegExp, to: string];

function edited(files: readonly SourceFile[], edits: readonly Edit[]): readonly SourceFile[] {
  let left = files;
  for (const [path, from, to] of edits) {
    const before = left;
    left = left.map((file) => (file.path.endsWith(path) ? { ...file, text: file.text.replace(from, to) } : file));
    expect(
      left.some((file, index) => file.text !== before[index]?.text),
      `${path} has ${from}`,
    ).toBe(true);
  }
  return left;
}

interface World {
  readonly known: ClusterKnowledge;
  readonly files: readonly SourceFile[];
  readonly workloads: readonly WorkloadFile[];
}

/** Codes with where they stand: `verify/weak-host out/east/pairs/edge.yaml`, and the text of that line. */
function found({ known: of, files, workloads }: World): readonly { what: string; line: string }[] {
  return verifyCluster(of, files, workloads).diagnostics.map(({ code, place }) => {
    if (!place) return { what: code, line: "" };
    const span = findSpan(place);
    const line = span.file.text.split("\n")[findPosition(span.file, span.start).line - 1] ?? "";
    return { what: `${code} ${span.file.path}`, line };
  });
}

const example = { known, files: written, workloads: inputs.workloads };
const after = (...edits: readonly Edit[]) => found({ ...example, files: edited(written, edits) });

/** The example on a platform that has something else installed. */
function on(platform: Partial<Platform>): ClusterKnowledge {
  const { plan } = known;
  return {
    ...known,
    plan: { ...plan, cluster: { ...plan.cluster, platform: { ...plan.cluster.platform, ...platform } } },
  };
}

/** The example with one more manifest among its workloads. */
function beside(...objects: readonly object[]): World {
  const own = objects.map((object, index) => ({
    file: { path: `workloads/more-${index}.yaml`, text: JSON.stringify(object, undefined, 2) },
    namespace: undefined,
  }));
  return { ...example, workloads: [...inputs.workloads, ...own] };
}

const edge = "pairs/edge.yaml";

describe("a loophole is found, and its place is named", () => {
  test.each<[string, string, RegExp, readonly Edit[]]>([
    [
      "eth0 between two zones",
      "verify/back-door intents/zones/pci.yaml",
      /network|metadata|name/,
      [
        ["zones/pci.yaml", /(name: zone-pci-same-zone\n {2}namespace: payments[\s\S]*?)- ledger/, "$1- web"],
        [
          "zones/corp.yaml",
          /(kind: NetworkPolicy[\s\S]*?name: zone-corp-same-zone[\s\S]*?egress:[\s\S]*?)- web/,
          "$1- payments",
        ],
        ["guards.yaml", /action: Deny/g, "action: Pass"],
      ],
    ],
    [
      "a gateway that answers for its far leg",
      `verify/weak-host out/east/${edge}`,
      /./,
      [
        ["zones/corp.yaml", /kind: MultiNetworkPolicy/g, "kind: Nothing"],
        [
          edge,
          /^.*iifname "net1" ip daddr \{ 10\.132.*echo-request accept$/m,
          '        iifname "net1" icmp type echo-request accept',
        ],
      ],
    ],
    [
      "answers that do not return",
      "verify/asymmetric-return out/east/patches/ledger/statefulset-db/kustomization.yaml",
      /./,
      [
        ["zones/pci.yaml", /rp_filter": "1"/g, 'rp_filter": "0"'],
        ["zones/pci.yaml", /,?\s*\{\s*"dst": "10\.132\.207\.0\/24",\s*"gw": "[^"]+"\s*\}/g, ""],
      ],
    ],
    [
      "a pod in two zones",
      "verify/two-domains out/east/patches/payments/deployment-card/kustomization.yaml",
      /patch: \|/,
      [
        [
          "deployment-card/kustomization.yaml",
          '{"name":"zone-pci"',
          '{"name":"zone-corp","namespace":"web"},{"name":"zone-pci"',
        ],
      ],
    ],
    [
      "a pod on the node's network",
      "verify/host-network out/east/patches/web/deployment-shop/kustomization.yaml",
      /./,
      [["deployment-shop/kustomization.yaml", /^( *)(containers:\n)/m, "$1hostNetwork: true\n$1$2"]],
    ],
    [
      "long packets that vanish",
      "verify/mtu-black-hole out/east/vpns/site1.yaml",
      /./,
      [["vpns/site1.yaml", /^.*maxseg size set rt mtu\n/gm, ""]],
    ],
    [
      "one address for two",
      "verify/overlapping-addresses out/east/patches/ledger/statefulset-db/kustomization.yaml",
      /patch: \|/,
      [["statefulset-db/kustomization.yaml", "10.10.0.20/24", "10.10.0.40/24"]],
    ],
    [
      "no kill switch",
      "verify/fails-open out/east/vpns/site1.yaml",
      /./,
      [["vpns/site1.yaml", "hook forward priority filter; policy drop", "hook forward priority filter; policy accept"]],
    ],
    [
      "clear text when the way to the tunnel is down",
      "verify/clear-text out/east/patches/web/deployment-shop/kustomization.yaml",
      /./,
      [
        ["zones/corp.yaml", /(kind: NetworkPolicy[\s\S]*?name: zone-corp-dns[\s\S]*?egress:\n)/, "$1    - {}\n"],
        ["guards.yaml", /action: Deny/g, "action: Pass"],
      ],
    ],
    [
      "a border that only one layer holds",
      "verify/one-layer-open intents/zones/pci.yaml",
      /./,
      [["guards.yaml", /(name: zone-pci\n[\s\S]*?)action: Deny/, "$1action: Pass"]],
    ],
  ])("%s", (_title, what, line, edits) => {
    const all = after(...edits);
    const one = all.find((other) => other.what === what);
    expect(all.map((other) => other.what)).toContain(what);
    expect(one?.line).toMatch(line);
  });

  test("packets that strict rp_filter drops do not arrive, so no answer is missing", () => {
    const all = after(["zones/pci.yaml", /,?\s*\{\s*"dst": "10\.132\.207\.0\/24",\s*"gw": "[^"]+"\s*\}/g, ""]);
    expect(all.map((one) => one.what)).toEqual(["verify/missing-path intents/pairs/edge.yaml"]);
  });

  test("a MultiNetworkPolicy that nobody enforces", () => {
    const bare = on({ multiNetworkPolicy: { plugins: ["ipvlan"], endPort: false, acceptIcmp6: true } });
    const all = found({ ...example, known: bare });
    expect(all.map((one) => one.what)).toContain("verify/policy-not-enforced out/east/zones/pci.yaml");
    expect(all.find((one) => one.what.startsWith("verify/policy-not-enforced"))?.line).toContain("MultiNetworkPolicy");
  });
});

describe("ways in that somebody else wrote", () => {
  const service = (name: string, namespace: string, spec: object) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec,
  });
  const backend = service("card", "payments", { selector: { app: "card" }, ports: [{ port: 8080 }] });
  const crosses = (world: World) =>
    found(world)
      .map((one) => one.what)
      .filter((one) => one.includes("service-crosses"));

  test.each([{ type: "LoadBalancer" }, { type: "NodePort" }, { externalIPs: ["198.18.0.1"] }])(
    "a Service for the world, where the zone lets the world in: %j",
    (entry) => {
      const balanced = beside({ ...backend, spec: { ...backend.spec, ...entry } });
      expect(crosses(balanced)).toEqual([]);
      const open: readonly Edit[] = [
        [
          "zones/pci.yaml",
          /(name: zone-pci-allow-1\n {2}namespace: payments[\s\S]*?from:\n)/,
          "$1        - ipBlock: {cidr: 0.0.0.0/0}\n",
        ],
      ];
      expect(crosses({ ...balanced, files: edited(written, open) })).toEqual([
        "verify/service-crosses workloads/more-0.yaml",
      ]);
    },
  );

  test("an Ingress and a route, where the zone lets their controllers in", () => {
    const ingress = {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "card", namespace: "payments" },
      spec: {
        rules: [
          {
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: "card", port: { number: 8080 } } } },
              ],
            },
          },
        ],
      },
    };
    expect(crosses(beside(backend, ingress))).toEqual(["verify/service-crosses workloads/more-1.yaml"]);
    const route = {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "card", namespace: "shop-front" },
      spec: { rules: [{ backendRefs: [{ name: "card", namespace: "payments", port: 8080 }] }] },
    };
    expect(crosses(beside(backend, route))).toEqual(["verify/service-crosses workloads/more-1.yaml"]);
    const nowhere = service("shop", "web", { selector: { app: "shop" } });
    const shut = { ...ingress, metadata: { name: "shop", namespace: "web" } };
    expect(crosses(beside(nowhere, JSON.parse(JSON.stringify(shut).replaceAll('"card"', '"shop"')) as object))).toEqual(
      [],
    );
  });

  test("addresses of a zone behind a Service of another one", () => {
    const slice = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "db", namespace: "web", labels: { "kubernetes.io/service-name": "db" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.10.0.20"] }],
    };
    expect(crosses(beside(slice))).toEqual(["verify/service-crosses workloads/more-0.yaml"]);
    expect(crosses(beside({ ...slice, metadata: { name: "db", namespace: "ledger" } }))).toEqual([]);
    const old = {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "db", namespace: "web" },
      subsets: [{ addresses: [{ ip: "fd00:10::20" }] }],
    };
    expect(crosses(beside(old))).toEqual(["verify/service-crosses workloads/more-0.yaml"]);
  });
});

test("names that leave beside a tunnel for everything", () => {
  const project = pageInputs(`apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}
        adminPolicy: ClusterNetworkPolicy
        podNetwork: {eth0Routes: true}
---
apiVersion: plumbline.dev/v1alpha1
kind: VpnEgress
metadata: {name: site1}
spec:
  namespace: vpn-site1
  clients: {zone: corp}
  destinations: [any]
  dns: {servers: [192.168.77.53]}
  wireguard:
    endpoint: 203.0.113.2:51820
    publicKey: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    addresses: [172.31.0.2/32]
    privateKeyFrom: {secret: wg, key: privatekey}
  image: registry.example.com/wggw@sha256:2b4d6f8a0c1e3a5b7d9f1c3e5a7b9d0f2e4c6a8b0d1f3e5a7c9b1d3f5e7a9c0b
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`);
  const { files, diagnostics } = compile(project);
  expect(diagnostics.map((one) => one.message)).toEqual([]);
  const own = { known: knownOf(project).get("main") as ClusterKnowledge, files, workloads: project.workloads };
  expect(found(own)).toEqual([]);
  const leaking = edited(files, [
    ["web/deployment-shop/kustomization.yaml", "dnsPolicy: None", "dnsPolicy: ClusterFirst"],
  ]);
  expect(found({ ...own, files: leaking }).map((one) => one.what)).toContain("verify/dns-leak intents/all.yaml");
});
