import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { pageInputs } from "../page-project.ts";
import { codes, macvlan, nad, pod, zone } from "./own-networks.ts";

const open = zone(
  "  podNetwork: {allow: [{direction: ingress, from: {namespace: ingress-nginx}, ports: [tcp/8080]}]}\n",
);

/** A project with manifests of any kind among its workloads. */
function withObjects(intents: string, ...objects: readonly object[]): readonly string[] {
  const inputs = pageInputs(intents);
  const more = objects.map((object, index) => ({
    file: { path: `workloads/more-${index}.yaml`, text: JSON.stringify(object) },
    namespace: undefined,
  }));
  const { diagnostics } = compile({ ...inputs, workloads: [...inputs.workloads, ...more] });
  return [...new Set(diagnostics.map((one) => one.code))];
}

const service = (namespace: string, name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec,
});
const alias = (namespace: string, name: string, externalName: string) =>
  service(namespace, name, { type: "ExternalName", externalName });
const ingress = (name: string, annotations: object = {}) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "i", namespace: "ingress-nginx", annotations },
  spec: { defaultBackend: { service: { name, port: { number: 8080 } } } },
});
const api = service("payments", "api", { selector: { app: "card" }, ports: [{ port: 8080 }] });

describe("routes of a proxy's own kind", () => {
  const route = (apiVersion: string, kind: string, spec: object, namespace = "ingress-nginx") => ({
    apiVersion,
    kind,
    metadata: { name: "r", namespace },
    spec,
  });
  test.each([
    route("networking.istio.io/v1", "VirtualService", {
      gateways: ["edge"],
      http: [{ route: [{ destination: { host: "api.payments.svc.cluster.local" } }] }],
    }),
    route("traefik.io/v1alpha1", "IngressRoute", {
      routes: [{ match: "Host(`a.example.com`)", services: [{ name: "api", namespace: "payments", port: 8080 }] }],
    }),
    route("projectcontour.io/v1", "HTTPProxy", { routes: [{ services: [{ name: "api", port: 8080 }] }] }, "payments"),
    route("route.openshift.io/v1", "Route", { to: { kind: "Service", name: "api" } }, "payments"),
    route("k8s.nginx.org/v1", "VirtualServer", { upstreams: [{ name: "u", service: "api", port: 8080 }] }, "payments"),
    route("getambassador.io/v3alpha1", "Mapping", { prefix: "/", service: "https://api.payments:8080" }),
    route("gateway.networking.k8s.io/v1", "HTTPRoute", {
      rules: [{ backendRefs: [{ name: "api", namespace: "payments", port: 8080 }] }],
    }),
  ])("$kind", (object) => {
    expect(withObjects(open, api, object)).toContain("verify/service-crosses");
    // Nobody outside of the zone reaches its pods by eth0: a proxy neither.
    expect(withObjects(zone(""), api, object)).toEqual([]);
  });

  test("a kind of the same name of another API, and a route to somebody else", () => {
    const knative = route("serving.knative.dev/v1", "Route", { to: { name: "api" } }, "payments");
    expect(withObjects(open, api, knative)).toEqual([]);
    const other = route("networking.istio.io/v1", "VirtualService", {
      http: [{ route: [{ destination: { host: "api.tools.svc.cluster.local" } }] }],
    });
    expect(withObjects(open, api, other)).toEqual([]);
  });
});

describe("a way in by another name", () => {
  test.each([
    "api.payments.svc.cluster.local",
    "api.payments.svc",
    "api.payments",
    "card-0.api.payments.svc.cluster.local.",
  ])("ExternalName %s", (host) => {
    const found = withObjects(open, api, alias("ingress-nginx", "s", host), ingress("s"));
    expect(found).toContain("verify/service-crosses");
  });

  test("an alias of an alias, of a Service that no manifest has, and of somebody else", () => {
    const chain = [alias("ingress-nginx", "s", "t.tools.svc"), alias("tools", "t", "api.payments.svc"), ingress("s")];
    expect(withObjects(open, api, ...chain)).toContain("verify/service-crosses");
    expect(withObjects(open, alias("ingress-nginx", "s", "db.payments.svc"), ingress("s"))).toContain(
      "verify/service-crosses",
    );
    expect(withObjects(open, api, alias("ingress-nginx", "s", "www.example.com"), ingress("s"))).toEqual([]);
  });

  test("annotations that name a backend", () => {
    const key = "nginx.ingress.kubernetes.io/default-backend";
    const s = alias("ingress-nginx", "s", "api.payments.svc");
    expect(withObjects(open, api, s, ingress("other", { [key]: "s" }))).toContain("verify/service-crosses");
    const url = { "nginx.ingress.kubernetes.io/auth-url": "http://api.payments.svc.cluster.local:8080/auth" };
    expect(withObjects(open, api, ingress("other", url))).toContain("verify/service-crosses");
  });
});

describe("a port of the node", () => {
  const ports = ", ports: [{containerPort: 9090, hostPort: 9090}]";
  const world = zone("  podNetwork: {allow: [{direction: ingress, from: {cidr: 192.0.2.0/24}, ports: [tcp/9090]}]}\n");

  test("of a pod that the zone opens to the outside", () => {
    expect(codes(world, pod("card", "payments", "", { container: ports }))).toContain("verify/service-crosses");
  });

  test("of one that it does not", () => {
    expect(codes(pod("card", "payments", "", { container: ports }))).toEqual([]);
    expect(codes(world, pod("card", "payments", ""))).toEqual([]);
  });
});

describe("addresses that nobody knows", () => {
  test.each([
    ["a DHCP server's", { type: "dhcp" }],
    ["those of an IPAM that is not known", { type: "spiderpool" }],
    ["none", {}],
  ])("beside devices of an ExternalNetwork: %s", (_, ipam) => {
    const found = codes(nad("lan", "tools", macvlan(ipam, "bond1.150")), pod("probe", "tools", "lan"));
    expect(found).toContain("verify/shared-link");
  });

  test("on a zone's link, by a plugin chain that is not known", () => {
    const plugins = [macvlan({}, "bond1.110"), { type: "mystery" }];
    const found = codes(nad("lan", "tools", { name: "lan", plugins }), pod("probe", "tools", "lan"));
    expect(found).toEqual(["verify/two-domains", "verify/unread-network"]);
  });
});

describe("addresses that each node counts", () => {
  const onNode = "nodeSelector: {kubernetes.io/hostname: a}, ";
  const zoneOf = zone("").replace("subnets: [10.10.0.0/24]", "subnets: [10.10.0.0/24], ipam: host-local");

  test("by host-local", () => {
    expect(codes(zoneOf)).toEqual(["verify/one-node-pool"]);
    expect(codes(zoneOf, pod("card", "payments", "", { spec: onNode }))).toEqual(["verify/one-node-pool"]);
  });

  test("on one node there is one book", () => {
    const fabric = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"], nodes: {matchLabels: {kubernetes.io/hostname: a}}}
    - {name: spare, interface: bond2}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
`;
    expect(codes(fabric, zoneOf)).toEqual([]);
  });
});
