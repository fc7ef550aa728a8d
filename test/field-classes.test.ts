import { describe, expect, it } from "vitest";
import {
  findRefusals,
  findRefusedSysctls,
  findUnclassifiedAddressFields,
  findUnclassifiedFields,
  mayBeChained,
} from "../src/cni/classify.ts";
import { addressClasses, attachingClasses, chainedClasses } from "../src/cni/field-classes.ts";
import { findPluginTable, pluginNames } from "../src/cni/plugin-table.ts";
import { sysctlClasses } from "../src/cni/sysctl-classes.ts";

const intent = { of: "intent", existing: false, ipv6: true } as const;
const object = { of: "object", existing: false, ipv6: true } as const;

describe("classes of fields", () => {
  const plugins = pluginNames.filter((name) => ["main", "meta"].includes(findPluginTable(name)?.kind ?? ""));

  it.each(plugins)("every field of %s has a class", (name) => {
    expect(findUnclassifiedFields(name, findPluginTable(name)?.chained === true)).toEqual([]);
  });

  it.each(pluginNames.filter((name) => findPluginTable(name)?.kind === "ipam"))(
    "every field of %s has a class",
    (name) => {
      expect(findUnclassifiedAddressFields(name)).toEqual([]);
    },
  );

  it("names no plugin that has no table of fields", () => {
    for (const name of [...Object.keys(attachingClasses), ...Object.keys(chainedClasses)])
      expect(pluginNames, name).toContain(name);
  });

  it("names no field that its plugin does not have", () => {
    const has = (type: string, path: string): boolean => {
      let fields = findPluginTable(type)?.fields ?? {};
      const steps = path.replaceAll("[]", "").split(".");
      return steps.every((step) => {
        const field = fields[step];
        fields = field?.fields ?? field?.items?.fields ?? {};
        return field !== undefined;
      });
    };
    for (const table of [attachingClasses, chainedClasses])
      for (const [type, { fields }] of Object.entries(table))
        for (const path of Object.keys(fields)) expect(has(type, path), `${type} ${path}`).toBe(true);
    expect(Object.keys(addressClasses).length).toBeGreaterThan(3);
  });

  it("says of each refusal why, and of each safe value that it is accepted", () => {
    for (const [type, { fields }] of Object.entries({ ...attachingClasses, ...chainedClasses }))
      for (const [path, one] of Object.entries(fields)) {
        expect(one.why.length, `${type} ${path}`).toBeGreaterThan(10);
        if (path.includes("[]") || one.ours) continue;
        const chained = Object.hasOwn(chainedClasses, type);
        for (const value of one.safe ?? [])
          expect(findRefusals(type, { [path]: value }, chained, intent), `${type} ${path}`).toEqual([]);
      }
    for (const [name, one] of Object.entries(sysctlClasses))
      for (const value of one.safe ?? []) expect(findRefusedSysctls({ [name]: value }, intent), name).toEqual([]);
  });
});

describe("what is refused", () => {
  it("is a field that no class names", () => {
    expect(findRefusals("macvlan", { newField: true }, false, intent)).toHaveLength(1);
    expect(findRefusals("newplugin", {}, false, object)).toHaveLength(1);
    expect(
      findRefusedSysctls({ "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.eth0.arp_notify": "1" }, intent),
    ).toHaveLength(2);
  });

  it.each([
    ["macvlan", { mode: "private" }],
    ["macvlan", { linkInContainer: true }],
    ["ipvlan", { mode: "l3" }],
    ["bridge", { isDefaultGateway: true }],
    ["bridge", { preserveDefaultVlan: true }],
    ["bridge", { disableContainerInterface: true }],
    ["bridge", { portIsolation: true }],
    ["bridge", { forceAddress: true }],
    ["sriov", { trust: "on" }],
    ["sriov", { spoofchk: "off" }],
    ["sriov", { link_state: "disable" }],
    ["sriov", { deviceID: "0000:03:02.0" }],
    ["ovs", { socket_file: "/run/other.sock" }],
  ])("%s %j in an intent", (type, fields) => {
    expect(findRefusals(type, fields, false, intent)).toHaveLength(1);
  });

  it.each([
    ["macvlan", { bcqueuelen: 5 }],
    [
      "bridge",
      { hairpinMode: true, macspoofchk: true, vlanTrunk: [{ minID: 1, maxID: 3 }], preserveDefaultVlan: false },
    ],
    ["sriov", { max_tx_rate: 100, vlanQoS: 3, link_state: "auto" }],
  ])("not %s %j", (type, fields) => {
    expect(findRefusals(type, fields, false, intent)).toEqual([]);
  });

  it("is what a written object leaves to the plugin's default", () => {
    expect(findRefusals("bridge", { bridge: "br0", vlan: 5 }, false, object)).toHaveLength(1);
    expect(findRefusals("sriov", { vlan: 5 }, false, object)).toHaveLength(2);
    expect(findRefusals("sriov", { vlan: 5 }, false, { ...object, existing: true })).toEqual([]);
  });

  it("is a sysctl or an address setting inside a written object", () => {
    const sysctl = { "net.ipv4.conf.IFNAME.proxy_arp": "1", "net.ipv4.conf.IFNAME.arp_notify": "1" };
    expect(findRefusals("tuning", { sysctl }, true, object).map((one) => one.path)).toEqual([
      ["sysctl", "net.ipv4.conf.IFNAME.proxy_arp"],
    ]);
    const ipam = { type: "static", routes: [{ dst: "10.0.0.0/8", gw: "10.1.0.1", table: 5 }] };
    expect(findRefusals("macvlan", { ipam }, false, object).map((one) => one.path)).toEqual([
      ["ipam", "routes", 0, "table"],
    ]);
    expect(findRefusals("macvlan", { capabilities: { portMappings: true } }, false, object)).toHaveLength(1);
  });

  it("is `disable_ipv6` where the network has IPv6, and not elsewhere", () => {
    const off = { "net.ipv6.conf.IFNAME.disable_ipv6": "1" };
    expect(findRefusedSysctls(off, intent)).toHaveLength(1);
    expect(findRefusedSysctls(off, { ...intent, ipv6: false })).toEqual([]);
  });

  it("is every chained plugin that the reader does not follow", () => {
    expect(Object.keys(chainedClasses).filter(mayBeChained).sort()).toEqual(["bandwidth", "sbr", "tuning"]);
  });
});
