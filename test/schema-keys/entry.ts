/** What is set first, on both sides of the comparison: `KIND PATH` and a value; undefined takes the key away. */
export type Given = Readonly<Record<string, unknown>>;

/** A value that changes what comes out, or is refused by more than the schema. */
export interface Entry {
  readonly value: unknown;
  readonly given: Given;
}

export type Entries = Readonly<Record<string, Entry>>;

export const to = (value: unknown, given: Given = {}): Entry => ({ value, given });

/** A second cluster beside the first one. */
export const twoClusters: Given = {
  "Project clusters[1]": { name: "other", platform: { adminPolicy: "ClusterNetworkPolicy" } },
  "Fabric clusters": ["main", "other"],
};

export const onTarget = (target: string, given: Given = {}): Given => ({
  "Project experimental": true,
  "Project clusters[].target": target,
  ...given,
});

/** Less, where a gateway would be refused first. */
export const withoutGateways: Given = { FirewallPair: undefined, VpnEgress: undefined, Expectation: undefined };

/** The same entries below a key. */
export function below(path: string, entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [`${path}.${key}`, entry]));
}

/** A label selector at a path of a kind. `wanted`: a label that makes a difference there, and another one. */
export function selectorAt(kind: string, path: string, given: Given = {}, label = "app"): Entries {
  const one = { key: label, operator: "In", values: ["shop"] };
  const before = { ...given, [`${kind} ${path}`]: { matchExpressions: [one] } };
  return below(path, {
    matchLabels: to({ [label]: "shop" }, given),
    "matchExpressions[].key": to("tier", before),
    "matchExpressions[].operator": to("NotIn", before),
    "matchExpressions[].values": to(["news"], before),
  });
}

const db = { namespace: "payments", kind: "StatefulSet", name: "db" };

/** A reference to a workload at a path of a kind. */
export function workloadAt(kind: string, path: string, given: Given = {}, first: object = db): Entries {
  const before = { ...given, [`${kind} ${path}`]: first };
  return below(path, {
    namespace: to("web", before),
    kind: to("DaemonSet", before),
    name: to("card", before),
  });
}

/** A party of a rule or an assertion; `more` is set before. */
export function partyAt(kind: string, path: string, more: Given): Entries {
  const cleared = (one: object): Given => ({ ...more, [`${kind} ${path}`]: one });
  return {
    ...below(path, {
      zone: to("pci", cleared({ zone: "corp" })),
      external: to("mainframe", cleared({})),
      host: to("db2", cleared({ external: "mainframe" })),
      vpn: to("site1", cleared({})),
      cidr: to("10.20.0.128/25", cleared({})),
      internet: to(true, cleared({ zone: "corp" })),
    }),
    ...workloadAt(kind, `${path}.workload`, cleared({ workload: db })),
  };
}

/** What a tunnel on a network that was there before cannot allocate. */
const addresses: Given = {
  "VpnEgress addresses": ["10.30.0.2", "10.30.0.3"],
  "VpnEgress virtualAddress": "10.30.0.4",
  "VpnEgress availability.mode": "activeStandby",
};

/** Keys that zones, external networks and tunnels have of a network. */
export function networkOf(kind: string, given: Given = {}): Entries {
  const external = kind === "ExternalNetwork";
  const set = (more: Record<string, unknown>): Given => ({
    ...given,
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`${kind} network.${key}`, value])),
  });
  const object = { namespace: external ? "batch" : "payments", name: "old" };
  const gone =
    kind === "VpnEgress" ? { FirewallPair: undefined, Expectation: undefined, ...addresses } : withoutGateways;
  const taken = {
    ...gone,
    ...set({ existing: { objects: [object] }, ipam: "host-local", ...(external ? {} : { subnets: ["10.30.0.0/24"] }) }),
  };
  const subnets = ["10.30.0.0/24"];
  const free = set({ vlan: undefined, subnets: undefined, pods: undefined });
  return below("network", {
    separation: to("physical", set({ uplink: "spare", vlan: undefined })),
    uplink: to("spare", external ? { ...given, "ExternalNetwork network.vlan": 151 } : free),
    vlan: to(177, set({ vlan: 176 })),
    subnets: to(["10.50.0.0/23"], external ? given : free),
    pools: to(["more"], external ? given : free),
    reserved: to([external ? "10.50.0.140" : "10.30.0.33"], set(external ? {} : { subnets })),
    mtu: to(9000, given),
    addressing: to("dhcp", given),
    ipam: to("host-local", given),
    attach: to("ipvlan", given),
    sysctls: to({ "net.ipv4.conf.IFNAME.arp_notify": "1" }, given),
    "bandwidth.ingress": to("100M", given),
    "bandwidth.egress": to("100M", given),
    plugin: to({ bcqueuelen: 5 }, given),
    chain: to([{ type: "sbr" }], given),
    "existing.objects[].namespace": to("tools", taken),
    "existing.objects[].name": to("older", taken),
    "existing.objects[].annotations": to({ "example.com/owner": "net" }, taken),
    "existing.cniName": to("other-name", taken),
  });
}

/** The pods of a gateway. */
export function gatewayOf(kind: string): Entries {
  const toleration = { [`${kind} pod.tolerations`]: [{ key: "edge", operator: "Equal", value: "a" }] };
  return {
    "availability.mode": to(kind === "VpnEgress" ? "activeStandby" : "single"),
    ...selectorAt(kind, "availability.nodes"),
    ...below("pod", {
      "resources.requests": to({ cpu: "100m" }),
      "resources.limits": to({ memory: "64Mi" }),
      nodeSelector: to({ role: "edge" }),
      "tolerations[].key": to("other", toleration),
      "tolerations[].operator": to("Exists", { [`${kind} pod.tolerations`]: [{ key: "edge" }] }),
      "tolerations[].value": to("b", toleration),
      "tolerations[].effect": to("NoSchedule", toleration),
      "tolerations[].tolerationSeconds": to(60, {
        [`${kind} pod.tolerations`]: [{ key: "edge", operator: "Exists", effect: "NoExecute" }],
      }),
      imagePullSecrets: to(["pull"]),
      priorityClassName: to("high"),
      topologyKey: to("topology.kubernetes.io/zone"),
    }),
    manageNamespace: to(false),
    namespace: to("gw-other"),
    image: to("registry.example.com/other@sha256:8d1a5c0be8f3f0a94fdc8a2c6a5f6e8d1b3c9e7f2a4d6b8c0e1f3a5b7c9d1e3f"),
  };
}

export const membersOf = (kind: string): Entries => {
  const net = kind === "ExternalNetwork" ? "10.50.0" : "10.30.0";
  const selected = { [`${kind} members`]: [{ namespace: "payments", selector: { matchLabels: { app: "card" } } }] };
  return {
    ...workloadAt(kind, "members[].workload"),
    ...below("members[]", {
      namespace: to("web", selected),
      interface: to("data0"),
      mac: to("02:00:00:00:00:09"),
      // A pod has no guest: refused.
      setBy: to("guest"),
      "addresses.perPod": to([[`${net}.140`]], {
        [`${kind} network.subnets`]: [`${net}.0/24`],
        [`${kind} members[].workload`]: { namespace: "payments", kind: "StatefulSet", name: "db" },
        [`${kind} members[].addresses`]: { perPod: [[`${net}.141`]] },
      }),
      "range.size": to(8, { [`${kind} members[].range`]: { size: 4 } }),
      defaultRoute: to(true),
    }),
    ...selectorAt(kind, "members[].selector", { [`${kind} members`]: [{ namespace: "web" }] }),
  };
};
