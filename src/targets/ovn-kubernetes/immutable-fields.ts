import type { ImmutableField } from "../../ir/manifest.ts";
import type { Network } from "../../ir/plan.ts";
import { formatCidr } from "../../net/cidr.ts";
import {
  computePrimaryBlocks,
  formatClusterNetworkName,
  listExcludedBlocks,
  managesAddresses,
  type PrimaryBlocks,
} from "./cluster-network.ts";

/** The fields of a network that the CRD takes once (rules "Layer2 is immutable", "Localnet is immutable", `self == oldSelf`). */
export function listImmutableFields(
  network: Network,
  spec: { readonly mtu: number | undefined },
): readonly ImmutableField[] {
  const { link, intent, origin, subnets } = network;
  const overlay = link.separation === "overlay";
  const managed = managesAddresses(network);
  const primary = overlay ? computePrimaryBlocks(network) : undefined;
  const values: Readonly<Record<string, string | number | undefined>> = {
    topology: overlay ? "Layer2" : "Localnet",
    physicalNetwork: link.physicalNetwork,
    vlan: link.vlan,
    subnets: managed || overlay ? subnets.map(formatCidr).join(" ") : undefined,
    leftOut: managed ? (primary?.reserved ?? listExcludedBlocks(network)).join(" ") : undefined,
    ...(primary && { infrastructure: primary.infrastructure.join(" ") }),
    mtu: spec.mtu,
  };
  const object = `ClusterUserDefinedNetwork ${formatClusterNetworkName(network)}`;
  return Object.entries(values).map(([field, value]) => ({
    intent,
    origin,
    object,
    field,
    value: value === undefined || value === "" ? "none" : String(value),
    ...(field === "leftOut" && primary && { neverWorked: stopsOvn(network, primary) }),
  }));
}

/** What plumbline wrote into `reservedSubnets` before: OVN-Kubernetes could never serve such an object. */
function stopsOvn(network: Network, { infrastructure }: PrimaryBlocks): ImmutableField["neverWorked"] {
  if (infrastructure.length === 0) return undefined;
  return {
    value: listExcludedBlocks(network).join(" "),
    why: `its \`reservedSubnets\` hold ${infrastructure.join(" and ")}, where OVN-Kubernetes has its own gateway and management addresses`,
  };
}
