import type { Gateway, Network, Plan } from "../../ir/plan.ts";
import { zonePodsOutside } from "../shared/kubernetes/zone-pods-outside.ts";
import type { Lack } from "../target.ts";
import { fixedByNetwork } from "./fixed-addresses.ts";
import { ownRange } from "./own-ranges.ts";
import { NAME, possibleGateway } from "./subnet.ts";

const POLICY_FOR = "set `platform.kubeOvn.policyFor: true` where Kube-OVN is the main network";

/** What of a plan is beyond what is had in part. */
export function lacks(plan: Plan): readonly Lack[] {
  return [
    ...beyondBorders(plan),
    ...beyondNetworks(plan),
    // Unless Kube-OVN reads which network a policy is for.
    ...(plan.cluster.platform.kubeOvn.policyFor
      ? []
      : zonePodsOutside(plan).map((one) => ({ ...one, help: POLICY_FOR }))),
    ...beyondLegs(plan),
    ...beyondRoutes(plan),
  ];
}

/** On an overlay nobody of the default network is there: only the zone itself and addresses outside can be open. */
function beyondBorders(plan: Plan): readonly Lack[] {
  const overlays = new Set(plan.networks.filter((one) => one.link.separation === "overlay").map((one) => one.intent));
  return plan.boundaries
    .filter((boundary) => overlays.has(boundary.intent))
    .flatMap(({ intent, namespaces, openings }) =>
      openings
        .filter(({ standing, peer }) => !standing && peer.type === "namespaces")
        .filter(({ peer }) => peer.type === "namespaces" && peer.names.some((name) => !namespaces.includes(name)))
        .map(({ origin }): Lack => ({ feature: "openings", intent, place: origin })),
    );
}

/** On a Subnet a pod has an address of each family, and the gateway has its own; what a list holds, it names one by one. */
function beyondNetworks(plan: Plan): readonly Lack[] {
  const fixed = fixedByNetwork(plan);
  const networks = new Map(
    plan.networks.map((network) => {
      const taken = fixed.get(network.intent) ?? [];
      const room = network.subnets.every((subnet) => possibleGateway(network, subnet, taken) !== undefined);
      const ranges = new Map(network.variants.map((variant) => [variant.name, ownRange(network, variant)]));
      return [network.intent, { room, families: network.subnets.length, ranges }];
    }),
  );
  return plan.attachments.flatMap(({ network, intent, origin: place, addresses, perPod, variant }): readonly Lack[] => {
    const on = networks.get(network);
    if (!on) return [];
    const unfit = addresses.length > 0 && (!on.room || (perPod?.[0] ?? addresses).length !== on.families);
    const range = on.ranges.get(variant);
    const unlisted = on.ranges.has(variant) && (range === undefined || (range.length > 0 && !on.room));
    return [
      ...(unfit ? [{ feature: "fixed-addresses", intent, place } as const] : []),
      ...(unlisted ? [{ feature: "own-range", intent, place } as const] : []),
    ];
  });
}

/** Legs of gateways, whichever target writes them. */
function beyondLegs({ gateways, networks, cluster }: Plan): readonly Lack[] {
  const here = new Map(networks.filter((one) => one.target === NAME).map((one) => [one.intent, one]));
  return gateways.flatMap((gateway) =>
    gateway.legs.flatMap((leg): readonly Lack[] => {
      const network = here.get(leg.network);
      const lack = network && whyNoLeg(network, gateway, cluster.platform.kubeOvn.policyFor);
      if (lack === undefined) return [];
      const own = gateway.role === "vpn" ? "vpn" : "firewall";
      const feature = gateway.target === NAME ? own : "legs";
      return [{ feature, intent: gateway.intent, place: leg.origin, ...lack }];
    }),
  );
}

function whyNoLeg(
  { intent, link }: Network,
  { adopted }: Gateway,
  policyFor: boolean,
): Pick<Lack, "why" | "help"> | undefined {
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
function beyondRoutes({ networks }: Plan): readonly Lack[] {
  return networks
    .filter((one) => one.target === NAME && one.link.separation === "overlay")
    .flatMap(({ intent, variants }) =>
      variants.flatMap(({ routes }) => routes.map(({ origin: place }): Lack => ({ feature: "routes", intent, place }))),
    );
}
