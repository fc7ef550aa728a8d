import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../ir/plan.ts";
import { gatewayRules } from "../../kinds/shared/gateway/rules.ts";
import type { Place } from "../../source/place.ts";

interface Steered {
  /** Intent id of the gateway. */
  readonly gateway: string;
  readonly place: Place;
}

/**
 * Members with a gateway that take their routes from a DHCP server: it may give none for what is behind the gateway, or better
 * ones by somebody else. A default route by Multus is no help: the server's routes stand beside it.
 */
export function checkServedRoutes(plan: Plan): readonly Diagnostic[] {
  const defaults = defaultRoutesOf(plan);
  return plan.networks.flatMap(({ intent, origin, variants }) => {
    const served = variants.filter((one) => one.ipam.mode === "dhcp" && !one.forwards);
    // What lies behind its own router, its own server knows.
    const route = served.flatMap((one) => one.routes).find((one) => one.intent !== intent);
    const steered = served.map((one) => defaults.get(`${intent} ${one.name}`)).find((one) => one !== undefined);
    const found = route ? { gateway: route.intent, place: route.origin } : steered;
    if (!found) return [];
    const related = [{ place: origin, label: "a DHCP server serves it" }];
    const parameters = { network: intent, gateway: found.gateway };
    return [gatewayRules.diagnose("served-members", found.place, parameters, { related })];
  });
}

/** Default routes by gateways, by the network and its variant. */
function defaultRoutesOf({ attachments, gateways }: Plan): ReadonlyMap<string, Steered> {
  const places = new Map(gateways.map(({ intent, origin }) => [intent, origin]));
  return new Map(
    attachments.flatMap(({ network, variant, defaultRoute, steeredBy, origin }) =>
      defaultRoute.length === 0 || steeredBy === undefined || steeredBy === network
        ? []
        : [[`${network} ${variant}`, { gateway: steeredBy, place: places.get(steeredBy) ?? origin }] as const],
    ),
  );
}
