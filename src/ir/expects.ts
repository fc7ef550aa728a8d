import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Service } from "../net/service.ts";
import type { Place } from "../source/place.ts";
import type { LabelSelector } from "./intent.ts";

/** Machines outside of the cluster, as an intent describes them: no manifest knows them. */
export interface ExternalDevices {
  /** `externalnetwork/mainframe`. */
  readonly id: string;
  readonly origin: Place;
  readonly subnets: readonly Cidr[];
  readonly gateways: readonly Address[];
  /** Reached through the gateway. */
  readonly beyond: readonly Cidr[];
  /** What of the internet is reached through the gateway. */
  readonly internet: readonly Cidr[];
  readonly hosts: readonly { readonly name: string; readonly cidrs: readonly Cidr[] }[];
  /** The part of the subnets that pods are given: no device has it. */
  readonly pods: readonly Cidr[];
  /** Routers there lead back to the zones: people are told so. False: only what comes from their own subnets is answered. */
  readonly routesBack: boolean;
  /** The network was there before and is as it was: what its devices send astray is nobody's slip here. */
  readonly isPreexisting: boolean;
}

/** Gateways that somebody else builds: what they let through is taken for granted. */
export interface ExternallyManagedGateway {
  /** `firewallpair/edge`. */
  readonly intent: string;
  /** `Deployment fw/vendor`. */
  readonly nodes: readonly string[];
  /** Addresses that whichever of them is active answers for: no manifest says so. */
  readonly virtual: readonly Address[];
}

/** One end of expected traffic: addresses, namespaces, or one workload. */
export interface ExpectedEnd {
  /** Id of the intent that is meant: a zone, an external network, a tunnel. */
  readonly party: string | undefined;
  readonly cidrs: readonly Cidr[];
  readonly namespaces: readonly string[];
  /** Which pods of the namespaces; absent = all. */
  readonly pods?: LabelSelector | undefined;
  readonly workload: { readonly namespace: string; readonly kind: string; readonly name: string } | undefined;
}

/** One line of a test for the network. */
export interface ExpectedCheck {
  readonly from: ExpectedEnd;
  readonly to: ExpectedEnd;
  /** How they are named in reports. */
  readonly names: readonly [from: string, to: string];
  /** Empty = everything. */
  readonly services: readonly Service[];
  readonly expect: "allowed" | "denied";
  /** Intent ids of the gateways, in order; undefined = any way. */
  readonly through: readonly string[] | undefined;
  readonly origin: Place;
}

/** What the intents of a cluster say beside the plan: it is verified, and nothing is written of it. */
export interface Expects {
  readonly devices: readonly ExternalDevices[];
  readonly adopted: readonly ExternallyManagedGateway[];
  readonly checks: readonly ExpectedCheck[];
}
