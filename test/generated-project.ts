import { stringify } from "yaml";
import type { Inputs } from "../src/ir/compiled.ts";

/** A zone as a test wants it; what is left out is given out. */
export interface TestZone {
  readonly name: string;
  readonly vlan?: number;
  readonly subnet?: string;
  readonly rangeSize?: number;
}

/** A firewall between two zones, by name. */
export interface TestPair {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface TestProject {
  readonly zones: readonly TestZone[];
  readonly pairs: readonly TestPair[];
  readonly lock?: string;
}

const head = (kind: string, name: string, spec: unknown) => ({
  apiVersion: "plumbline.dev/v1alpha1",
  kind,
  metadata: { name },
  spec,
});

const workload = (namespace: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "app", namespace },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "app" } },
    template: {
      metadata: { labels: { app: "app" } },
      spec: { containers: [{ name: "main", image: "registry.example.com/app:1.0" }] },
    },
  },
});

const image = `registry.example.com/netfw@sha256:${"ab".repeat(32)}`;

/** The documents of a project, one per file, so that a test can shuffle them. */
export function documentsOf(project: TestProject): readonly unknown[] {
  const uplinks = [{ name: "data", interface: "bond1", vlans: ["100-299"] }];
  const pools = [{ name: "zones", cidr: "10.128.0.0/16", prefixLength: 24 }];
  return [
    head("Fabric", "dc1", { clusters: ["main"], uplinks, pools }),
    ...project.zones.map(({ name, vlan, subnet, rangeSize }) =>
      head("IsolationZone", name, {
        namespaces: [`ns-${name}`],
        ...(rangeSize !== undefined && {
          members: [
            { workload: { namespace: `ns-${name}`, kind: "Deployment", name: "app" }, range: { size: rangeSize } },
          ],
        }),
        network: {
          separation: "vlan",
          uplink: "data",
          ...(vlan !== undefined && { vlan }),
          ...(subnet !== undefined && { subnets: [subnet] }),
        },
      }),
    ),
    ...project.pairs.map(({ name, from, to }) =>
      head("FirewallPair", name, {
        namespace: `fw-${name}`,
        legs: [
          { name: "a", zone: from },
          { name: "b", zone: to },
        ],
        rules: [{ name: "web", from: { zone: from }, to: { zone: to }, ports: ["tcp/8443"] }],
        image,
      }),
    ),
  ];
}

const platform = { multiNetworkPolicy: { plugins: ["macvlan"] }, adminPolicy: "ClusterNetworkPolicy" };

/** A project in memory; `order` puts its intent files into another order. */
export function inputsOf(
  project: TestProject,
  order: (files: readonly unknown[]) => readonly unknown[] = (files) => files,
): Inputs {
  const file = (path: string, ...documents: readonly unknown[]) => ({
    path,
    text: documents.map((one) => stringify(one)).join("---\n"),
  });
  const documents = order(documentsOf(project));
  return {
    project: file("plumbline.yaml", head("Project", "test", { clusters: [{ name: "main", platform }] })),
    intents: documents.map((document, index) => file(`intents/${index}.yaml`, document)),
    workloads: [
      {
        file: file("workloads/all.yaml", ...project.zones.map(({ name }) => workload(`ns-${name}`))),
        namespace: undefined,
      },
    ],
    lock: project.lock === undefined ? undefined : { path: "plumbline.lock.yaml", text: project.lock },
    templates: [],
  };
}
