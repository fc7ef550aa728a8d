import type { FixedField } from "../../ir/manifest.ts";
import type { Network } from "../../ir/plan.ts";
import { formatCidr } from "../../net/cidr.ts";
import { blocksLeftOut, clusterNetworkName, managesAddresses } from "./cluster-network.ts";

/** The fields of a network that the CRD takes once (rules "Layer2 is immutable", "Localnet is immutable", `self == oldSelf`). */
export function fixedFields(network: Network, spec: { readonly mtu: number | undefined }): readonly FixedField[] {
  const { link, intent, origin, subnets } = network;
  const overlay = link.separation === "overlay";
  const managed = managesAddresses(network);
  const values: Readonly<Record<string, string | number | undefined>> = {
    topology: overlay ? "Layer2" : "Localnet",
    physicalNetwork: link.physicalNetwork,
    vlan: link.vlan,
    subnets: managed || overlay ? subnets.map(formatCidr).join(" ") : undefined,
    leftOut: managed ? blocksLeftOut(network).join(" ") : undefined,
    mtu: spec.mtu,
  };
  const object = `ClusterUserDefinedNetwork ${clusterNetworkName(network)}`;
  return Object.entries(values).map(([field, value]) => ({
    intent,
    origin,
    object,
    field,
    value: value === undefined || value === "" ? "none" : String(value),
  }));
}
