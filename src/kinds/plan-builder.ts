import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Instance, LabelSelector, Party } from "../ir/intent.ts";
import type {
  AllowedFlow,
  AllowedFlowEnd,
  DefaultDenyZone,
  Gateway,
  Handoff,
  Link,
  PlannedNamespace,
  PlannedPolicyRule,
  VerbatimNetwork,
} from "../ir/plan.ts";
import type { Cluster } from "../ir/project.ts";
import type { Workload, Workloads } from "../ir/workload.ts";
import type { Address, Family } from "../net/address.ts";
import type { Cidr, InterfaceAddress } from "../net/cidr.ts";
import type { AddressRange } from "../net/range.ts";
import type { NodePlace, Place } from "../source/place.ts";
import type { NetworkRequest } from "./shared/claims.ts";
import type { Member } from "./shared/members.ts";

/** A network whose VLAN and subnets are decided. */
export interface Segment {
  readonly request: NetworkRequest;
  readonly link: Link;
  readonly mtu: number;
  readonly subnets: readonly Cidr[];
}

/** What an intent sees of its surroundings in a cluster before anything is decided. */
export interface IntentContext {
  readonly cluster: Cluster;
  readonly workloads: Workloads;
  /** Clusters of the Fabric that this one is on. */
  readonly neighbours: readonly string[];
  /** Another intent of the same cluster. */
  find(kind: string, name: string): Instance | undefined;
  /** All of a kind in the same cluster. */
  all(kind: string): readonly Instance[];
}

/** What claims may be made of: networks with their VLANs and subnets. */
export interface ClaimContext extends IntentContext {
  /** By intent id; undefined when the network has errors of its own. */
  findSegment(network: string): Segment | undefined;
}

/** A party with its addresses. */
export interface ResolvedParty {
  /** Intent id of the network that holds it; undefined for bare addresses and VPN destinations. */
  readonly network: string | undefined;
  /** Intent id of the party itself. */
  readonly id: string | undefined;
  readonly cidrs: readonly Cidr[];
  /** Pods that it is, if it is one workload; undefined = all of the network. */
  readonly workload: Workload | undefined;
  readonly end: AllowedFlowEnd;
  /** `zone corp`. */
  readonly description: string;
  /** It is the internet: default routes lead there. */
  readonly internet?: true;
}

/** A wish that routes be given to members of a network. */
export interface RouteRequest {
  readonly network: string;
  /** Intent that wants it. */
  readonly intent: string;
  readonly to: Cidr;
  readonly via: Address;
  /** undefined = every member, gateways' legs not included. */
  readonly only: ReadonlySet<Workload> | undefined;
  readonly origin: Place;
  /** Legs of these gateways (intent ids) get it too. */
  readonly legsOf?: readonly string[];
  /** It replaces the pod's default route. */
  readonly defaultRoute?: boolean;
  /** Its kind says itself where a default route elsewhere is not possible. */
  readonly reportedByKind?: true;
  readonly resolvers?: readonly Address[];
}

/** A leg in a network before its variant is known. */
export interface InterfaceRequest {
  readonly network: string;
  readonly intent: string;
  readonly namespace: string;
  readonly routes: readonly { readonly to: Cidr; readonly via: Address; readonly origin: Place }[];
}

/** What kinds write the plan of a cluster with. Everything asked of it is decided already. */
export interface PlanBuilder extends ClaimContext {
  /** What a claim of this intent was given. */
  address(intent: string, field: string, family: Family): Address | undefined;
  routerId(intent: string, field: string, network: string): number | undefined;
  priority(intent: string): number | undefined;
  members(network: string): readonly Member[];
  /** Addresses that a member has for itself: fixed ones, or a range of its own. */
  ownAddresses(network: string, member: Member): readonly AddressRange[];
  /** Networks that share addresses with a given one. */
  networksWithin(cidr: Cidr): readonly Segment[];
  /** Every address that is in no network of the project and is not the cluster's own. */
  internet(): readonly Cidr[];
  /** Undefined when the party has errors of its own. */
  resolveParty(party: Party, from: NodePlace): ResolvedParty | undefined;
  report(diagnostic: Diagnostic): void;

  addRoute(wish: RouteRequest): void;
  /** Pods of a zone that do not use the cluster's resolver; undefined = all of them. */
  withoutClusterDns(network: string, pods: LabelSelector | undefined): void;
  addInterface(wish: InterfaceRequest): string;
  addPolicyRule(admission: PlannedPolicyRule): void;
  addZone(boundary: DefaultDenyZone): void;
  addNamespace(namespace: PlannedNamespace): void;
  addGateway(gateway: Gateway): void;
  allowFlow(crossing: AllowedFlow): void;
  addHandoff(handoff: Handoff): void;
  /** A network that is written again as it stands. */
  addVerbatimNetwork(network: VerbatimNetwork): void;
}

/** An interface address in the subnet of a site that holds it. */
export function addPrefix(site: Segment, address: Address): InterfaceAddress {
  const subnet = site.subnets.find((one) => one.family === address.family);
  if (!subnet) throw new Error("an address of a family that the network has no subnet of");
  return { address, prefix: subnet.prefix };
}

/** Families that a network has subnets of, IPv4 first. */
export function listFamilies(site: Segment): readonly Family[] {
  return ([4, 6] as const).filter((family) => site.subnets.some((subnet) => subnet.family === family));
}

export const everyPod: LabelSelector = {};
