/** Who stands where and may reach whom, as a picture shows it. No place, no colour, no syntax of a picture's language. */
export interface Graph {
  readonly cluster: string;
  /** Sorted by id. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export type NodeKind = "zone" | "network" | "external" | "firewall" | "vpn" | "far" | "outside";

export interface GraphNode {
  /** Id of the intent, or what stands for somebody without one. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  readonly subtitle: string;
  /** Subnets, hosts, workloads. */
  readonly lines: readonly string[];
}

/** `leg`: attached, and nothing is allowed. `eth0`: over the default network. `tunnel`: encrypted. */
export type EdgeKind = "allowed" | "leg" | "eth0" | "tunnel";

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly labels: readonly string[];
}
