import { describe, expect, test } from "vitest";
import { codes, local, macvlan, nad, pod, range, vpn, zone } from "./own-networks.ts";

const six = "10.10.0.0/24, fd00:10::/64";
const sixVpn = (destinations: string) => vpn(destinations, "172.31.5.2/32, fd00:31::2/128");
const PODS6 = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}
        adminPolicy: ClusterNetworkPolicy
        podNetwork: {cidrs: [10.244.0.0/16, "fd00:244::/56"], serviceCidrs: [10.96.0.0/12, "fd00:96::/112"]}
`;

describe("a tunnel's destinations on a network of a client's own", () => {
  test.each([
    ["all of them", range("172.30.9.0/24")],
    ["a half", range("172.30.9.128/25")],
    ["host-local", local("172.30.9.0/24")],
    ["more than all, by a route", range("192.168.7.0/24", [{ dst: "172.30.9.0/25", gw: "192.168.7.1" }])],
    ["static", { type: "static", addresses: [{ address: "172.30.9.7/24" }] }],
  ])("IPv4: %s", (_, ipam) => {
    const found = codes(vpn("172.30.9.0/24"), nad("lan", "payments", macvlan(ipam)), pod("card", "payments", "lan"));
    expect(found).toContain("verify/clear-text");
  });

  test.each(["fd00:30::/64", "fd00:30::/65"])("IPv6: %s", (subnet) => {
    const lan = nad("lan", "payments", macvlan(range(subnet)));
    const found = codes(PODS6, zone("", six), sixVpn('"fd00:30::/64"'), lan, pod("card", "payments", "lan"));
    expect(found).toContain("verify/clear-text");
  });

  test("a pod that is no client has what it likes", () => {
    const found = codes(
      vpn("172.30.9.0/24"),
      nad("lan", "tools", macvlan(range("172.30.9.0/24"))),
      pod("x", "tools", "lan"),
    );
    expect(found).toEqual([]);
  });

  test("another network is beside nothing", () => {
    const lan = nad("lan", "payments", macvlan(range("192.168.7.0/24")));
    expect(codes(vpn("172.30.9.0/24"), lan, pod("card", "payments", "lan"))).toEqual([]);
  });
});

test("routes that come from a DHCP server", () => {
  const lan = nad("lan", "payments", macvlan({ type: "dhcp" }));
  expect(codes(vpn("172.30.9.0/24"), lan, pod("card", "payments", "lan"))).toEqual(["verify/beside-tunnel"]);
});

test.each([
  ["64:ff9b::/96", true],
  ["64:ff9b::ac1e:900/120", true],
  ["64:ff9b::a00:0/104", false],
])("a translator's prefix beside a tunnel of IPv4: %s", (open, told) => {
  const more = `  podNetwork: {allow: [{direction: egress, to: {cidr: "${open}"}, ports: [tcp/443]}]}\n`;
  const found = codes(PODS6, zone(more), vpn("172.30.9.0/24"));
  expect(found.includes("vpn/destination-open")).toBe(told);
});

test.each([
  ["10.10.0.77/32", true],
  ["10.20.0.9/32", true],
  ["172.31.5.2/32", false],
])("an address of the tunnel in a subnet: %s", (address, told) => {
  expect(codes(vpn("172.30.9.0/24", address)).includes("verify/overlapping-addresses")).toBe(told);
});
