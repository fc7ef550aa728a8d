import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import type { DefaultDenyZone, Network, Plan } from "../../ir/plan.ts";
import type { Address } from "../../net/address.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import { limitToPrimary, listPassedOpenings } from "./network-policies.ts";
import { kubeOvnRules } from "./rules.ts";
import { buildKubeOvnObject, buildSubnet, formatKubeOvnName, formatVpcName } from "./subnet.ts";

/** Where the gateways of a VPC are asked whether they live; an address of no pod (Vpc.spec.bfdPort). */
const BFD_ADDRESS = "10.255.255.255";

/** Where the pods of gateways stand: in a namespace of the zone, its policies would stop what they forward. */
const GATEWAYS = "kube-system";

/**
 * A zone as a VPC with one Subnet, which takes the place of the default network for all pods of its namespaces: nobody of
 * another network is there. NetworkPolicy holds on it, so the zone's own openings are written as everywhere.
 */
export function buildOverlay(
  network: Network,
  boundary: DefaultDenyZone,
  plan: Plan,
  fixed: readonly Address[],
  found: Diagnostic[],
): readonly Manifest[] {
  const vpc = formatVpcName(network);
  const { namespaces } = boundary;
  const outside = boundary.openings.filter((one) => one.direction === "egress" && one.peer.type === "cidrs");
  const { externalSubnet } = plan.cluster.platform.kubeOvn;
  for (const { standing, name: opening, origin } of boundary.openings)
    if (standing && opening.startsWith("dns"))
      found.push(kubeOvnRules.diagnose("no-resolver", origin, { zone: boundary.name }));
  const leaves = outside.some((one) => !one.standing);
  if (leaves && externalSubnet === undefined)
    found.push(kubeOvnRules.diagnose("no-external-subnet", outside[0]?.origin, { zone: boundary.name }));
  const gateway = leaves && externalSubnet !== undefined;
  return [
    buildKubeOvnObject(network, "Vpc", vpc, {
      namespaces,
      ...(gateway && { bfdPort: { enabled: true, ip: BFD_ADDRESS } }),
    }),
    buildSubnet(network, { vpc, namespaces }, fixed),
    ...(gateway ? [egressGateway(network, externalSubnet)] : []),
    ...limitToPrimary(plan, buildZoneManifests(boundary, plan, found, listPassedOpenings(boundary, plan))),
  ];
}

/** The way out of a VPC. It encrypts nothing, so it serves openings and never a VPN; policies say what gets that far. */
function egressGateway(network: Network, externalSubnet: string): Manifest {
  const name = formatKubeOvnName(network);
  return buildKubeOvnObject(
    network,
    "VpcEgressGateway",
    name,
    {
      vpc: formatVpcName(network),
      replicas: 2,
      externalSubnet,
      bfd: { enabled: true, minRX: 1000, minTX: 1000, multiplier: 3 },
      policies: [{ snat: true, subnets: [name] }],
    },
    GATEWAYS,
  );
}
