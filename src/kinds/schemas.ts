import type { Schema } from "../schema/schema.ts";
import { expectationSchema } from "./expectation/schema.ts";
import { externalNetworkSchema } from "./external-network/schema.ts";
import { fabricSchema } from "./fabric/schema.ts";
import { firewallPairSchema } from "./firewall-pair/schema.ts";
import { isolationZoneSchema } from "./isolation-zone/schema.ts";
import { networkSchema } from "./network/schema.ts";
import { vpnEgressSchema } from "./vpn-egress/schema.ts";

/** The spec of each kind. Apart from the registry, so that validators can be generated before they exist. */
export const kindSchemas: Readonly<Record<string, Schema>> = {
  Fabric: fabricSchema,
  IsolationZone: isolationZoneSchema,
  FirewallPair: firewallPairSchema,
  VpnEgress: vpnEgressSchema,
  Network: networkSchema,
  ExternalNetwork: externalNetworkSchema,
  Expectation: expectationSchema,
};
