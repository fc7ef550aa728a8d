import fc from "fast-check";
import { expect, test } from "vitest";
import type { Platform } from "../../src/ir/project.ts";
import { parseKnownCidr } from "../../src/net/cidr.ts";
import { computeFlows } from "../../src/verify/dataplane/compute-flows.ts";
import { createPortSet, intersectServices } from "../../src/verify/headerspace/service-set.ts";
import { listWorkloadIds } from "../../src/verify/model/pods/node.ts";
import { pod, policy, world } from "./world.ts";

/** Namespaces with one pod each, the policies on them, and the two tiers around those, in plain words. */
interface Tiers {
  /** Which API the cluster has. */
  readonly api: "ClusterNetworkPolicy" | "AdminNetworkPolicy";
  readonly admin: readonly Admin[];
  readonly baseline: Admin | undefined;
  /** By namespace; undefined = no NetworkPolicy there. */
  readonly pods: readonly (readonly Allow[] | undefined)[];
  readonly dual: boolean;
}

type Direction = "ingress" | "egress";

interface Allow {
  readonly direction: Direction;
  readonly peer: number;
  readonly port: number | undefined;
}

interface AdminRule extends Allow {
  readonly action: "accept" | "deny" | "pass";
}

interface Admin {
  readonly subject: number;
  readonly priority: number;
  readonly rules: readonly AdminRule[];
}

const COUNT = 3;
const PORTS = [22, 80, 443];
const PROBED = [...PORTS, 30];

const namespace = fc.nat(COUNT - 1);
const allow = {
  direction: fc.constantFrom<Direction>("ingress", "egress"),
  peer: namespace,
  port: fc.option(fc.constantFrom(...PORTS), { nil: undefined }),
};
const rule = fc.record({ ...allow, action: fc.constantFrom("accept" as const, "deny" as const, "pass" as const) });
const admin = fc.record({ subject: namespace, priority: fc.nat(99), rules: fc.array(rule, { maxLength: 4 }) });
const tiers: fc.Arbitrary<Tiers> = fc.record({
  api: fc.constantFrom("ClusterNetworkPolicy" as const, "AdminNetworkPolicy" as const),
  admin: fc.uniqueArray(admin, { maxLength: 4, selector: (one) => one.priority }),
  baseline: fc.option(admin, { nil: undefined }),
  pods: fc.array(fc.option(fc.array(fc.record(allow), { maxLength: 3 }), { nil: undefined }), {
    minLength: COUNT,
    maxLength: COUNT,
  }),
  dual: fc.boolean(),
});

/** One TCP packet, asked of each rule in turn. */
function reaches(of: Tiers, from: number, to: number, port: number): boolean {
  return mayPass(of, from, "egress", to, port) && mayPass(of, to, "ingress", from, port);
}

function mayPass(of: Tiers, subject: number, direction: Direction, peer: number, port: number): boolean {
  const hits = (one: Allow) =>
    one.direction === direction && one.peer === peer && (one.port === undefined || one.port === port);
  const ordered = [...of.admin].sort((a, b) => a.priority - b.priority).filter((one) => one.subject === subject);
  for (const one of ordered.flatMap((each) => each.rules)) {
    if (!hits(one)) continue;
    if (one.action === "accept") return true;
    if (one.action === "deny") return false;
    break;
  }
  const own = of.pods[subject];
  if (own) return own.some(hits);
  if (of.baseline?.subject !== subject) return true;
  const last = of.baseline.rules.find(
    (one) => hits(one) && (of.api === "ClusterNetworkPolicy" || one.action !== "pass"),
  );
  return last?.action !== "deny";
}

const selector = (index: number) => ({ matchLabels: { "kubernetes.io/metadata.name": `z${index}` } });

function adminObject({ subject, priority, rules }: Admin, api: Tiers["api"], baseline: boolean): object {
  const cluster = api === "ClusterNetworkPolicy";
  const spelt = { accept: cluster ? "Accept" : "Allow", deny: "Deny", pass: "Pass" };
  // A baseline of the older API has no word for passing on.
  const said = rules.filter((one) => cluster || !baseline || one.action !== "pass");
  const rulesOf = (direction: Direction, key: string) =>
    said
      .filter((one) => one.direction === direction)
      .map(({ action, peer, port }) => ({
        action: spelt[action],
        [key]: [{ namespaces: selector(peer) }],
        ...(port !== undefined &&
          (cluster
            ? { protocols: [{ tcp: { destinationPort: { number: port } } }] }
            : { ports: [{ portNumber: { protocol: "TCP", port } }] })),
      }));
  return {
    apiVersion: `policy.networking.k8s.io/v1alpha${cluster ? 2 : 1}`,
    kind: cluster || !baseline ? api : "BaselineAdminNetworkPolicy",
    metadata: { name: baseline ? "default" : `p${priority}` },
    spec: {
      ...(cluster && { tier: baseline ? "Baseline" : "Admin" }),
      ...((cluster || !baseline) && { priority }),
      subject: { namespaces: selector(subject) },
      ingress: rulesOf("ingress", "from"),
      egress: rulesOf("egress", "to"),
    },
  };
}

function podObjects(rules: readonly Allow[] | undefined, index: number): readonly object[] {
  if (!rules) return [];
  const deny = policy(`z${index}`, "deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  return [
    deny,
    ...rules.map(({ direction, peer, port }, nth) => {
      const key = direction === "ingress" ? "from" : "to";
      const open = { [key]: [{ namespaceSelector: selector(peer) }], ...(port !== undefined && { ports: [{ port }] }) };
      const types = [direction === "ingress" ? "Ingress" : "Egress"];
      return policy(`z${index}`, `allow-${nth}`, { podSelector: {}, policyTypes: types, [direction]: [open] });
    }),
  ];
}

const counted = { packets: 0, open: 0 };

test("the tiers of policies agree with a simulation that asks rule by rule", () => {
  fc.assert(
    fc.property(tiers, (of) => {
      const written = [
        ...of.pods.flatMap(podObjects),
        ...of.admin.map((one) => adminObject(one, of.api, false)),
        ...(of.baseline ? [adminObject(of.baseline, of.api, true)] : []),
      ];
      const workloads = of.pods.map((_rules, index) => pod(`z${index}`, "p", ""));
      const podNetwork = {
        cidrs: [parseKnownCidr("10.244.0.0/16"), ...(of.dual ? [parseKnownCidr("fd00:244::/56")] : [])],
        serviceCidrs: [parseKnownCidr("10.96.0.0/12")],
        mtu: 1500,
        nodeCidrs: [],
        eth0Routes: false,
        defaultElsewhere: undefined,
        onEth0: [],
        probedFromNodes: false,
      };
      const platform: Partial<Platform> = { adminPolicy: of.api, podNetwork };
      const { model, diagnostics } = world(written, workloads, { platform });
      expect(diagnostics.map((one) => one.message)).toEqual([]);
      const flows = computeFlows(model).primary;
      const ids = of.pods.map((_rules, index) => `Deployment z${index}/p`);
      for (const [from, sender] of ids.entries())
        for (const [to, receiver] of ids.entries())
          for (const port of from === to ? [] : PROBED)
            for (const family of of.dual ? [4, 6] : [4]) {
              const said = flows.some(
                (flow) =>
                  flow.family === family &&
                  flow.from.nodes.some((node) => listWorkloadIds(node).includes(sender)) &&
                  flow.to.nodes.some((node) => listWorkloadIds(node).includes(receiver)) &&
                  intersectServices(flow.services, createPortSet("tcp", port, port)).length > 0,
              );
              const meant = reaches(of, from, to, port);
              counted.packets++;
              if (meant) counted.open++;
              expect(said, `z${from} to z${to} tcp/${port} IPv${family}`).toBe(meant);
            }
    }),
    { numRuns: 300, seed: 20261125 },
  );
  console.log(`${counted.packets} packets, ${counted.open} of them let through`);
  expect(counted.open).toBeGreaterThan(500);
  expect(counted.packets - counted.open).toBeGreaterThan(500);
}, 120_000);
