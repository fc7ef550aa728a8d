import { describe, expect, test } from "vitest";
import { formatAddressSet } from "../../src/verify/headerspace/address-set.ts";
import { readIpam } from "../../src/verify/model/networks/ipam.ts";
import { readDomain } from "../../src/verify/model/networks/l2-domain.ts";
import { findNonCanonicalKey } from "../../src/verify/model/networks/non-canonical-key.ts";

describe("layer-2 domains", () => {
  test.each([
    [{ type: "macvlan", master: "bond1.110" }, "link bond1 vlan 110"],
    [{ type: "vlan", master: "bond1", vlanId: 110 }, "link bond1 vlan 110"],
    [{ type: "ipvlan", master: "bond1" }, "link bond1"],
    [{ type: "bridge", bridge: "br-110" }, "bridge br-110"],
    [{ type: "bridge", bridge: "br", vlan: 7 }, "bridge br vlan 7"],
    [{ type: "sriov", vlan: 9 }, "sriov intel.com/vf vlan 9"],
    [
      { type: "ovn-k8s-cni-overlay", topology: "localnet", name: "n", physicalNetworkName: "p", vlanID: 4 },
      "localnet p vlan 4",
    ],
    [{ type: "ovn-k8s-cni-overlay", topology: "layer2", name: "blue" }, "ovn blue"],
  ])("%o is %s", (plugin, domain) => {
    expect(readDomain(plugin, "intel.com/vf")).toEqual({ domain });
  });

  test("are not guessed", () => {
    expect(readDomain({ type: "bond" }, undefined)).toHaveProperty("why");
    expect(readDomain({ type: "sriov" }, undefined)).toHaveProperty("why");
  });
});

describe("keys in disguise", () => {
  test.each([
    [{ plugins: [{ type: "macvlan", master: "bond1.110", Master: "bond1.120" }] }, "Master"],
    [{ type: "macvlan", MASTER: "bond1" }, "MASTER"],
    [{ type: "macvlan", ma\u017fter: "bond1" }, "ma\u017fter"],
    [{ type: "macvlan", ipam: { type: "host-local", Subnet: "10.0.0.0/24" } }, "Subnet"],
    [{ type: "vlan", vlanid: 7 }, "vlanid"],
  ])("%j", (config, key) => {
    expect(findNonCanonicalKey(config)).toBe(key);
  });

  test("names of other things are as they are", () => {
    const plain = {
      type: "tuning",
      sysctl: { "net.ipv4.conf.IFNAME.Mode": "1" },
      vlanId: 1,
      vlanID: 2,
      linkInContainer: true,
    };
    expect(findNonCanonicalKey(plain)).toBeUndefined();
  });
});

describe("address management", () => {
  const addresses = (ipam: object) => {
    const read = readIpam({ ipam });
    return "why" in read ? read.why : formatAddressSet(read.pools.flatMap((one) => one.addresses));
  };

  test("gives the range less what is left out", () => {
    expect(
      addresses({
        type: "whereabouts",
        range: "10.0.0.0/28",
        range_start: "10.0.0.4",
        range_end: "10.0.0.9",
        exclude: ["10.0.0.6/31"],
      }),
    ).toBe("10.0.0.4/31, 10.0.0.8/31");
    expect(addresses({ type: "whereabouts", range: "10.0.0.9/28" })).toBe("10.0.0.9-10.0.0.14");
    expect(addresses({ type: "whereabouts", range: "10.0.0.4-10.0.0.6/28" })).toBe("10.0.0.4-10.0.0.6");
    expect(addresses({ type: "host-local", subnet: "10.0.0.0/29", gateway: "10.0.0.3" })).toBe(
      "10.0.0.1-10.0.0.2, 10.0.0.4-10.0.0.6",
    );
    expect(addresses({ type: "host-local", subnet: "10.0.0.0/29" })).toBe("10.0.0.2-10.0.0.6");
    expect(addresses({ type: "whereabouts", ipRanges: [{ range: "10.0.0.0/30" }, { range: "fd00::/126" }] })).toBe(
      "10.0.0.1-10.0.0.2, fd00::1-fd00::3",
    );
    expect(
      addresses({
        type: "host-local",
        ranges: [[{ subnet: "10.0.0.0/24", rangeStart: "10.0.0.5", rangeEnd: "10.0.0.5" }]],
      }),
    ).toBe("10.0.0.5");
  });

  test.each([
    [{ type: "whereabouts", range: "10.0.0.0/28", range_start: "10.0.0.9", range_end: "10.0.0.4" }],
    [{ type: "whereabouts", range: "10.0.0.0/33" }],
    [{ type: "whereabouts" }],
    [{ type: "calico-ipam" }],
    [{ type: "static", addresses: [{ address: "10.0.0.1" }] }],
    [{ type: "static", routes: [{ dst: "10.0.0.0/8", gw: "fd00::1" }] }],
  ])("is not read where it cannot be: %o", (ipam) => {
    expect(readIpam({ ipam })).toHaveProperty("why");
  });

  test("sends a route of host-local without a next hop to the range's gateway", () => {
    const read = readIpam({
      ipam: { type: "host-local", subnet: "10.0.0.0/24", gateway: "10.0.0.1", routes: [{ dst: "10.9.0.0/16" }] },
    });
    expect("why" in read ? undefined : read.routes[0]?.via?.value).toBe(0x0a000001n);
  });
});
