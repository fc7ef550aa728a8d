import type { PluginField } from "../../cni/plugin-table.ts";

type Fields = Readonly<Record<string, PluginField>>;

const text: PluginField = { type: "string" };
const truth: PluginField = { type: "bool" };
const texts: PluginField = { type: "array", items: text };
const vlan: PluginField = { type: "int", min: 0, max: 4094 };
const size: PluginField = { type: "int", min: 0 };
const ippools: PluginField = { type: "object", fields: { ipv4: texts, ipv6: texts, matchMasterSubnet: truth } };

const link: Fields = {
  master: { ...texts, required: true },
  vlanID: vlan,
  mtu: size,
  rdmaResourceName: text,
  bond: {
    type: "object",
    fields: { name: { ...text, required: true }, mode: { type: "int", min: 0, max: 6, required: true }, options: text },
  },
  ippools,
};

/** The blocks of a SpiderMultusConfig, by `cniType`: a block of another type is refused (spiderpool, v2beta1). */
export const spiderBlocks: Readonly<Record<string, { readonly block: string; readonly fields: Fields | undefined }>> = {
  macvlan: { block: "macvlan", fields: link },
  ipvlan: { block: "ipvlan", fields: link },
  vlan: { block: "vlan", fields: { ...link, vlanMode: { type: "string", enum: ["manual", "auto"] } } },
  sriov: {
    block: "sriov",
    fields: {
      resourceName: { ...text, required: true },
      vlanID: vlan,
      mtu: size,
      minTxRateMbps: size,
      maxTxRateMbps: size,
      rdmaIsolation: truth,
      ippools,
    },
  },
  "ib-sriov": {
    block: "ibsriov",
    fields: {
      resourceName: { ...text, required: true },
      pkey: text,
      enableIbKubernetes: truth,
      linkState: { type: "string", enum: ["auto", "enable", "disable"] },
      rdmaIsolation: truth,
      ippools,
    },
  },
  ipoib: { block: "ipoib", fields: { master: { ...text, required: true }, ippools } },
  ovs: {
    block: "ovs",
    fields: { bridge: { ...text, required: true }, vlan, trunk: { type: "array" }, deviceID: text, ippools },
  },
  custom: { block: "customCNI", fields: undefined },
};

/** Fields of `spec`, by kind (Mellanox/network-operator, kubeovn/kube-ovn). */
export const operatorFields: Readonly<Record<string, Fields>> = {
  MacvlanNetwork: {
    networkNamespace: text,
    master: text,
    mode: { type: "string", enum: ["bridge", "private", "vepa", "passthru"] },
    mtu: size,
    ipam: text,
  },
  HostDeviceNetwork: { networkNamespace: text, resourceName: text, ipam: text },
  IPoIBNetwork: { networkNamespace: text, master: text, ipam: text },
  Vlan: {
    id: { type: "int", min: 0, max: 4095 },
    vlanId: { type: "int", min: 0, max: 4095 },
    provider: { ...text, required: true },
    providerInterfaceName: text,
  },
  ProviderNetwork: {
    defaultInterface: { ...text, required: true },
    customInterfaces: { type: "array" },
    exchangeLinkName: truth,
    excludeNodes: texts,
    nodeSelector: { type: "object", open: true },
    autoCreateVlanSubinterfaces: truth,
    preserveVlanInterfaces: truth,
    vlanInterfaces: texts,
  },
};
