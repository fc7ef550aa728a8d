import type { Manifest } from "../../ir/manifest.ts";
import type { DefaultDenyZone, Network, PoolRange, Variant } from "../../ir/plan.ts";
import { type Cidr, containsAddress, formatCidr } from "../../net/cidr.ts";
import { formatObjectName } from "../../net/name.ts";
import { computeExcludedBlocks } from "../shared/kubernetes/excluded-blocks.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { selectNamespaces } from "../shared/kubernetes/zone-policies.ts";

export const OVN_KUBERNETES = "ovn-kubernetes";

export const UDN = "k8s.ovn.org/v1";

/** Blocks that `excludeSubnets` and `reservedSubnets` take (maxItems of the CRD). */
export const BLOCKS = 25;

/** Name of a network's object, and of the NADs that OVN-Kubernetes makes of it: those are never ours to write. */
export function formatClusterNetworkName(network: Network): string {
  return formatObjectName([`${network.role}-${network.name}`]);
}

/** What OVN gives pods of a network: addresses of its own choice, or none. */
export function managesAddresses(network: Network): boolean {
  return network.variants.some((variant) => variant.ipam.mode === "pool");
}

/**
 * Name of the network that gateways' pods are on. OVN-Kubernetes lets a port use the addresses that it allocated to it and no
 * others, which a gateway must: beside a network with a pool there is one without addresses, on the same VLAN of the same
 * physical network. The two are one broadcast domain: each has a port of its own on the bridge of the uplink.
 */
export function formatGatewayNetworkName(network: Network): string {
  const name = formatClusterNetworkName(network);
  // Names of intents hold no two dashes in a row.
  return managesAddresses(network) ? `${name}--gw` : name;
}

/** Blocks that OVN must not give to pods. */
export function listExcludedBlocks(network: Network): readonly string[] {
  const pools = poolsOf(network);
  return network.subnets.flatMap((subnet) => computeExcludedBlocks(subnet, pools)).map(formatCidr);
}

function poolsOf(network: Network): readonly PoolRange[] {
  return network.variants.flatMap(({ ipam }) => (ipam.mode === "pool" ? ipam.pools : []));
}

export interface PrimaryBlocks {
  /** What OVN-Kubernetes takes for itself: its gateway and management addresses are among it. */
  readonly infrastructure: readonly string[];
  /** What pods are not given unless they ask for it. */
  readonly reserved: readonly string[];
}

/**
 * Blocks that pods of an overlay are not given. OVN-Kubernetes takes the first address of a subnet for its gateway and the
 * second for the node's management port: one of these in `reservedSubnets` ends every ovnkube process at its start, so
 * the blocks that hold them are `infrastructureSubnets`. The two lists share no block, for no two blocks overlap.
 */
export function computePrimaryBlocks(network: Network): PrimaryBlocks {
  if (!managesAddresses(network)) return { infrastructure: [], reserved: [] };
  const pools = poolsOf(network);
  const blocks = network.subnets.flatMap((subnet) =>
    computeExcludedBlocks(subnet, pools).map((block) => ({ block: formatCidr(block), ovns: holdsOvn(subnet, block) })),
  );
  const those = (ovns: boolean) => blocks.filter((one) => one.ovns === ovns).map((one) => one.block);
  return { infrastructure: those(true), reserved: those(false) };
}

/** Offsets of the addresses that OVN-Kubernetes takes of each subnet: gateway, management port. */
const OVN_TAKES = [1n, 2n] as const;

function holdsOvn({ family, base }: Cidr, block: Cidr): boolean {
  return OVN_TAKES.some((offset) => containsAddress(block, { family, value: base + offset }));
}

/**
 * The network of a VLAN or an uplink, as one object for all its namespaces, and one more for its gateways where OVN allocates
 * the addresses of its pods. `persistent`: machines keep their addresses.
 */
export function buildLocalnets(network: Network, persistent: boolean): readonly Manifest[] {
  if (!managesAddresses(network)) return [localnet(network, network.variants, persistent)];
  const members = network.variants.filter((variant) => !variant.forwards);
  const gateways = network.variants.filter((variant) => variant.forwards);
  return [localnet(network, members, persistent), ...(gateways.length > 0 ? [buildGatewayLocalnet(network)] : [])];
}

function localnet(network: Network, variants: readonly Variant[], persistent: boolean): Manifest {
  const { subnets } = network;
  const excluded = listExcludedBlocks(network);
  const addresses = managesAddresses(network)
    ? {
        subnets: subnets.map(formatCidr),
        ...(excluded.length > 0 && { excludeSubnets: excluded }),
        ...(persistent && { ipam: { lifecycle: "Persistent" } }),
      }
    : { ipam: { mode: "Disabled" } };
  return onLink(network, formatClusterNetworkName(network), variants, addresses);
}

/** The network of the gateways of a network with a pool: without addresses, a port is held to its MAC address alone. */
export function buildGatewayLocalnet(network: Network): Manifest {
  const gateways = network.variants.filter((variant) => variant.forwards);
  return onLink(network, formatGatewayNetworkName(network), gateways, { ipam: { mode: "Disabled" } });
}

function onLink(network: Network, name: string, variants: readonly Variant[], addresses: object): Manifest {
  const { link, mtu } = network;
  const spec = {
    role: "Secondary",
    physicalNetworkName: link.physicalNetwork,
    ...addresses,
    mtu,
    ...(link.vlan !== undefined && { vlan: { mode: "Access", access: { id: link.vlan } } }),
  };
  const namespaces = [...new Set(variants.flatMap((variant) => variant.namespaces))].sort();
  return clusterNetwork(network, name, namespaces, { topology: "Localnet", localnet: spec });
}

/** An overlay: the main network of every pod in the zone's namespaces. `mtu`: that of the cluster, which OVN knows. */
export function buildPrimaryNetwork(network: Network, boundary: DefaultDenyZone, mtu: number): Manifest {
  const { infrastructure, reserved } = computePrimaryBlocks(network);
  const layer2 = {
    role: "Primary",
    subnets: network.subnets.map(formatCidr),
    ...(infrastructure.length > 0 && { infrastructureSubnets: infrastructure }),
    ...(reserved.length > 0 && { reservedSubnets: reserved }),
    ...(network.mtu !== mtu && { mtu: network.mtu }),
  };
  return clusterNetwork(network, formatClusterNetworkName(network), boundary.namespaces, {
    topology: "Layer2",
    layer2,
  });
}

/** Namespaces are listed by name: an empty selector, or one by a label of ours, would let the border move. */
function clusterNetwork(network: Network, name: string, namespaces: readonly string[], spec: unknown): Manifest {
  const body = { spec: { namespaceSelector: selectNamespaces(namespaces), network: spec } };
  return buildManifest(
    {
      apiVersion: UDN,
      kind: "ClusterUserDefinedNetwork",
      template: "kubernetes/object",
      file: formatIntentPath(network.role, network.intent),
    },
    { name, wave: SYNC_WAVES.network },
    network,
    { body },
  );
}
