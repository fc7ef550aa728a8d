import type { LabelSelector } from "./intent.ts";

/** What a user may say of a network, in a zone, an external network or a gateway's own. */
export interface NetworkSpec {
  readonly uplink?: string;
  readonly vlan?: number;
  readonly subnets?: readonly string[];
  readonly pools?: readonly string[];
  readonly reserved?: readonly string[];
  readonly mtu?: number;
  readonly addressing?: "pool" | "static" | "dhcp" | "none";
  /** Default: the platform's. */
  readonly ipam?: "whereabouts" | "host-local";
  readonly attach?: "macvlan" | "ipvlan" | "bridge" | "sriov" | "ovs";
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly bandwidth?: { readonly ingress?: string; readonly egress?: string };
  readonly plugin?: Readonly<Record<string, unknown>>;
  readonly chain?: readonly Readonly<Record<string, unknown>>[];
  readonly existing?: ExistingSpec;
}

/** How a network is kept apart from others. `shared`: by nothing, others are on the same link or VLAN. */
export type Separation = "physical" | "vlan" | "overlay" | "shared";

/** What stood for the network before there were intents. */
export interface ExistingSpec {
  readonly objects: readonly ExistingObject[];
  /** Name in the CNI configuration, where it is not the object's. */
  readonly cniName?: string;
  /** The whole CNI configuration, written again as it stands: nothing of it is modelled. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** An object that is taken over, with the annotations that it keeps. */
export interface ExistingObject extends ObjectName {
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface MemberSpec {
  readonly workload?: { readonly namespace: string; readonly kind: string; readonly name: string };
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly interface?: string;
  readonly mac?: string;
  /** Of all its pods together, where each has its own. */
  readonly addresses?: readonly string[];
  /** By ordinal of a StatefulSet. */
  readonly perPod?: readonly (readonly string[])[];
  /** Who sets the addresses in the pod; absent = plumbline. */
  readonly setBy?: "plumbline" | "guest";
  readonly range?: { readonly size: number };
  readonly defaultRoute?: boolean;
  readonly allowCapabilities?: readonly Capability[];
}

/** A member as people write it: addresses of its one pod, or those of each pod. */
export interface WrittenMember extends Omit<MemberSpec, "addresses" | "perPod"> {
  readonly addresses?: readonly string[] | { readonly perPod: readonly (readonly string[])[] };
}

/** Capabilities with which a pod speaks for others; a guard refuses them without a written exception. */
export type Capability = "NET_RAW" | "NET_ADMIN";

export interface PodSpec {
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
  readonly imagePullSecrets?: readonly string[];
  readonly priorityClassName?: string;
  readonly topologyKey?: string;
}

export interface AvailabilitySpec {
  readonly mode?: "activeStandby" | "single";
  readonly nodes?: LabelSelector;
}
