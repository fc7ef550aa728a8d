import { groupBy } from "../../collections/group-by.ts";
import type { AllowedFlow, Attachment, Network, Plan, Variant } from "../../ir/plan.ts";
import { containsCidr } from "../../net/cidr.ts";
import { mergePoolRanges } from "./merge-ranges.ts";
import type { RequiredFeature } from "./required-features.ts";
import { replaceFixedByPool } from "./shared-pool.ts";

/**
 * A plan less what its target cannot do and the project does without. A gateway goes with its legs, its routes and
 * everything that it would have let through; so what is left is closed where the gateway would have been.
 */
export function degradePlan(plan: Plan, lost: readonly RequiredFeature[]): Plan {
  if (lost.length === 0) return plan;
  const of = (feature: string) => new Set(lost.filter((one) => one.feature === feature).map((one) => one.intent));
  const gone = new Set([...of("external"), ...of("network")]);
  const unlimited = of("traffic");
  const gateways = new Set(lost.filter((one) => isGateway(one.feature)).map((one) => one.intent));
  for (const gateway of plan.gateways)
    if (gateway.legs.some((leg) => gone.has(leg.network))) gateways.add(gateway.intent);
  const away = new Set([...gone, ...gateways]);
  const legs = new Set(
    plan.gateways.filter((one) => away.has(one.intent)).flatMap((one) => one.legs.map((leg) => leg.variant)),
  );
  const closed = of("openings");
  const ranges = of("own-range");
  const unrouted = of("routes");
  const [addresses, macs, sysctls, bandwidth, fields] = [
    "fixed-addresses",
    "mac-addresses",
    "sysctls",
    "bandwidth",
    "plugin-fields",
  ].map(of) as [Set<string>, Set<string>, Set<string>, Set<string>, Set<string>];
  return {
    ...plan,
    networks: plan.networks
      .filter((one) => !away.has(one.intent))
      .map(
        (one): Network => ({
          ...one,
          limits: unlimited.has(one.intent) ? "none" : one.limits,
          sysctls: sysctls.has(one.intent) ? {} : one.sysctls,
          bandwidth: bandwidth.has(one.intent) ? undefined : one.bandwidth,
          plugin: fields.has(one.intent) ? {} : one.plugin,
          chain: fields.has(one.intent) ? [] : one.chain,
          variants: variantsLeft(one.variants, { pooled: addresses.has(one.intent), merged: ranges.has(one.intent) })
            .filter((variant) => !legs.has(variant.name))
            .map((variant) => ({
              ...variant,
              routes: variant.routes.filter(
                (route) => !away.has(route.intent) && (variant.forwards || !unrouted.has(one.intent)),
              ),
            })),
        }),
      ),
    attachments: plan.attachments
      .filter((one) => !away.has(one.network))
      .map(
        (one): Attachment => ({
          ...one,
          ...(addresses.has(one.intent) && { addresses: [] }),
          ...(macs.has(one.intent) && { mac: undefined }),
          ...(one.steeredBy !== undefined &&
            (away.has(one.steeredBy) || unrouted.has(one.network)) && {
              defaultRoute: [],
              steeredBy: undefined,
              resolvers: [],
            }),
        }),
      ),
    zones: plan.zones.map((one) =>
      closed.has(one.intent) ? { ...one, openings: one.openings.filter((opening) => opening.standing) } : one,
    ),
    policyRules: plan.policyRules.filter(
      (one) => !away.has(one.intent) && !gone.has(one.network) && !unlimited.has(one.network),
    ),
    gateways: plan.gateways.filter((one) => !away.has(one.intent)),
    allowedFlows: [
      ...plan.allowedFlows.filter(
        (one) => !one.through.some((id) => away.has(id)) && !away.has(one.intent) && !unlimited.has(one.intent),
      ),
      ...amongAll(plan, unlimited),
    ],
    handoffs: plan.handoffs.filter((one) => !away.has(one.intent)),
    namespaces: plan.namespaces.filter((one) => !away.has(one.intent)),
  };
}

/** Where nothing limits the traffic of networks, everybody on one of them connects to everybody there. */
function amongAll(plan: Plan, unlimited: ReadonlySet<string>): readonly AllowedFlow[] {
  if (unlimited.size === 0) return [];
  const crossings = groupBy(plan.allowedFlows, (one) => one.intent);
  const attachments = groupBy(plan.attachments, (one) => one.network);
  return plan.networks.flatMap(({ intent, subnets }): readonly AllowedFlow[] => {
    const own = unlimited.has(intent) ? (crossings.get(intent) ?? []) : [];
    const [first] = own;
    if (!first) return [];
    const namespaces = [...new Set((attachments.get(intent) ?? []).map((one) => one.workload.namespace))].sort();
    const named = own.flatMap(({ from, to }) => [...from.cidrs, ...to.cidrs]);
    const beyond = named.filter((one) => !subnets.some((subnet) => containsCidr(subnet, one)));
    const end = { party: intent, cidrs: [...subnets, ...beyond], namespaces, workload: undefined };
    return [{ intent, origin: first.origin, from: end, to: end, services: [], through: [] }];
  });
}

function variantsLeft(all: readonly Variant[], how: { readonly pooled: boolean; readonly merged: boolean }) {
  const pooled = how.pooled ? replaceFixedByPool(all) : all;
  return how.merged ? mergePoolRanges(pooled) : pooled;
}

function isGateway(feature: string): boolean {
  return feature === "firewall" || feature === "legs" || feature.startsWith("vpn");
}
