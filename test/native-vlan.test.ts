import { expect, test } from "vitest";
import { core } from "./core.ts";
import { pageInputs } from "./page-project.ts";

const estate = (vlans: string, zone: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: [${vlans}]}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
---
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: mainframe}
spec:
  network: {separation: shared, uplink: data, subnets: [10.50.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
  network: {separation: vlan, uplink: data${zone}}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: corp}
spec:
  namespaces: [web]
  network: {separation: vlan, uplink: data}
`;

const compiled = (vlans: string, zone = "") => {
  const { diagnostics, lock } = core.compile(pageInputs(estate(vlans, zone)));
  const errors = diagnostics.filter((one) => one.severity === "error").map((one) => one.code);
  const given = [...(lock ?? "").matchAll(/vlan\.data: "?(\d+)/g)].map((one) => Number(one[1])).sort();
  return { errors, given };
};

test("the native VLAN is never allocated beside an untagged network", () => {
  expect(compiled('"1-3"')).toEqual({ errors: [], given: [2, 3] });
  expect(compiled('"1-2"').errors).toEqual(["allocation/nothing-free"]);
});

test("whoever writes it is told", () => {
  expect(compiled('"1-3"', ", vlan: 1").errors).toContain("network/native-vlan");
});
