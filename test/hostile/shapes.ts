import { stringify } from "yaml";

/** Objects of a project by path; a file holds a list of documents. */
type Project = Readonly<Record<string, readonly object[]>>;

/** A shape of input whose work grows by a product of two of its lists. */
export interface Shape {
  readonly name: string;
  /** The size of which one file of a pull request is made. */
  readonly hostile: number;
  /** Some of the size, such that twice as much can be counted in a test. */
  readonly small: number;
  /** How much more work three times the small size may be, where the output itself grows faster. */
  readonly growth?: number;
  project(size: number): Project;
}

const upTo = <One>(count: number, make: (index: number) => One): One[] =>
  Array.from({ length: count }, (_none, at) => make(at));

const v4 = (index: number, top = 60) => `${top}.${(index >> 14) & 255}.${(index >> 6) & 255}.${(index & 63) * 4}`;
const v6 = (index: number) => `2001:db8:${(index >> 8).toString(16)}:${((index & 255) * 4).toString(16)}::`;

const intent = (kind: string, name: string, spec: object) => ({
  apiVersion: "plumbline.dev/v1alpha1",
  kind,
  metadata: { name },
  spec,
});

const ADMIN = "ClusterNetworkPolicy";
const PLATFORM = {
  multiNetworkPolicy: { plugins: ["macvlan"] },
  podNetwork: { cidrs: ["10.244.0.0/16", "fd44::/48"], serviceCidrs: ["10.96.0.0/12", "fd96::/108"] },
};

const project = (names: readonly string[], admin: boolean) =>
  intent("Project", "hostile", {
    clusters: names.map((name) => ({ name, platform: admin ? { ...PLATFORM, adminPolicy: ADMIN } : PLATFORM })),
  });

const fabric = (clusters: readonly string[]) =>
  intent("Fabric", "lab", {
    clusters,
    shares: Object.fromEntries(clusters.map((name) => [name, clusters.length === 1 ? "1/2" : "1/64"])),
    uplinks: [{ name: "trunk", interface: "bond0", vlans: ["100-4000"] }],
    pools: [
      { name: "wide", cidr: "10.160.0.0/12", prefixLength: 22 },
      { name: "wide6", cidr: "fd10::/48", prefixLength: 64 },
    ],
  });

const zone = (name: string, namespaces: readonly string[], more: object = {}) =>
  intent("IsolationZone", name, { namespaces, network: { separation: "vlan", uplink: "trunk" }, ...more });

const deployment = (namespace: string, name: string, annotations: object = {}, pod: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations },
      spec: { containers: [{ name: "main", image: "registry.example.com/app:1" }], ...pod },
    },
  },
});

const policy = (namespace: string, name: string, spec: object) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace },
  spec,
});

const block = (cidr: string, except?: readonly string[]) => ({ ipBlock: { cidr, ...(except && { except }) } });

const IMAGE = `registry.example.com/netfw@sha256:${"0".repeat(63)}1`;
const pair = (name: string, legs: readonly object[], rules: readonly object[]) =>
  intent("FirewallPair", name, { namespace: `fw-${name}`, legs, rules, image: IMAGE });

/** Members with addresses of their own. */
const ranges = (namespace: string, count: number) =>
  upTo(count, (at) => ({ workload: { namespace, kind: "Deployment", name: `app-${at}` }, range: { size: 4 } }));

const twoZones = [zone("one", ["a"]), zone("two", ["b"])];
const legsOfTwo = [
  { name: "one", zone: "one" },
  { name: "two", zone: "two" },
];

interface More {
  readonly clusters?: readonly string[];
  readonly admin?: boolean;
}

/** The parts that all shapes have, with what is their own. */
function made(intents: readonly object[], workloads: readonly object[], more: More = {}): Project {
  const { clusters = ["main"], admin = true } = more;
  return {
    "plumbline.yaml": [project(clusters, admin)],
    "intents/all.yaml": [fabric(clusters), ...intents],
    "workloads/all.yaml": workloads,
  };
}

const pods = (count: number, namespace = "a") => upTo(count, (at) => deployment(namespace, `app-${at}`));

export const shapes: readonly Shape[] = [
  {
    name: "a policy for each pod, each with a block of its own",
    hostile: 500,
    small: 60,
    project: (size) =>
      made(twoZones, [
        ...pods(size),
        ...upTo(size, (at) =>
          policy("a", `p-${at}`, {
            podSelector: { matchLabels: { app: `app-${at}` } },
            policyTypes: ["Egress"],
            egress: [{ to: [block(`${v4(at)}/30`)], ports: [{ protocol: "TCP", port: 1000 + at }] }],
          }),
        ),
      ]),
  },
  {
    name: "policies that select every pod",
    hostile: 500,
    small: 60,
    project: (size) =>
      made(twoZones, [
        ...pods(size),
        ...upTo(size, (at) =>
          policy("a", `p-${at}`, {
            podSelector: {},
            ingress: [{ from: [{ podSelector: { matchLabels: { app: `app-${at}` } } }], ports: [{ port: 1000 + at }] }],
            egress: [{ to: [block(`${v4(at)}/30`)], ports: [{ port: 1000 + at }] }],
            policyTypes: ["Ingress", "Egress"],
          }),
        ),
      ]),
  },
  {
    name: "many single ports",
    hostile: 12_000,
    small: 800,
    project: (size) =>
      made(
        [
          ...twoZones,
          pair("gate", legsOfTwo, [
            {
              name: "many",
              from: { zone: "one" },
              to: { zone: "two" },
              ports: upTo(size, (at) => `tcp/${at * 2 + 1}`),
            },
          ]),
        ],
        [
          ...pods(2),
          ...pods(2, "b"),
          policy("a", "ports", {
            podSelector: {},
            egress: [{ to: [block("60.0.0.0/8")], ports: upTo(size, (at) => ({ port: at * 2 + 1 })) }],
            policyTypes: ["Egress"],
          }),
        ],
      ),
  },
  {
    name: "many IPv6 blocks, each with a port of its own",
    hostile: 4_000,
    small: 200,
    project: (size) =>
      made(twoZones, [
        ...pods(4),
        policy("a", "blocks", {
          podSelector: {},
          egress: upTo(size, (at) => ({ to: [block(`${v6(at)}/64`)], ports: [{ port: 1 + at }] })),
          policyTypes: ["Egress"],
        }),
      ]),
  },
  {
    name: "many namespaces, chosen by labels",
    hostile: 800,
    small: 60,
    // A policy in each namespace names all of them.
    growth: 5,
    project: (size) =>
      made(
        [
          zone(
            "one",
            upTo(size, (at) => `ns-${at}`),
          ),
          zone("two", ["b"]),
        ],
        upTo(size, (at) => [
          {
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: `ns-${at}`, labels: { team: `t${at}`, half: `h${at % 7}` } },
          },
          deployment(`ns-${at}`, "app"),
          policy(`ns-${at}`, "team", {
            podSelector: {},
            ingress: [
              { from: [{ namespaceSelector: { matchLabels: { team: `t${(at + 1) % size}` } } }] },
              { from: [{ namespaceSelector: { matchLabels: { half: `h${at % 7}` } } }] },
            ],
          }),
        ]).flat(),
      ),
  },
  {
    name: "many openings of a zone",
    hostile: 1_000,
    small: 80,
    project: (size) =>
      made(
        [
          zone("one", ["a"], {
            podNetwork: {
              allow: upTo(size, (at) => ({
                direction: at % 2 ? "egress" : "ingress",
                [at % 2 ? "to" : "from"]: at % 4 < 2 ? { namespace: `ns-${at}` } : { cidr: `${v4(at)}/30` },
                ports: [`tcp/${1000 + at}`],
              })),
            },
          }),
        ],
        pods(4),
        { admin: false },
      ),
  },
  {
    name: "rules of pairs between single workloads",
    hostile: 800,
    small: 60,
    project: (size) =>
      made(
        [
          zone("one", ["a"], { members: ranges("a", 40) }),
          zone("two", ["b"], { members: ranges("b", 40) }),
          pair(
            "gate",
            legsOfTwo,
            upTo(size, (at) => ({
              name: `r-${at}`,
              from: { workload: { namespace: "a", kind: "Deployment", name: `app-${at % 40}` } },
              to: { workload: { namespace: "b", kind: "Deployment", name: `app-${(at * 7) % 40}` } },
              ports: [`tcp/${1000 + at}`],
            })),
          ),
        ],
        [...pods(40), ...pods(40, "b")],
      ),
  },
  {
    name: "chains of routes through pairs",
    hostile: 120,
    small: 12,
    project: (size) =>
      made(
        [
          ...upTo(size + 1, (at) => zone(`z-${at}`, [`ns-${at}`])),
          ...upTo(size, (at) =>
            pair(
              `p-${at}`,
              [
                { name: "left", zone: `z-${at}` },
                { name: "right", zone: `z-${at + 1}` },
              ],
              [{ name: "web", from: { zone: `z-${at}` }, to: { zone: `z-${at + 1}` }, ports: ["tcp/443"] }],
            ),
          ),
        ],
        upTo(size + 1, (at) => deployment(`ns-${at}`, "app")),
      ),
  },
  {
    name: "many expectations",
    hostile: 4_000,
    small: 200,
    project: (size) =>
      made(
        [
          ...upTo(20, (at) => zone(`z-${at}`, [`ns-${at}`])),
          intent("Expectation", "all", {
            checks: upTo(size, (at) => ({
              from: at % 3 ? { zone: `z-${at % 20}` } : { cidr: `${v4(at)}/30` },
              to: { zone: `z-${(at * 3 + 1) % 20}` },
              ports: [`tcp/${1 + at}`],
              expect: "denied",
            })).filter((one) => one.from.zone !== one.to.zone),
          }),
        ],
        upTo(20, (at) => deployment(`ns-${at}`, "app")),
      ),
  },
  {
    name: "many clusters on one link",
    hostile: 60,
    small: 6,
    project: (size) =>
      made(
        upTo(6, (at) => zone(`z-${at}`, [`ns-${at}`])),
        upTo(6, (at) => deployment(`ns-${at}`, "app")),
        { clusters: upTo(size, (at) => `c-${at}`) },
      ),
  },
  {
    name: "blocks with many exceptions",
    hostile: 6_000,
    small: 300,
    project: (size) =>
      made(twoZones, [
        ...pods(20),
        ...upTo(20, (app) =>
          policy("a", `except-${app}`, {
            podSelector: { matchLabels: { app: `app-${app}` } },
            egress: [
              {
                to: [
                  block(
                    "60.0.0.0/8",
                    upTo(Math.ceil(size / 20), (at) => `${v4(at * 20 + app)}/30`),
                  ),
                ],
                ports: [{ port: 443 + app }],
              },
            ],
            policyTypes: ["Egress"],
          }),
        ),
      ]),
  },
  {
    name: "many Services of many ports",
    hostile: 1_000,
    small: 60,
    project: (size) =>
      made(twoZones, [
        ...pods(30),
        ...upTo(size, (at) => ({
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: `s-${at}`, namespace: "a" },
          spec: {
            type: "NodePort",
            selector: at % 2 ? { app: `app-${at % 30}` } : {},
            ports: upTo(10, (port) => ({ name: `p-${port}`, port: 1000 + at * 10 + port })),
          },
        })),
      ]),
  },
  {
    name: "many Services over many pods of one namespace",
    hostile: 2_000,
    small: 60,
    project: (size) =>
      made(twoZones, [
        ...pods(size),
        ...upTo(size, (at) => ({
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: `s-${at}`, namespace: "a" },
          spec: { type: "NodePort", selector: { app: `app-${at}` }, ports: [{ port: 80 }] },
        })),
      ]),
  },
  {
    name: "many admin policies over many namespaces",
    hostile: 300,
    small: 30,
    project: (size) =>
      made(
        upTo(20, (at) => zone(`z-${at}`, [`ns-${at}`])),
        [
          ...upTo(20, (at) => deployment(`ns-${at}`, "app")),
          ...upTo(size, (at) => ({
            apiVersion: "policy.networking.k8s.io/v1alpha1",
            kind: "AdminNetworkPolicy",
            metadata: { name: `anp-${at}` },
            spec: {
              priority: at,
              subject: { namespaces: { matchExpressions: [{ key: "absent", operator: "DoesNotExist" }] } },
              egress: upTo(20, (rule) => ({
                action: rule % 2 ? "Allow" : "Deny",
                to: [{ networks: [`${v4(at * 20 + rule)}/30`] }],
                ports: [{ portNumber: { protocol: "TCP", port: 1 + at * 20 + rule } }],
              })),
            },
          })),
        ],
      ),
  },
  {
    name: "long selectors",
    hostile: 400,
    small: 40,
    project: (size) =>
      made(twoZones, [
        ...pods(40),
        ...upTo(size, (at) =>
          policy("a", `p-${at}`, {
            podSelector: {
              matchExpressions: [
                { key: "app", operator: "NotIn", values: upTo(60, (value) => `other-${at}-${value}`) },
                { key: "tier", operator: "DoesNotExist" },
              ],
            },
            ingress: [
              {
                from: [
                  {
                    namespaceSelector: {},
                    podSelector: {
                      matchExpressions: [
                        { key: "app", operator: "In", values: upTo(60, (value) => `app-${value + at}`) },
                      ],
                    },
                  },
                ],
              },
            ],
          }),
        ),
      ]),
  },
  {
    name: "many interfaces of a pod",
    hostile: 60,
    small: 8,
    project: (size) =>
      made(twoZones, [
        ...upTo(size, (at) => ({
          apiVersion: "k8s.cni.cncf.io/v1",
          kind: "NetworkAttachmentDefinition",
          metadata: { name: `net-${at}`, namespace: "a" },
          spec: {
            config: JSON.stringify({
              cniVersion: "1.0.0",
              name: `net-${at}`,
              type: "macvlan",
              master: `eth${at % 10}`,
              ipam: {
                type: "whereabouts",
                range: `172.20.${at}.0/24`,
                routes: upTo(10, (route) => ({ dst: `${v4(at * 10 + route, 70)}/30`, gw: `172.20.${at}.1` })),
              },
            }),
          },
        })),
        ...upTo(40, (at) =>
          deployment("a", `app-${at}`, {
            "k8s.v1.cni.cncf.io/networks": upTo(size, (net) => `net-${net}`).join(","),
          }),
        ),
      ]),
  },
  {
    name: "aliases of one long list",
    hostile: 45,
    small: 20,
    project: (size) => {
      const peers = upTo(60, (at) => block(`${v4(at)}/30`));
      const ports = upTo(40, (at) => ({ port: 1 + at * 3 }));
      return made(twoZones, [
        ...pods(10),
        {
          apiVersion: "v1",
          kind: "List",
          items: upTo(size, (at) =>
            policy("a", `p-${at}`, { podSelector: {}, egress: [{ to: peers, ports }], policyTypes: ["Egress"] }),
          ),
        },
      ]);
    },
  },
];

/** The texts of a shape's files, by path. */
export function textsOf(shape: Shape, size: number): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(shape.project(size)).map(([path, documents]) => [
      path,
      documents
        .map((one) => stringify(one, { aliasDuplicateObjects: path.startsWith("workloads/"), lineWidth: 0 }))
        .join("---\n"),
    ]),
  );
}
