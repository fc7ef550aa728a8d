import { type ReadManifest, readFields, readNumber, readText } from "../manifests/manifest.ts";
import { readLinkOnly, readNetwork } from "./read-network.ts";
import type { NetworkReader } from "./read-networks.ts";

/** Networks of operators, by what their API begins with, and the CNI plugin that each of them writes. */
const KINDS: Readonly<Record<string, readonly [group: RegExp, plugin: string]>> = {
  SriovNetwork: [/^sriovnetwork\.openshift\.io\//, "sriov"],
  OVSNetwork: [/^sriovnetwork\.openshift\.io\//, "ovs"],
  MacvlanNetwork: [/^mellanox\.com\//, "macvlan"],
  HostDeviceNetwork: [/^mellanox\.com\//, "host-device"],
};

/** What the operators put before a resource that is written without a domain. */
const PREFIX: Readonly<Record<string, string>> = {
  sriov: "openshift.io",
  "host-device": "nvidia.com",
  ovs: "openshift.io",
};

/**
 * Networks that an operator makes a NetworkAttachmentDefinition of, in the namespace that they name: read as that definition.
 * What in it is not understood leaves its link.
 */
export const operatorNetworks: NetworkReader = {
  kinds: Object.keys(KINDS),
  read(manifest) {
    const [group, plugin = ""] = KINDS[manifest.kind] ?? [];
    if (!group?.test(manifest.apiVersion)) return [];
    const made = definitionOf(manifest, plugin);
    const read = readNetwork(made);
    if (!("code" in read)) return [read];
    const link = readLinkOnly(made);
    return link ? [link] : [];
  },
};

function definitionOf(manifest: ReadManifest, plugin: string): ReadManifest {
  const spec = readFields(manifest.value, "spec");
  const resource = readText(spec, "resourceName");
  const config = {
    cniVersion: "1.0.0",
    name: manifest.name,
    type: plugin,
    master: readText(spec, "master"),
    mode: readText(spec, "mode"),
    bridge: readText(spec, "bridge"),
    vlan: readNumber(spec, "vlan"),
    ipam: ipamOf(readText(spec, "ipam")),
    ...(plugin === "host-device" && { device: resource }),
  };
  const full = resource === undefined || resource.includes("/") ? resource : `${PREFIX[plugin]}/${resource}`;
  const annotations = full === undefined ? {} : { "k8s.v1.cni.cncf.io/resourceName": full };
  return {
    ...manifest,
    namespace: readText(spec, "networkNamespace") ?? manifest.namespace,
    value: {
      metadata: { name: manifest.name, annotations },
      spec: { config: JSON.stringify(config) },
    } as ReadManifest["value"],
  };
}

/** The field is JSON in a text. Whoever cannot read it knows no address. */
function ipamOf(text: string | undefined): unknown {
  try {
    return text === undefined || text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}
