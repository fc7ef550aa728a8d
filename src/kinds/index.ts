import { expectation } from "./expectation/index.ts";
import { externalNetwork } from "./external-network/index.ts";
import { fabric } from "./fabric/index.ts";
import { firewallPair } from "./firewall-pair/index.ts";
import { isolationZone } from "./isolation-zone/index.ts";
import type { Kind } from "./kind.ts";
import { network } from "./network/index.ts";
import { vpnEgress } from "./vpn-egress/index.ts";

/** Every kind, in the order in which the docs tell of them. */
export const kinds: readonly Kind[] = [
  fabric,
  isolationZone,
  firewallPair,
  vpnEgress,
  network,
  externalNetwork,
  expectation,
];
