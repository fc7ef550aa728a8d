import type { Platform } from "../../ir/project.ts";
import type { RouteRequest } from "../../kinds/plan-builder.ts";
import type { Family } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import { complementCidrs } from "../../net/complement.ts";

/**
 * Default routes as they are written. Where eth0 would lose pods and Services together with its own default route, they
 * stay beside it: as routes to everything that eth0 does not keep.
 */
export function resolveRouteRequests(
  wishes: readonly RouteRequest[],
  { podNetwork }: Platform,
): readonly RouteRequest[] {
  if (podNetwork.defaultElsewhere !== "beside") return wishes;
  return wishes.flatMap((wish) => {
    if (!wish.defaultRoute) return [wish];
    const { defaultRoute: _replaced, resolvers = [], ...rest } = wish;
    return besideEth0(podNetwork, wish.to.family).map((to, index) => ({
      ...rest,
      to,
      ...(index === 0 && { resolvers }),
    }));
  });
}

/** The same for legs of gateways: their own eth0 always stays, since tunnels and probes need it. */
export function resolveGatewayRoutes<Route extends { readonly to: Cidr }>(
  routes: readonly Route[],
  platform: Platform,
): readonly Route[] {
  return routes.flatMap((route) =>
    route.to.prefix > 0 ? [route] : besideEth0(platform.podNetwork, route.to.family).map((to) => ({ ...route, to })),
  );
}

const known = new WeakMap<Platform["podNetwork"], Map<Family, readonly Cidr[]>>();

/** Everything that eth0 does not keep. Made once for a cluster. */
function besideEth0(podNetwork: Platform["podNetwork"], family: Family): readonly Cidr[] {
  const made = known.get(podNetwork) ?? new Map<Family, readonly Cidr[]>();
  known.set(podNetwork, made);
  const before = made.get(family);
  if (before) return before;
  const kept = [...podNetwork.onEth0, ...podNetwork.nodeCidrs].filter((one) => one.family === family);
  const routes = complementCidrs(family, kept);
  made.set(family, routes);
  return routes;
}
