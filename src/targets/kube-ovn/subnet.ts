import type { Manifest } from "../../ir/manifest.ts";
import type { Network, PoolRange } from "../../ir/plan.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { type Cidr, computeHostRange, formatCidr } from "../../net/cidr.ts";
import { formatObjectName } from "../../net/name.ts";
import { type AddressRange, subtractRanges } from "../../net/range.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { listPoolRanges, listSharedRanges } from "./own-ranges.ts";

type Json = Readonly<Record<string, unknown>>;

export const KUBE_OVN = "kube-ovn";

export const API = "kubeovn.io/v1";

/** Kube-OVN's daemon on every node, as its CNI plugin reaches it. */
export const SOCKET = "/run/openvswitch/kube-ovn-daemon.sock";

export function formatKubeOvnName(network: Network): string {
  return formatObjectName([network.role, network.name]);
}

/**
 * The VPC of an overlay. Kube-OVN refuses a Subnet that is named as its Vpc (validateSubnet in pkg/util/validator.go). No
 * network's name begins with `vpc-`, so no Subnet ever has this name.
 */
export function formatVpcName(network: Network): string {
  return formatObjectName(["vpc", network.role, network.name]);
}

/** An object of Kube-OVN in the file of its intent. All are of the whole cluster, but for gateways. */
export function buildKubeOvnObject(
  network: Network,
  kind: string,
  name: string,
  spec: Json,
  namespace?: string,
): Manifest {
  return buildManifest(
    { apiVersion: API, kind, template: "kubernetes/object", file: formatIntentPath(network.role, network.intent) },
    { name, wave: SYNC_WAVES.network, ...(namespace !== undefined && { namespace }) },
    network,
    { body: { spec } },
  );
}

/**
 * A Subnet. Kube-OVN checks next to nothing of it, so everything here is: the gateway is an address of the subnet that no
 * pod is given, and all that is not the pool's to give is excluded. `more`: what makes it an overlay or a VLAN; `fixed`:
 * what members have for themselves, which may be excluded as well.
 */
export function buildSubnet(network: Network, more: Json, fixed: readonly Address[] = []): Manifest {
  const { subnets, mtu } = network;
  const pools = listSharedRanges(network);
  const gateways = subnets.map((one) => gatewayOf(network, one, fixed));
  const families = new Set(subnets.map((one) => one.family));
  return buildKubeOvnObject(network, "Subnet", formatKubeOvnName(network), {
    protocol: families.size > 1 ? "Dual" : families.has(6) ? "IPv6" : "IPv4",
    cidrBlock: subnets.map(formatCidr).join(","),
    gateway: gateways.map(formatAddress).join(","),
    excludeIps: subnets.flatMap((one) => notGiven(one, pools)).map(rangeText),
    mtu,
    natOutgoing: false,
    ...more,
  });
}

function gatewayOf(network: Network, subnet: Cidr, fixed: readonly Address[]): Address {
  const gateway = findGatewayAddress(network, subnet, fixed);
  if (!gateway) throw new Error(`every address of ${formatCidr(subnet)} is given to pods`);
  return gateway;
}

/** The router of an external network, where members are sent through one; else an address that nobody has. */
export function findGatewayAddress(network: Network, subnet: Cidr, fixed: readonly Address[]): Address | undefined {
  const { family } = subnet;
  const routes = network.variants.flatMap((variant) => variant.routes);
  const router = routes.find((route) => route.via.family === family)?.via;
  if (router) return router;
  const taken = new Set(fixed.filter((one) => one.family === family).map((one) => one.value));
  for (const { start, end } of notGiven(subnet, listSharedRanges(network)))
    for (let value = start; value <= end; value++) if (!taken.has(value)) return { family, value };
  return undefined;
}

/** Host addresses of a subnet that are not its pool's to give. */
function notGiven(subnet: Cidr, pools: readonly PoolRange[]): readonly AddressRange[] {
  const given = pools
    .filter((pool) => pool.subnet.family === subnet.family && pool.subnet.base === subnet.base)
    .flatMap(listPoolRanges);
  return subtractRanges(computeHostRange(subnet), given);
}

/** `10.0.0.1..10.0.0.9`, or one address alone. */
function rangeText({ family, start, end }: AddressRange): string {
  const text = (value: bigint) => formatAddress({ family, value });
  return start === end ? text(start) : `${text(start)}..${text(end)}`;
}
