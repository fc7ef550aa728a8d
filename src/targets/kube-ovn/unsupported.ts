import type { Gateway, Network, Plan } from "../../ir/plan.ts";
import { findZonePodsOutside } from "../shared/kubernetes/zone-pods-outside.ts";
import type { UnsupportedFeature } from "../target.ts";
import { groupFixedAddresses } from "./fixed-addresses.ts";
import { listOwnRange } from "./own-ranges.ts";
import { findGatewayAddress, KUBE_OVN } from "./subnet.ts";

const POLICY_FOR = "set `platform.kubeOvn.policyFor: true` where Kube-OVN is the main network";

/** What of a plan is beyond what is had in part. */
export function findUnsupported(plan: Plan): readonly UnsupportedFeature[] {
  return [
    ...findUnsupportedBorders(plan),
    ...findUnsupportedNetworks(plan),
    // Unless Kube-OVN reads which network a policy is for.
    ...(plan.cluster.platform.kubeOvn.policyFor
      ? []
      : findZonePodsOutside(plan).map((one) => ({ ...one, help: POLICY_FOR }))),
    ...findUnsupportedInterfaces(plan),
    ...findUnsupportedRoutes(plan),
  ];
}

/** On an overlay nobody of the default network is there: only the zone itself and addresses outside can be open. */
function findUnsupportedBorders(plan: Plan): readonly UnsupportedFeature[] {
  const overlays = new Set(plan.networks.filter((one) => one.link.separation === "overlay").map((one) => one.intent));
  return plan.zones
    .filter((boundary) => overlays.has(boundary.intent))
    .flatMap(({ intent, namespaces, openings }) =>
      openings
        .filter(({ standing, peer }) => !standing && peer.type === "namespaces")
        .filter(({ peer }) => peer.type === "namespaces" && peer.names.some((name) => !namespaces.includes(name)))
        .map(({ origin }): UnsupportedFeature => ({ feature: "openings", intent, place: origin })),
    );
}

/** On a Subnet a pod has an address of each family, and the gateway has its own; what a list holds, it names one by one. */
function findUnsupportedNetworks(plan: Plan): readonly UnsupportedFeature[] {
  const fixed = groupFixedAddresses(plan);
  const networks = new Map(
    plan.networks.map((network) => {
      const taken = fixed.get(network.intent) ?? [];
      const room = network.subnets.every((subnet) => findGatewayAddress(network, subnet, taken) !== undefined);
      const ranges = new Map(network.variants.map((variant) => [variant.name, listOwnRange(network, variant)]));
      return [network.intent, { room, families: network.subnets.length, ranges }];
    }),
  );
  return plan.attachments.flatMap(
    ({ network, intent, origin: place, addresses, perPod, variant }): readonly UnsupportedFeature[] => {
      const on = networks.get(network);
      if (!on) return [];
      const unfit = addresses.length > 0 && (!on.room || (perPod?.[0] ?? addresses).length !== on.families);
      const range = on.ranges.get(variant);
      const unlisted = on.ranges.has(variant) && (range === undefined || (range.length > 0 && !on.room));
      return [
        ...(unfit ? [{ feature: "fixed-addresses", intent, place } as const] : []),
        ...(unlisted ? [{ feature: "own-range", intent, place } as const] : []),
      ];
    },
  );
}

/** Legs of gateways, whichever target writes them. */
function findUnsupportedInterfaces({ gateways, networks, cluster }: Plan): readonly UnsupportedFeature[] {
  const here = new Map(networks.filter((one) => one.target === KUBE_OVN).map((one) => [one.intent, one]));
  return gateways.flatMap((gateway) =>
    gateway.legs.flatMap((leg): readonly UnsupportedFeature[] => {
      const network = here.get(leg.network);
      const lack = network && whyNoLeg(network, gateway, cluster.platform.kubeOvn.policyFor);
      if (lack === undefined) return [];
      const own = gateway.role === "vpn" ? "vpn" : "firewall";
      const feature = gateway.target === KUBE_OVN ? own : "legs";
      return [{ feature, intent: gateway.intent, place: leg.origin, ...lack }];
    }),
  );
}

function whyNoLeg(
  { intent, link }: Network,
  { adopted }: Gateway,
  policyFor: boolean,
): Pick<UnsupportedFeature, "why" | "help"> | undefined {
  if (link.separation === "overlay")
    return {
      why: `${intent} is an overlay, the main network of its own namespaces: no pod of another namespace stands there`,
      help: `put ${intent} on a VLAN or an uplink`,
    };
  if (!policyFor)
    return {
      why: "Kube-OVN holds policies on every port of a pod, so what closes a gateway's eth0 closes its legs, unless `platform.kubeOvn.policyFor`",
      help: POLICY_FOR,
    };
  return adopted.length > 0
    ? { why: "a network function that is adopted takes no annotations of Kube-OVN" }
    : undefined;
}

/** Pods of an overlay get no patch that could name a route. */
function findUnsupportedRoutes({ networks }: Plan): readonly UnsupportedFeature[] {
  return networks
    .filter((one) => one.target === KUBE_OVN && one.link.separation === "overlay")
    .flatMap(({ intent, variants }) =>
      variants.flatMap(({ routes }) =>
        routes.map(({ origin: place }): UnsupportedFeature => ({ feature: "routes", intent, place })),
      ),
    );
}
