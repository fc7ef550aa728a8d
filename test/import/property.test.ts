import fc from "fast-check";
import { expect, test } from "vitest";
import { importEstate } from "../../src/import/import-project.ts";
import { expectSame } from "./expect-same.ts";

/** One network of an estate: its link, and a subnet that is its alone. */
const network = fc.record({
  type: fc.constantFrom("macvlan", "ipvlan", "bridge", "ovs"),
  link: fc.constantFrom("eth1", "bond0", "br7"),
  vlan: fc.option(fc.integer({ min: 2, max: 40 }), { nil: undefined }),
  mtu: fc.option(fc.constantFrom(1400, 1500, 9000), { nil: undefined }),
  ipam: fc.constantFrom("static", "whereabouts", "host-local", "dhcp", "none"),
  first: fc.integer({ min: 2, max: 100 }),
  routes: fc.subarray(["10.60.0.0/16", "0.0.0.0/0", "172.20.0.0/24"]),
  chain: fc.subarray([{ type: "sbr" }, { type: "tuning", sysctl: { "net.ipv4.conf.IFNAME.arp_notify": "1" } }]),
  namespace: fc.constantFrom("media", "ledger"),
});

type Network = ReturnType<typeof network.generate>["value_"];

const pod = fc.record({
  kind: fc.constantFrom("Pod", "Deployment", "StatefulSet", "DaemonSet", "CronJob"),
  namespace: fc.constantFrom("media", "ledger"),
  named: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
  short: fc.boolean(),
  interface: fc.boolean(),
});

function configOf(one: Network, index: number): string {
  const gw = `10.${20 + index}.0.1`;
  const routes = one.routes.length > 0 ? { routes: one.routes.map((dst) => ({ dst, gw })) } : {};
  const ipam = {
    static: { type: "static", ...routes },
    whereabouts: { type: "whereabouts", range: `10.${20 + index}.0.${one.first}-10.${20 + index}.0.200/24`, ...routes },
    "host-local": {
      type: "host-local",
      subnet: `10.${20 + index}.0.0/24`,
      rangeStart: `10.${20 + index}.0.${one.first}`,
      ...routes,
    },
    dhcp: { type: "dhcp" },
    none: {},
  }[one.ipam];
  const tagged = one.type === "bridge" || one.type === "ovs";
  const plugin = {
    type: one.type,
    ...(tagged
      ? { bridge: `${one.type}-${one.link}`, ...(one.vlan !== undefined && { vlan: one.vlan }) }
      : { master: one.vlan === undefined ? one.link : `${one.link}.${one.vlan}` }),
    ...(one.mtu !== undefined && { mtu: one.mtu }),
    ipam,
  };
  return JSON.stringify({ cniVersion: "1.0.0", name: `net-${index}`, plugins: [plugin, ...one.chain] });
}

function podText(
  one: typeof pod extends fc.Arbitrary<infer P> ? P : never,
  index: number,
  networks: readonly Network[],
): object {
  const elements = one.named
    .filter((at) => at < networks.length)
    .map((at, place) => ({ at, place, network: networks[at] as Network }));
  const value = one.short
    ? elements
        .map(({ at, place, network: { namespace } }) => `${namespace}/n${at}${one.interface ? `@if${place}` : ""}`)
        .join(",")
    : JSON.stringify(
        elements.map(({ at, place, network: { namespace, ipam } }) => ({
          name: `n${at}`,
          namespace,
          ...(one.interface && { interface: `if${place}` }),
          ...(ipam === "static" && { ips: [`10.${20 + at}.0.${10 + index}/24`] }),
        })),
      );
  const metadata = { annotations: value === "" || value === "[]" ? {} : { "k8s.v1.cni.cncf.io/networks": value } };
  const template = { metadata, spec: { containers: [{ name: "main", image: "registry.example.com/app:1.0" }] } };
  const head = { metadata: { name: `w${index}`, namespace: one.namespace } };
  if (one.kind === "Pod")
    return { apiVersion: "v1", kind: "Pod", metadata: { ...head.metadata, ...metadata }, spec: template.spec };
  if (one.kind === "CronJob")
    return { apiVersion: "batch/v1", kind: "CronJob", ...head, spec: { jobTemplate: { spec: { template } } } };
  const strategy = one.kind === "Deployment" ? { replicas: 1, strategy: { type: "Recreate" } } : {};
  return { apiVersion: "apps/v1", kind: one.kind, ...head, spec: { ...strategy, template } };
}

test("whatever is carried compiles to the same, and nothing else changes", () => {
  let attachments = 0;
  fc.assert(
    fc.property(
      fc.array(network, { minLength: 1, maxLength: 5 }),
      fc.array(pod, { maxLength: 5 }),
      (networks, pods) => {
        const nads = networks.map((one, index) => ({
          apiVersion: "k8s.cni.cncf.io/v1",
          kind: "NetworkAttachmentDefinition",
          metadata: { name: `n${index}`, namespace: one.namespace },
          spec: { config: configOf(one, index) },
        }));
        const objects = [...nads, ...pods.map((one, index) => podText(one, index, networks))];
        const files = objects.map((object, index) => ({ path: `estate/${index}.yaml`, text: JSON.stringify(object) }));
        const estate = importEstate(files, { cluster: "main", namespace: "default" });
        attachments += expectSame(
          estate,
          files.map((file) => ({ file, namespace: "default" })),
        ).attachments;
        const again = importEstate([...files].reverse(), { cluster: "main", namespace: "default" });
        expect(again.files).toEqual(estate.files);
      },
    ),
    { numRuns: 60, seed: 1546464526 },
  );
  expect(attachments).toBeGreaterThan(60);
});
