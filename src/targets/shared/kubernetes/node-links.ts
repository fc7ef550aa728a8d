import type { Manifest } from "../../../ir/manifest.ts";
import type { Network } from "../../../ir/plan.ts";
import type { Platform } from "../../../ir/project.ts";
import { formatObjectName } from "../../../net/name.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "./metadata.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The links of a network on the nodes, for clusters that run NMState (nmstate.io/v1 NodeNetworkConfigurationPolicy).
 * No node ever gets an address there: a node in a zone would be a way into it.
 */
export function buildNodeLinks(network: Network, platform: Platform): readonly Manifest[] {
  const { link, mtu } = network;
  if (!platform.nmstate || link.parent === undefined || link.attach === "sriov" || link.attach === "ovs") return [];
  // Whoever made what was there before goes on doing so.
  if (network.takesOver.length > 0) return [];
  const interfaces = [...vlanLink(network), ...bridge(network)].map((one) => ({
    ...one,
    state: "up",
    mtu,
    ipv4: { enabled: false, dhcp: false },
    ipv6: { enabled: false, dhcp: false, autoconf: false },
  }));
  if (interfaces.length === 0) return [];
  const body = {
    spec: {
      ...(link.nodes?.matchLabels && { nodeSelector: link.nodes.matchLabels }),
      desiredState: { interfaces },
    },
  };
  const what = { apiVersion: "nmstate.io/v1", kind: "NodeNetworkConfigurationPolicy", template: "kubernetes/object" };
  const head = { name: formatObjectName([network.role, network.name]), wave: SYNC_WAVES.namespace };
  return [buildManifest({ ...what, file: formatIntentPath(network.role, network.intent) }, head, network, { body })];
}

function vlanLink(network: Network): readonly Json[] {
  const { link } = network;
  const name = link.vlanInterface;
  return name === undefined ? [] : [{ name, type: "vlan", vlan: { "base-iface": link.parent, id: link.vlan } }];
}

function bridge(network: Network): readonly Json[] {
  const { link } = network;
  if (link.attach !== "bridge") return [];
  const port = link.vlanInterface ?? link.parent;
  return [
    {
      name: link.interface,
      type: "linux-bridge",
      bridge: { options: { stp: { enabled: false } }, port: [{ name: port }] },
    },
  ];
}
