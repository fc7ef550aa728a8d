import type { Gateway, Leg, Network, Plan } from "../../ir/plan.ts";
import { multus } from "../multus/index.ts";
import type { Lack } from "../target.ts";
import { managesAddresses, NAME } from "./cluster-network.ts";

/** Legs of gateways that another target writes, where OVN would not let them do their work. */
export function beyondLegs(plan: Plan, networks: ReadonlyMap<string, Network>): readonly Lack[] {
  return plan.gateways.flatMap((gateway) =>
    gateway.legs.flatMap((leg): readonly Lack[] => {
      const network = networks.get(leg.network);
      const why = network?.target === NAME ? whyNot(gateway, leg, network, networks) : undefined;
      return why === undefined ? [] : [{ feature: "legs", intent: gateway.intent, place: leg.origin, why }];
    }),
  );
}

function whyNot(
  gateway: Gateway,
  leg: Leg,
  network: Network,
  networks: ReadonlyMap<string, Network>,
): string | undefined {
  const { intent, link, variants } = network;
  if (link.separation === "overlay")
    return `${intent} is an overlay, the main network of its own namespaces: no pod of another namespace stands there`;
  if (managesAddresses(network))
    return `OVN gives out the addresses of ${intent}, and lets a port use no others, which a gateway must: write \`addresses\` for every member`;
  if (gateway.adopted.length > 0)
    return `OVN gives a leg on ${intent} no addresses, and nothing of ours runs in a network function that is adopted`;
  if (variants.some((one) => one.name === leg.variant && one.routes.length > 0))
    return `attachments carry no routes, and ${intent} has some behind its gateway`;
  const tuned = gateway.legs.some((one) => networks.get(one.network)?.target === multus.name);
  return tuned
    ? undefined
    : `an attachment of OVN cannot make its pod forward: one of the legs must be of ${multus.name}`;
}
