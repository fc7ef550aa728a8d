import { below, type Entries, type Given, onTarget, to, withoutGateways } from "./entry.ts";

const nothingElse = { ...withoutGateways, Network: undefined, ExternalNetwork: undefined, Zone2: undefined };
const onGke = onTarget("gke", {
  ...nothingElse,
  "IsolationZone network": { separation: "physical", uplink: "data", subnets: ["10.10.0.0/24"], addressing: "dhcp" },
  "Project clusters[].platform.gke": { networks: { data: { vpc: "a", subnet: "b", podRanges: ["c"] } } },
});
const onKubeOvn = onTarget("kube-ovn", {
  ...nothingElse,
  "IsolationZone network": { separation: "overlay", subnets: ["10.10.0.0/24"] },
});
const everything = { "VpnEgress destinations": ["any"], "VpnEgress dns": { servers: ["192.168.77.53"] } };
const toNodes = {
  "IsolationZone podNetwork.allow": [{ direction: "egress", to: { hostNetwork: true }, ports: ["tcp/9100"] }],
};
const toApi = { "IsolationZone podNetwork.allow": [{ direction: "egress", to: { apiServer: true } }] };
const overlay = {
  "Zone2 network": { separation: "overlay", subnets: ["10.20.0.0/24"] },
  ...withoutGateways,
};
const asOverlay = (target: string, subnet: string) =>
  onTarget(target, { ...overlay, "Zone2 network.subnets": [subnet] });

const platform: Entries = {
  profile: to("openshift"),
  kubernetes: to("1.29"),
  cniVersion: to("1.1.0"),
  cni: to("cilium", everything),
  namespaceIsolation: to(false, {
    "IsolationZone members[].workload": { namespace: "vault", kind: "Deployment", name: "backup" },
    "IsolationZone namespaces": ["payments", "vault"],
  }),
  ipam: to("host-local"),
  networkResourcesInjector: to(true, {
    ...nothingElse,
    "Project clusters[].platform.multiNetworkPolicy.plugins": ["sriov"],
    "Fabric uplinks[].attach": "sriov",
    "Fabric uplinks[].resourceName": "example.com/nic",
  }),
  nmstate: to(true),
  "multiNetworkPolicy.plugins": to(["ipvlan"]),
  "multiNetworkPolicy.endPort": to(true, { "FirewallPair rules[].ports": ["tcp/8000-9000"] }),
  "multiNetworkPolicy.acceptIcmp6": to(false, { "Zone2 network.subnets": ["10.20.0.0/24", "fd00:20::/64"] }),
  networkPolicy: to(false),
  appliers: to(["system:serviceaccount:flux-system:flux"]),
  networkWriters: to(["system:serviceaccount:net:operator"]),
  statusWriters: to(["system:serviceaccount:net:multus"]),
  adminPolicy: to("AdminNetworkPolicy"),
  "podNetwork.cidrs": to(["10.20.0.0/16"]),
  "podNetwork.serviceCidrs": to(["10.20.0.0/16"]),
  "podNetwork.mtu": to(1300, { ...everything, "Project clusters[].platform.podNetwork": { eth0Routes: true } }),
  "podNetwork.nodeCidrs": to(["192.0.2.0/24"], toNodes),
  "podNetwork.eth0Routes": to(true, everything),
  "dns.namespace": to("resolver"),
  "dns.podLabels": to({ app: "resolver" }),
  "dns.ports": to([5353]),
  "dns.cidrs": to(["169.254.20.10/32"]),
  "apiServer.cidrs": to(["192.0.2.11/32"], toApi),
  "apiServer.port": to(443, { ...toApi, "Project clusters[].platform.apiServer": { cidrs: ["192.0.2.11/32"] } }),
  "dra.driver": to("sriov", onTarget("dra")),
  "dra.deviceClass": to("nic", onTarget("dra", { ...nothingElse, "IsolationZone network.addressing": "none" })),
  "gke.networks{}.vpc": to("x", onGke),
  "gke.networks{}.subnet": to("x", onGke),
  "gke.networks{}.podRanges": to(["x"], onGke),
  "kubeOvn.externalSubnet": to("outside", {
    ...onKubeOvn,
    "IsolationZone podNetwork": { dns: false, allow: [{ direction: "egress", to: { cidr: "192.0.2.0/24" } }] },
  }),
  "kubeOvn.policyFor": to(true, onTarget("kube-ovn")),
  "kubeOvn.joinSubnets": to(["10.20.0.0/16"], asOverlay("kube-ovn", "10.20.0.0/24")),
  "ovn.joinSubnets": to(["10.20.0.0/16"], asOverlay("ovn-kubernetes", "10.20.0.0/24")),
  "ovn.transitSubnets": to(["10.20.0.0/16"], asOverlay("ovn-kubernetes", "10.20.0.0/24")),
  "ovn.masqueradeSubnets": to(["10.20.0.0/16"], asOverlay("ovn-kubernetes", "10.20.0.0/24")),
  "ovn.udnJoinSubnets": to(["10.20.0.0/16"], asOverlay("ovn-kubernetes", "10.20.0.0/24")),
  "networkKind.deviceClass": to("nic", onTarget("network-kind", nothingElse)),
  securityContextConstraints: to("gateways"),
  sysctlAllowlist: to(["net.ipv4.conf.IFNAME.rp_filter"], { "Project clusters[].platform.profile": "openshift" }),
};

const IMAGE = "registry.example.com/gw@sha256:7d1a5c0be8f3f0a94fdc8a2c6a5f6e8d1b3c9e7f2a4d6b8c0e1f3a5b7c9d1e3f";

const byArgoCd = {
  "Project delivery.gitops": "argocd",
  "Project delivery.argocd.repoURL": "https://git.example.com/net.git",
};
const byFlux = { "Project delivery.gitops": "flux" };

const delivery: Entries = {
  patches: to("admission"),
  gitops: to("argocd"),
  "argocd.repoURL": to("https://git.example.com/other.git", byArgoCd),
  "argocd.revision": to("release", byArgoCd),
  "argocd.project": to("platform", byArgoCd),
  "argocd.namespace": to("gitops", byArgoCd),
  "argocd.pathPrefix": to("net", byArgoCd),
  "argocd.destination.name": to("in-cluster", byArgoCd),
  "argocd.destination.server": to("https://kubernetes.default.svc", byArgoCd),
  "argocd.applicationSet": to(true, byArgoCd),
  "flux.sourceRef.kind": to("OCIRepository", { ...byFlux, "Project delivery.flux.sourceRef.name": "net" }),
  "flux.sourceRef.name": to("net", byFlux),
  "flux.sourceRef.namespace": to("sources", { ...byFlux, "Project delivery.flux.sourceRef.name": "net" }),
  "flux.dependsOn[].name": to("multus", byFlux),
  "flux.dependsOn[].namespace": to("infra", { ...byFlux, "Project delivery.flux.dependsOn": [{ name: "multus" }] }),
  "flux.pathPrefix": to("net", byFlux),
  "flux.timeout": to("7m", byFlux),
  "flux.namespace": to("gitops", byFlux),
};

const cache = {
  namespace: "payments",
  kind: "Deployment",
  name: "cache",
  podLabels: { app: "cache" },
  containers: [{ name: "main", drop: ["KILL"] }],
  initContainers: [{ name: "first", drop: ["KILL"] }],
};
const member = { workload: { namespace: "payments", kind: "Deployment", name: "cache" } };
const withCache = (more: object = {}, members: readonly object[] = [member], given: Given = {}): Given => ({
  ...given,
  "Project declared": [{ ...cache, ...more }],
  "IsolationZone members": members,
});
const release = { kind: "HelmRelease", name: "cache", namespace: "tools" };
const released = withCache({ release }, [member], { "Project delivery.patches": "helmRelease" });
const atAdmission = { "Project delivery.patches": "admission" };

const declared: Entries = {
  namespace: to("web", withCache()),
  kind: to("StatefulSet", withCache()),
  name: to("store", withCache()),
  podLabels: to(
    { app: "store" },
    withCache({}, [{ namespace: "payments", selector: { matchLabels: { app: "cache" } } }]),
  ),
  selector: to({ tier: "cache" }, withCache({ podLabels: { app: "cache", tier: "cache" } }, [member], atAdmission)),
  serviceAccount: to("cache", withCache({}, [{ ...member, allowCapabilities: ["NET_RAW"] }])),
  replicas: to(9, withCache({}, [{ ...member, range: { size: 3 } }])),
  strategy: to(
    "RollingUpdate",
    withCache({}, [{ ...member, addresses: ["10.10.0.9"] }], { "IsolationZone network.subnets": ["10.10.0.0/24"] }),
  ),
  "containers[].name": to("other", withCache()),
  "containers[].drop": to(["CHOWN"], withCache()),
  "initContainers[].name": to("other", withCache()),
  "initContainers[].drop": to(["CHOWN"], withCache()),
  "release.kind": to("Cluster", released),
  "release.name": to("store", released),
  "release.namespace": to("web", released),
};

export const ofProject: Entries = {
  ...below("declared[]", declared),
  out: to("elsewhere"),
  "clusters[].name": to("west", {
    Fabric: undefined,
  }),
  "clusters[].target": to("kube-ovn"),
  ...below("clusters[].platform", platform),
  ...below("delivery", delivery),
  "defaults.images.firewall": to(IMAGE, { "FirewallPair image": undefined }),
  "defaults.images.vpn": to(IMAGE, { "VpnEgress image": undefined }),
  allowLoss: to(["firewall"], onTarget("network-kind")),
  requires: to(">=99"),
  experimental: to(true, { "Project clusters[].target": "network-kind", ...withoutGateways }),
};
