import type { WorkloadFile } from "../../ir/compiled.ts";
import type { ExpectedEnd, ExternalDevices, ExternallyManagedGateway } from "../../ir/expects.ts";
import type { Platform } from "../../ir/project.ts";
import type { Address } from "../../net/address.ts";
import type { Cidr, InterfaceAddress } from "../../net/cidr.ts";
import type { AddressRange } from "../../net/range.ts";
import type { Service } from "../../net/service.ts";
import type { Place } from "../../source/place.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { AddressSet } from "../headerspace/address-set.ts";

/** Everything that is read of one cluster: what was written, where the pods come from, what is installed. */
export interface ClusterInput {
  readonly cluster: string;
  readonly platform: Platform;
  /** The texts below `out/<cluster>/`. */
  readonly files: readonly SourceFile[];
  readonly workloads: readonly WorkloadFile[];
  /** Devices that stand in no manifest, on networks that pods may be attached to. */
  readonly externals: readonly ExternalDevices[];
  readonly externallyManaged: readonly ExternallyManagedGateway[];
  /** Networks of out/ that are written as they stood: what cannot be read of them is nobody's fault. */
  readonly kept?: readonly string[];
  /** What virtual machines set inside: no manifest says it. */
  readonly guests: readonly GuestSettings[];
  readonly other?: OtherVersion | undefined;
  /** Workloads of the project that do not run now. What selects their pods means nobody else. */
  readonly stopped?: readonly WorkloadFile[];
}

/** Addresses and routes that the guest of a virtual machine sets itself. */
export interface GuestSettings {
  /** `VirtualMachine erp/app`. */
  readonly node: string;
  readonly interface: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly routes: readonly { readonly to: Cidr; readonly via: Address }[];
}

/** What another version of the same cluster knows, for a comparison: its pods and namespaces count here too. */
export interface OtherVersion {
  readonly workloads: readonly WorkloadFile[];
  readonly namespaces: readonly string[];
  /** Subnets of networks that are renumbered between the two versions. */
  readonly renumbered: AddressSet;
}

/** A zone as it is meant: whose border is watched. */
export interface ExpectedZone {
  /** `isolationzone/pci`. */
  readonly id: string;
  readonly namespaces: readonly string[];
  readonly cidrs: readonly Cidr[];
  readonly origin: Place;
  /** Nothing denies yet, so an open default network is what was asked for. */
  readonly audit: boolean;
  readonly exceptions: readonly ExpectedException[];
}

/** A capability with which pods speak for others, and which some keep because an intent says so. */
export interface ExpectedException {
  readonly capability: "NET_RAW" | "NET_ADMIN";
  /** `Deployment payments/card`; undefined: every pod of the zone. */
  readonly pod: string | undefined;
  readonly origin: Place;
}

/** A network that is the border of nothing, and whose traffic is watched all the same. */
export interface ExpectedNetwork {
  /** `network/n4`. */
  readonly id: string;
  /** Policies block what no intent means, also among pods of one zone. */
  readonly limited: boolean;
}

/** A pod that is meant to stand in a network. */
export interface ExpectedMember {
  /** Id of the network's intent. */
  readonly network: string;
  /** `Deployment payments/card`. */
  readonly node: string;
  /** What its interface is called. */
  readonly interface: string;
  /** Labels of the nodes that have its link. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Hardware address; undefined = whatever it gets. */
  readonly mac: string | undefined;
  /** Addresses it may have; empty = whatever the network gives. */
  readonly addresses: readonly AddressRange[];
  /** Addresses by ordinal, where each pod has its own. */
  readonly perPod: readonly (readonly InterfaceAddress[])[] | undefined;
  /** Next hops that take the pod's default route; empty = none. */
  readonly nextHops: readonly Address[];
  /** Routes of the pod on that network. */
  readonly routes: readonly { readonly to: Cidr; readonly via: Address }[];
  readonly origin: Place;
}

/** Where the pods of a gateway are meant to stand. */
export interface ExpectedInterface {
  /** Where its pods run. */
  readonly namespace: string;
  /** Id of the gateway's intent. */
  readonly gateway: string;
  readonly interface: string;
  /** Id of the network's intent. */
  readonly network: string;
  /** VRRP virtual router id, unique on the link. */
  readonly routerId: number;
  /** Those of every member, and those of the active one. */
  readonly addresses: readonly InterfaceAddress[];
  readonly routes: readonly { readonly to: Cidr; readonly via: Address }[];
  readonly origin: Place;
}

/** The link that a network is meant to be on. */
export interface ExpectedLink {
  /** Id of the network's intent. */
  readonly network: string;
  readonly attach: "macvlan" | "ipvlan" | "bridge" | "sriov" | "ovs" | "overlay";
  /** The uplink's own interface: `bond1`. */
  readonly parent: string | undefined;
  /** `bond1.110`, or the bridge. */
  readonly interface: string | undefined;
  readonly vlan: number | undefined;
  readonly resourceName: string | undefined;
  readonly physicalNetwork: string | undefined;
  /** Which VPC of the platform it is, where networks are VPCs. */
  readonly vpc: string | undefined;
  /** The bridge tells VLANs apart itself. */
  readonly bridgeIsThere: boolean;
  readonly mtu: number;
  /** Whether the MTU is this network's own: else it is that of the link. */
  readonly ownMtu: boolean;
  /** Whether its members are not to reach each other. */
  readonly apart: boolean;
  readonly subnets: readonly Cidr[];
  /** What the intent itself sets for the interfaces. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Objects that stood for it before, as `namespace/name`: it says nothing that they did not say. */
  readonly takesOver: readonly string[];
  readonly origin: Place;
}

/** A tunnel with what is meant to be behind it, and who is meant to be there. */
export interface ExpectedTunnel {
  /** Id of its intent. */
  readonly gateway: string;
  readonly destinations: readonly Cidr[];
  readonly addresses: readonly InterfaceAddress[];
  readonly peer: Address;
  readonly port: number | undefined;
  /** What tells the peer from others: its key, or the names of both. */
  readonly identity: readonly string[];
  readonly mtu: number;
  readonly origin: Place;
}

/** A secret's key, and what takes it up in a script: `private-key`. */
export interface ExpectedSecret {
  readonly secret: string;
  readonly key: string;
  readonly use: string;
}

/** How the pods of a gateway are meant to run. */
export interface ExpectedGateway {
  /** Id of its intent. */
  readonly gateway: string;
  readonly namespace: string;
  readonly image: string | undefined;
  readonly members: number;
  readonly standby: boolean;
  readonly capabilities: readonly string[];
  readonly secrets: readonly ExpectedSecret[];
  /** Labels of the nodes that it may run on, at least. */
  readonly nodes: Readonly<Record<string, string>>;
  /** What else of the pod's spec says where it may run, as the intent has it. */
  readonly scheduling: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, unknown>>;
  /** No two members in one of these. */
  readonly topologyKey: string;
  /** Seconds after which an idle tunnel says that it is there. */
  readonly keepalive: number | undefined;
  readonly origin: Place;
}

/** A namespace in which nothing but gateways runs. */
export interface ExpectedGatewayNamespace {
  readonly name: string;
  readonly origin: Place;
}

/** What the intents of a cluster mean, in no kind's words. */
export interface ExpectedState {
  readonly zones: readonly ExpectedZone[];
  readonly gatewayNamespaces: readonly ExpectedGatewayNamespace[];
  readonly gateways: readonly ExpectedGateway[];
  readonly flows: readonly ExpectedFlow[];
  readonly externallyManaged: readonly ExternallyManagedGateway[];
  readonly members: readonly ExpectedMember[];
  readonly guests: readonly GuestSettings[];
  readonly interfaces: readonly ExpectedInterface[];
  readonly links: readonly ExpectedLink[];
  readonly networks: readonly ExpectedNetwork[];
  /** Networks that are written again as they stood, `media/iot`: nobody says what they connect. */
  readonly kept: readonly string[];
  readonly tunnels: readonly ExpectedTunnel[];
}

/** Traffic that an intent means to let through. */
export interface ExpectedFlow {
  /** Over the networks that pods are attached to, or over eth0. */
  readonly over: "attached" | "eth0";
  readonly from: ExpectedEnd;
  readonly to: ExpectedEnd;
  /** Empty = everything. */
  readonly services: readonly Service[];
  /** Intent ids of the gateways on the way; empty = no gateway. */
  readonly through: readonly string[];
  readonly origin: Place;
}
