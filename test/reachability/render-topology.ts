import type { SourceFile } from "../../src/source/source-file.ts";
import {
  addressOf,
  type Firewall,
  type NetRule,
  NOBODY,
  podHost,
  subnetOf,
  type Topology,
  type Zone,
} from "./topology.ts";

const families = (topology: Topology) => (topology.dual ? ([4, 6] as const) : ([4] as const));

const image = "registry.example.com/topology:1";

/** The manifests of a world, as JSON, which is YAML. */
export function renderTopology(topology: Topology): {
  readonly files: readonly SourceFile[];
  readonly workloads: readonly SourceFile[];
} {
  const objects = topology.zones.flatMap((zone, index) => zoneObjects(topology, zone, index));
  const pods = topology.zones.flatMap((zone, index) => zone.pods.map((_pod, nth) => workload(topology, index, nth)));
  const firewall = topology.firewall ? firewallObjects(topology, topology.firewall) : [];
  const files = [...objects, ...firewall].map((object, index) => ({
    path: `out/one/${index}.yaml`,
    text: JSON.stringify(object),
  }));
  const workloads = pods.map((object, index) => ({ path: `workloads/${index}.yaml`, text: JSON.stringify(object) }));
  return { files, workloads };
}

function workload(topology: Topology, zone: number, nth: number) {
  const ips = families(topology).map((family) => `${addressOf(zone, podHost(nth), family)}/${family === 4 ? 24 : 64}`);
  const networks = JSON.stringify([{ name: `net-${nth}`, namespace: `z${zone}`, interface: "net1", ips }]);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `p${nth}`, namespace: `z${zone}` },
    spec: {
      template: {
        metadata: { labels: { app: `p${nth}` }, annotations: { "k8s.v1.cni.cncf.io/networks": networks } },
        spec: { containers: [{ name: "app", image }] },
      },
    },
  };
}

function attachment(name: string, namespace: string, vlan: number, routes: readonly object[], sysctl: object) {
  const macvlan = {
    type: "macvlan",
    master: `bond1.${100 + vlan}`,
    capabilities: { ips: true },
    ipam: { type: "static", routes },
  };
  const config = JSON.stringify({ cniVersion: "1.0.0", name, plugins: [macvlan, { type: "tuning", sysctl }] });
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name, namespace },
    spec: { config },
  };
}

function zoneObjects(topology: Topology, zone: Zone, index: number): readonly object[] {
  const namespace = `z${index}`;
  const sysctl = { "net.ipv4.conf.IFNAME.rp_filter": zone.reversePath ? "1" : "0" };
  const networks = zone.pods.map((pod, nth) => {
    const far = pod.routes.filter((route) => route.zone !== index);
    const routes = far.flatMap((route) =>
      families(topology).map((family) => ({
        dst: subnetOf(route.zone, family),
        gw: addressOf(index, route.right ? 1 : NOBODY, family),
      })),
    );
    return attachment(`net-${nth}`, namespace, index, routes, sysctl);
  });
  return [...networks, ...eth0Policies(zone, namespace), ...networkPolicies(topology, zone, namespace)];
}

function eth0Policies(zone: Zone, namespace: string): readonly object[] {
  if (!zone.eth0) return [];
  const policy = (name: string, spec: object) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: {}, ...spec },
  });
  const rules = zone.eth0.map(({ direction, zone: other, port }, index) => {
    const peer = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": `z${other}` } } }];
    const ports = port === undefined ? {} : { ports: [{ protocol: "TCP", port }] };
    const spec =
      direction === "Ingress" ? { ingress: [{ from: peer, ...ports }] } : { egress: [{ to: peer, ...ports }] };
    return policy(`rule-${index}`, { policyTypes: [direction], ...spec });
  });
  return [policy("deny", { policyTypes: ["Ingress", "Egress"] }), ...rules];
}

function networkPolicies(topology: Topology, zone: Zone, namespace: string): readonly object[] {
  if (!zone.network) return [];
  const rule = ({ zone: other, port }: NetRule, key: "from" | "to") => ({
    [key]: families(topology).map((family) => ({ ipBlock: { cidr: subnetOf(other, family) } })),
    ...(port !== undefined && { ports: [{ protocol: "TCP", port }] }),
  });
  const policyFor = zone.pods.map((_pod, nth) => `${namespace}/net-${nth}`).join(", ");
  return [
    {
      apiVersion: "k8s.cni.cncf.io/v1beta1",
      kind: "MultiNetworkPolicy",
      metadata: { name: "network", namespace, annotations: { "k8s.v1.cni.cncf.io/policy-for": policyFor } },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: zone.network.ingress.map((one) => rule(one, "from")),
        egress: zone.network.egress.map((one) => rule(one, "to")),
      },
    },
  ];
}

function firewallObjects(topology: Topology, firewall: Firewall): readonly object[] {
  const sysctl = {
    "net.ipv4.ip_forward": firewall.forwards4 ? "1" : "0",
    "net.ipv6.conf.all.forwarding": firewall.forwards6 ? "1" : "0",
  };
  const legs = firewall.legs.map((zone) => attachment(`leg-${zone}`, "fw", zone, [], sysctl));
  const networks = firewall.legs.map((zone, index) => ({
    name: `leg-${zone}`,
    namespace: "fw",
    interface: `net${index + 1}`,
    ips: families(topology).map((family) => `${addressOf(zone, 1, family)}/${family === 4 ? 24 : 64}`),
  }));
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "fw", namespace: "fw" },
    spec: {
      template: {
        metadata: { labels: { app: "fw" }, annotations: { "k8s.v1.cni.cncf.io/networks": JSON.stringify(networks) } },
        spec: {
          containers: [
            {
              name: "fw",
              image,
              command: ["/bin/sh", "-ec", "nft -f /etc/fw/fw.nft && exec sleep 1d"],
              securityContext: { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } },
              readinessProbe: { exec: { command: ["nft", "list", "table", "inet", "plumbline"] } },
              volumeMounts: [{ name: "rules", mountPath: "/etc/fw" }],
            },
          ],
          volumes: [{ name: "rules", configMap: { name: "rules" } }],
        },
      },
    },
  };
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "rules", namespace: "fw" },
    data: { "fw.nft": ruleset(topology, firewall) },
  };
  return [...legs, configMap, deployment];
}

function ruleset(topology: Topology, firewall: Firewall): string {
  const rules = firewall.rules.flatMap((rule) =>
    families(topology).map((family) => {
      const ip = family === 4 ? "ip" : "ip6";
      const range = rule.first === rule.last ? `${rule.first}` : `${rule.first}-${rule.last}`;
      return `    ${ip} saddr ${subnetOf(rule.from, family)} ${ip} daddr ${subnetOf(rule.to, family)} ${rule.protocol} dport ${range} counter ${rule.verdict}`;
    }),
  );
  const masks = firewall.legs.flatMap((zone, index) =>
    firewall.masks.includes(zone)
      ? families(topology).map(
          (family) =>
            `    oifname "net${index + 1}" snat ${family === 4 ? "ip" : "ip6"} to ${addressOf(zone, 1, family)}`,
        )
      : [],
  );
  return `table inet plumbline {
  chain forward {
    type filter hook forward priority filter; policy ${firewall.drops ? "drop" : "accept"};
${firewall.stateful ? "    ct state established,related accept\n" : ""}${rules.join("\n")}
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
${masks.join("\n")}
  }
}
`;
}
