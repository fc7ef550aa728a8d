import type { AddressSet } from "../headerspace/address-set.ts";
import type { HeaderBox } from "../headerspace/packet-set.ts";
import type { Node } from "../model/pods/node.ts";
import type { FlowReason, FlowStep } from "./packet-state.ts";

/** Where packets end: a node, the far side of a tunnel, or the world beyond the nodes. */
export type FlowEnd =
  | { readonly type: "node"; readonly node: Node }
  | { readonly type: "tunnel"; readonly gateway: Node; readonly interface: string }
  | { readonly type: "outside" };

/** A connection that can be made: packets get there, and answers come back. */
export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** As the one who asks sends them. */
  readonly sent: HeaderBox;
  /** As they arrive. */
  readonly arrived: HeaderBox;
  /** Gateways on the way, in order. */
  readonly through: readonly Node[];
  readonly steps: readonly FlowStep[];
  /** `eth0`, or the layer-2 domain on which they arrive. */
  readonly medium: string;
  /** What is taken for granted: routes of outside devices, rules of a function that somebody else builds. */
  readonly assumed: readonly string[];
}

/** Packets that arrive and are never answered. */
export interface AsymmetricFlow extends Flow {
  readonly problems: readonly FlowReason[];
}

/** Packets that leave a gateway by its eth0, in clear text. */
export interface CleartextLeak {
  readonly from: FlowEnd;
  readonly gateway: Node;
  readonly asked: HeaderBox;
}

/** Connections over the default network from pods that are alike as senders to pods that are alike as receivers. */
export interface PrimaryFlow {
  readonly from: PodGroup;
  readonly to: PodGroup;
  readonly family: 4 | 6;
  readonly services: HeaderBox["services"];
}

/** Pods whose eth0 is treated alike by every policy, on one side of a connection. */
export interface PodGroup {
  readonly id: number;
  readonly nodes: readonly Node[];
  readonly sample: Node;
}

/** Connections of pods' eth0 with the world beyond the pods. */
export interface OutsideFlow {
  /** Pods of the same policies and the same routes. */
  readonly nodes: readonly Node[];
  readonly direction: "ingress" | "egress";
  readonly family: 4 | 6;
  /** Of the other end. */
  readonly addresses: AddressSet;
  readonly services: HeaderBox["services"];
}

export interface FlowSet {
  readonly secondary: readonly Flow[];
  readonly asymmetric: readonly AsymmetricFlow[];
  readonly leaks: readonly CleartextLeak[];
  readonly primary: readonly PrimaryFlow[];
  readonly outside: readonly OutsideFlow[];
}

export const noFlows: FlowSet = { secondary: [], asymmetric: [], leaks: [], primary: [], outside: [] };
