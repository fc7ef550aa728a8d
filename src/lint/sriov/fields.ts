import type { PluginField } from "../../cni/plugin-table.ts";

type Fields = Readonly<Record<string, PluginField>>;

const onOff: PluginField = { type: "string", enum: ["on", "off"] };
const text: PluginField = { type: "string" };
const truth: PluginField = { type: "bool" };
const open: PluginField = { type: "object", open: true };

const network: Fields = {
  networkNamespace: text,
  resourceName: { type: "string", required: true },
  capabilities: text,
  ipam: text,
  metaPlugins: text,
};

/** Fields of `spec`, from the types of the operator (k8snetworkplumbingwg/sriov-network-operator, api/v1). */
export const sriovFields: Readonly<Record<string, Fields>> = {
  SriovNetwork: {
    ...network,
    vlan: { type: "int", min: 0, max: 4096 },
    vlanQoS: { type: "int", min: 0, max: 7 },
    vlanProto: { type: "string", enum: ["802.1q", "802.1ad"], caseInsensitive: true },
    spoofChk: onOff,
    trust: onOff,
    allMulticast: onOff,
    linkState: { type: "string", enum: ["auto", "enable", "disable"] },
    minTxRate: { type: "int", min: 0 },
    maxTxRate: { type: "int", min: 0 },
    logLevel: text,
    logFile: text,
  },
  SriovIBNetwork: { ...network, linkState: { type: "string", enum: ["auto", "enable", "disable"] } },
  OVSNetwork: {
    ...network,
    bridge: text,
    vlan: { type: "int", min: 0, max: 4095 },
    mtu: { type: "int" },
    trunk: { type: "array" },
    interfaceType: text,
  },
  SriovNetworkNodePolicy: {
    resourceName: { type: "string", required: true },
    nodeSelector: { type: "map<string>", required: true },
    priority: { type: "int", min: 0, max: 99 },
    mtu: { type: "int", min: 1 },
    numVfs: { type: "int", required: true, min: 0 },
    nicSelector: {
      type: "object",
      required: true,
      fields: {
        vendor: text,
        deviceID: text,
        rootDevices: { type: "array", items: text },
        pfNames: { type: "array", items: text },
        netFilter: text,
      },
    },
    deviceType: { type: "string", enum: ["netdevice", "vfio-pci"] },
    isRdma: truth,
    needVhostNet: truth,
    linkType: { type: "string", enum: ["eth", "ETH", "ib", "IB"] },
    eSwitchMode: { type: "string", enum: ["legacy", "switchdev"] },
    vdpaType: { type: "string", enum: ["virtio", "vhost"] },
    excludeTopology: truth,
    externallyManaged: truth,
    bridge: open,
    eSwitchParams: open,
  },
};
