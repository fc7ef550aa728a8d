import type { Address } from "../../../net/address.ts";
import type { Cidr } from "../../../net/cidr.ts";
import type { AddressSet } from "../../headerspace/address-set.ts";
import type { ReadManifest } from "../manifests/manifest.ts";
import type { Trunk } from "./trunk.ts";

/** A network as pods attach to it: what a NetworkAttachmentDefinition (or a network of the platform) says. */
export interface AttachableNetwork {
  readonly manifest: ReadManifest;
  /** Namespaces and name that pods use. */
  readonly namespace: string;
  readonly name: string;
  /** What the interface is called in the pod, where the network says so itself. */
  readonly interface?: string | undefined;
  /** Layer-2 domain: attachments of the same domain reach each other without a router. */
  readonly domain: string;
  /** VLANs of the link that its pods may tag themselves. */
  readonly trunk?: Trunk | undefined;
  /** CNI type of the first plugin: what policy controllers look at. */
  readonly plugin: string;
  readonly pools: readonly ReadPool[];
  /** Under which name the pools' leases are kept: networks of one name and range never give an address twice. */
  readonly book?: string;
  /** Addresses written in the network itself. */
  readonly fixed: readonly FixedAddress[];
  /** `unknown`: a server outside gives addresses, or nobody does. */
  readonly addressing: "known" | "annotation" | "unknown";
  readonly routes: readonly AttachmentRoute[];
  /** A server outside gives addresses, and routes with them (option 121 of DHCP). */
  readonly served?: boolean;
  /** What makes each node a router of it: `isGateway`. The node joins it with the pod network. */
  readonly nodeRoutes?: string | undefined;
  /** Whether a pod may ask for addresses itself; absent where the platform's own annotation says so. */
  readonly takesAddresses?: boolean;
  /** Whether a pod may ask for a hardware address itself. */
  readonly takesMac?: boolean;
  /** Routes only steer what the address itself answers (chained sbr). */
  readonly sourceRouted: boolean;
  readonly mtu: number | undefined;
  /** The hardware address of the one pod that it is for. */
  readonly mac?: string | undefined;
  /** What is set for the interface in the pod, where a plugin sets something. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly forwards4: boolean;
  readonly forwards6: boolean;
  readonly reversePath: 0 | 1 | 2;
  /**
   * Where it is no network beside the default one but in place of it, for every pod of the namespace; `unlabelled`: it
   * selects the namespace, whose pods stay on the default network all the same.
   */
  readonly main?: "taken" | "unlabelled";
}

/** Where addresses come from: a subnet, and what of it may be given out. */
export interface ReadPool {
  readonly subnet: Cidr;
  readonly addresses: AddressSet;
}

export interface FixedAddress {
  readonly subnet: Cidr;
  readonly address: Address;
}

export interface AttachmentRoute {
  readonly to: Cidr;
  readonly via: Address | undefined;
  readonly metric: number;
}
