import type { Address, Family } from "../net/address.ts";
import type { Cidr, InterfaceAddress } from "../net/cidr.ts";
import type { AddressRange } from "../net/range.ts";
import type { Service } from "../net/service.ts";
import type { Place } from "../source/place.ts";
import type { LabelSelector } from "./intent.ts";
import type { Capability, ExistingObject, Separation } from "./network-spec.ts";
import type { Cluster } from "./project.ts";
import type { Workload, WorkloadRef, Workloads } from "./workload.ts";

/**
 * What one cluster shall have, in no target's words. Kinds lower into it, targets lower out of it.
 * Everything here is decided: no value is optional because it is "not yet allocated".
 */
export interface Plan {
  readonly cluster: Cluster;
  readonly workloads: Workloads;
  readonly networks: readonly Network[];
  readonly attachments: readonly Attachment[];
  readonly zones: readonly DefaultDenyZone[];
  readonly policyRules: readonly PlannedPolicyRule[];
  readonly gateways: readonly Gateway[];
  /** Traffic that the intents mean to let through between parties, for verification. */
  readonly allowedFlows: readonly AllowedFlow[];
  /** What people outside the cluster must do. */
  readonly handoffs: readonly Handoff[];
  /** Namespaces that belong to boundaries or gateways, each with its owner. */
  readonly namespaces: readonly PlannedNamespace[];
  /** Labels of the intents that have some, by id; their objects carry them too. */
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Intents that only audit: guards warn, nothing denies. By id. */
  readonly audited: readonly string[];
  /** Every address that is in no network of the project and is not the cluster's own; empty where nothing leads there. */
  readonly internet: readonly Cidr[];
  /** Networks that are written again as they stand. */
  readonly kept: readonly VerbatimNetwork[];
}

/** A network that was there before and of which nothing is modelled: its configuration as somebody wrote it. */
export interface VerbatimNetwork extends Ownership {
  readonly objects: readonly ExistingObject[];
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Ownership {
  /** `isolationzone/pci`. */
  readonly intent: string;
  readonly origin: Place;
}

/** The physical or virtual link under a network. */
export interface Link {
  readonly separation: Separation;
  readonly uplink: string | undefined;
  /** The uplink's own interface on the nodes: `bond1`. */
  readonly parent: string | undefined;
  /** The interface that attachments sit on: `bond1.110`, `bond1`, or the bridge. */
  readonly interface: string | undefined;
  /** The link of the VLAN on the nodes: the interface itself, or the port of a bridge. */
  readonly vlanInterface: string | undefined;
  readonly vlan: number | undefined;
  readonly attach: Attach;
  readonly resourceName: string | undefined;
  readonly physicalNetwork: string | undefined;
  readonly nodes: LabelSelector | undefined;
  /** A bridge that the nodes have already: it tells VLANs apart itself, and nobody need make it. */
  readonly bridgeIsThere: boolean;
  /** Where the uplink is written. */
  readonly place: Place | undefined;
}

export type Attach = "macvlan" | "ipvlan" | "bridge" | "sriov" | "ovs" | "overlay";

/** One layer-2 network. */
export interface Network extends Ownership {
  /** The intent's name; the CNI name derives from it. */
  readonly name: string;
  readonly target: string;
  /** Which folder of out/ it is written to. `network`: the border of nothing. */
  readonly role: "zone" | "external" | "network" | "vpn";
  readonly link: Link;
  readonly mtu: number;
  readonly subnets: readonly Cidr[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly bandwidth: Bandwidth | undefined;
  /** Further fields of the CNI plugin, checked against its field table. */
  readonly plugin: Readonly<Record<string, unknown>>;
  readonly chain: readonly Readonly<Record<string, unknown>>[];
  /** Members never reach each other, only hosts and gateway. */
  readonly membersApart: boolean;
  readonly limits: TrafficLimits;
  readonly variants: readonly Variant[];
  /** What gives out addresses, where it is not what the platform says. */
  readonly ipam: "whereabouts" | "host-local" | undefined;
  /** Objects that stood for it before: it keeps their names, and says nothing that they did not say. */
  readonly takesOver: readonly ExistingObject[];
  /** Whether the MTU is this network's own: else it is that of the link. */
  readonly ownMtu: boolean;
}

/**
 * What of the traffic on a network policies must block: `traffic`, whatever no entry of the intent names, which a project may
 * do without; `border`, whatever crosses the border of a zone too, which no project does without.
 */
export type TrafficLimits = "none" | "traffic" | "border";

/** Bits per second. */
export interface Bandwidth {
  readonly ingress: number | undefined;
  readonly egress: number | undefined;
}

/** A network as some of its pods see it: each distinct (range, routes, IPAM) is one variant. */
export interface Variant {
  /** Name of the object that pods refer to. */
  readonly name: string;
  /** Name in the CNI configuration: leases are kept under it on a node, so variants of one range share it. */
  readonly cniName: string;
  readonly ipam: Ipam;
  readonly routes: readonly NetworkRoute[];
  /** Gateways' legs forward packets. */
  readonly forwards: boolean;
  /** Namespaces whose pods use it, sorted. */
  readonly namespaces: readonly string[];
}

export type Ipam =
  | { readonly mode: "pool"; readonly pools: readonly PoolRange[] }
  | { readonly mode: "fixed" }
  | { readonly mode: "dhcp" }
  | { readonly mode: "none" };

/** Where pods get their addresses from, inside one subnet. */
export interface PoolRange {
  readonly subnet: Cidr;
  readonly start: Address;
  readonly end: Address;
  /** Addresses between start and end that are not the pool's to give. Sorted, disjoint. */
  readonly exclude: readonly AddressRange[];
}

export interface NetworkRoute {
  readonly to: Cidr;
  readonly via: Address;
  /** Intent id of the gateway that it leads to. */
  readonly intent: string;
  /** Why it is there. */
  readonly origin: Place;
}

/** A pod's leg in a network. */
export interface Attachment extends Ownership {
  /** Intent id of the network. */
  readonly network: string;
  /** Name of the variant. */
  readonly variant: string;
  /** Where the object stands that the pod names. */
  readonly variantNamespace: string;
  readonly workload: Workload;
  readonly interface: string;
  readonly mac: string | undefined;
  /** Of all pods together, where each has its own. */
  readonly addresses: readonly InterfaceAddress[];
  /** What the guest of a virtual machine sets itself; undefined where plumbline sets the addresses. */
  readonly guest: GuestSettings | undefined;
  /** By ordinal of a StatefulSet; undefined where all its pods have the same. */
  readonly perPod: readonly (readonly InterfaceAddress[])[] | undefined;
  /** Next hops that replace the pod's default route; empty = none. */
  readonly defaultRoute: readonly Address[];
  /** Intent id of the gateway that takes the default route; undefined where nothing does. */
  readonly steeredBy: string | undefined;
  /** Resolvers that replace the cluster's; empty = unchanged. */
  readonly resolvers: readonly Address[];
  /** Where the uplink exists. */
  readonly nodes: LabelSelector | undefined;
}

/** Addresses and routes inside a virtual machine: declared, written nowhere. */
export interface GuestSettings {
  readonly addresses: readonly InterfaceAddress[];
  readonly routes: readonly { readonly to: Cidr; readonly via: Address }[];
}

/** Namespaces that are closed on the default network, but for what is opened. */
export interface DefaultDenyZone extends Ownership {
  readonly name: string;
  readonly target: string;
  readonly namespaces: readonly string[];
  readonly manageNamespaces: boolean;
  readonly openings: readonly ZoneOpening[];
  /** 0 (first) to 99; unique in the cluster. */
  readonly priority: number;
  readonly audit: boolean;
  /** Capabilities that its pods keep by a written exception. */
  readonly exceptions: readonly CapabilityException[];
}

export interface CapabilityException {
  readonly origin: Place;
  readonly capability: Capability;
  /** Whose pods keep it; undefined: those of every workload of the boundary. */
  readonly workload: Workload | undefined;
}

/** Something that stays open on the default network of some pods of a boundary. */
export interface ZoneOpening {
  readonly origin: Place;
  /** Open unless the intent says otherwise: the resolver, and pods of the same zone. */
  readonly standing: boolean;
  readonly name: string;
  readonly direction: "ingress" | "egress";
  readonly pods: LabelSelector;
  readonly peer: ZoneOpeningPeer;
  /** Empty = everything. */
  readonly services: readonly Service[];
}

export type ZoneOpeningPeer =
  | { readonly type: "namespaces"; readonly names: readonly string[]; readonly pods: LabelSelector | undefined }
  | { readonly type: "cidrs"; readonly cidrs: readonly Cidr[] };

/** What may reach (or be reached by) pods of a network besides its own members. */
export interface PlannedPolicyRule extends Ownership {
  /** Intent id of the network on which it holds. */
  readonly network: string;
  /** Short name of the rule, unique for the intent. */
  readonly name: string;
  readonly direction: "ingress" | "egress";
  /** Namespaces and pods of the network's members. */
  readonly namespaces: readonly string[];
  readonly pods: LabelSelector;
  readonly cidrs: readonly Cidr[];
  /** Empty = everything. */
  readonly services: readonly Service[];
}

export interface PlannedNamespace extends Ownership {
  readonly name: string;
  readonly role: "zone" | "firewall" | "vpn";
  readonly manage: boolean;
}

/** Pods that forward between networks. */
export interface Gateway extends Ownership {
  readonly name: string;
  readonly role: "firewall" | "vpn";
  readonly target: string;
  readonly namespace: string;
  readonly legs: readonly GatewayInterface[];
  readonly members: readonly GatewayMember[];
  readonly rules: readonly ForwardRule[];
  readonly translations: readonly Translation[];
  readonly tunnel: PlannedTunnel | undefined;
  readonly standby: boolean;
  readonly nodes: LabelSelector | undefined;
  readonly image: string | undefined;
  readonly pod: PodSettings;
  /** Network functions that somebody else builds; then no Deployment is ours. */
  readonly adopted: readonly WorkloadRef[];
}

export interface PodSettings {
  readonly resources: Readonly<Record<string, unknown>> | undefined;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Readonly<Record<string, unknown>>[];
  readonly imagePullSecrets: readonly string[];
  readonly priorityClassName: string | undefined;
  readonly topologyKey: string;
}

export interface GatewayInterface {
  readonly name: string;
  /** Where it is written. */
  readonly origin: Place;
  readonly interface: string;
  /** Intent id of the network. */
  readonly network: string;
  readonly variant: string;
  readonly subnets: readonly Cidr[];
  /** By member; one address per family. */
  readonly addresses: readonly (readonly InterfaceAddress[])[];
  readonly virtualAddresses: readonly InterfaceAddress[];
  /** VRRP virtual router id, 1 to 255, unique on the VLAN. */
  readonly routerId: number;
  /** Sources are translated to the virtual address of this leg. */
  readonly translate: boolean;
}

export interface GatewayMember {
  readonly name: string;
  /** 1, 2. */
  readonly index: number;
}

export interface ForwardRule {
  readonly name: string;
  readonly origin: Place;
  readonly family: Family;
  readonly fromLeg: string;
  readonly toLeg: string;
  readonly sources: readonly Cidr[];
  readonly destinations: readonly Cidr[];
  /** Empty = everything. */
  readonly services: readonly Service[];
  readonly log: boolean;
}

/** A published address: what arrives there is sent on to another host (DNAT). */
export interface Translation {
  readonly origin: Place;
  readonly leg: string;
  readonly address: Address;
  readonly service: Service;
  readonly to: Address;
  readonly toPort: number;
}

export type PlannedTunnel = WireGuardTunnel | IpsecTunnel;

export interface SecretKeyRef {
  readonly secret: string;
  readonly key: string;
}

export interface WireGuardTunnel {
  readonly type: "wireguard";
  readonly interface: string;
  readonly endpoint: { readonly address: Address; readonly port: number };
  readonly publicKey: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly privateKeyFrom: SecretKeyRef;
  readonly presharedKeyFrom: SecretKeyRef | undefined;
  readonly keepaliveSeconds: number | undefined;
  readonly destinations: readonly Cidr[];
  readonly mtu: number;
  /** Where its destinations are written. */
  readonly origin: Place;
}

/** A certificate stands beside its private key and the peer's authority (`tls.crt`, `tls.key`, `ca.crt`). */
export type IpsecCredential =
  | { readonly type: "psk"; readonly from: SecretKeyRef }
  | { readonly type: "certificate"; readonly from: SecretKeyRef };

export interface IpsecTunnel {
  readonly type: "ipsec";
  readonly interface: string;
  readonly remote: Address;
  readonly localId: string;
  readonly remoteId: string;
  /** What clients are translated to: the local traffic selectors. */
  readonly addresses: readonly InterfaceAddress[];
  readonly credential: IpsecCredential;
  /** As strongSwan writes them, best first. Never empty. */
  readonly proposals: readonly string[];
  readonly destinations: readonly Cidr[];
  readonly mtu: number;
  /** Where its destinations are written. */
  readonly origin: Place;
}

/** Who may connect to whom, and by which gateways. */
export interface AllowedFlow extends Ownership {
  readonly from: AllowedFlowEnd;
  readonly to: AllowedFlowEnd;
  readonly services: readonly Service[];
  /** Intent ids of the gateways on the way; empty = the default network. */
  readonly through: readonly string[];
}

export interface AllowedFlowEnd {
  /** Intent id of the network or party; undefined for a bare CIDR or namespace. */
  readonly party: string | undefined;
  readonly cidrs: readonly Cidr[];
  readonly namespaces: readonly string[];
  /** Which pods of the namespaces; absent = all. */
  readonly pods?: LabelSelector | undefined;
  readonly workload: WorkloadRef | undefined;
}

export interface Handoff extends Ownership {
  readonly topic: "vlan" | "link" | "sysctl" | "guest" | "route" | "opening" | "secret" | "order";
  readonly text: string;
}
