import type { PlannedTunnel } from "../../../../ir/plan.ts";
import { formatCidr } from "../../../../net/cidr.ts";

/** Destinations that are everything need a table of their own: the tunnel's own packets must still find eth0. */
const OWN_TABLE = "51820";

/** Routes into a tunnel and the rules that find them, as its script spells them. */
export function buildTunnelRoutes({ destinations }: PlannedTunnel) {
  return {
    rules: destinations
      .filter((one) => one.prefix === 0)
      .map((one) => ({ family: `-${one.family}`, table: OWN_TABLE })),
    routes: destinations.map((one) => ({
      family: `-${one.family}`,
      to: formatCidr(one),
      table: one.prefix === 0 ? OWN_TABLE : "main",
    })),
  };
}
