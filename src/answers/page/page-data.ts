/** What the page shows, as plain JSON. The script of the page (`page/`) reads exactly this. */
export interface PageData {
  readonly title: string;
  /** What is shown first. */
  readonly view: View;
  /** What the changes are between: `main to the intents of this folder`. */
  readonly compared?: string | undefined;
  readonly clusters: readonly PageCluster[];
  /** Why what is shown is not what the intents say, or may not be. */
  readonly findings: readonly PageFinding[];
}

export interface PageFinding {
  readonly severity: string;
  readonly code: string;
  readonly text: string;
  readonly place: string;
}

export type View = "picture" | "matrix" | "connections" | "assumptions" | "changes";

/** A part that is absent was not asked for; its view is left out. */
export interface PageCluster {
  readonly name: string;
  readonly picture?: PagePicture;
  readonly connections?: readonly PageConnection[];
  /** What is taken for granted, what guards admit, and which checks of Expectations hold. */
  readonly assumed?: readonly string[];
  readonly admission?: readonly string[];
  readonly expectations?: readonly PageLine[];
  readonly changes?: readonly PageChange[];
}

export interface PagePicture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PageNode[];
  readonly edges: readonly PageEdge[];
}

export interface PageNode {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PageEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly labels: readonly string[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Middle of the labels. */
  readonly at?: { readonly x: number; readonly y: number } | undefined;
}

/** A line of a file, and what stands there. */
export interface PageLine {
  /** `intents/pairs/edge.yaml:15`; empty where nothing is written. */
  readonly place: string;
  readonly text: string;
}

export interface PageConnection {
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
  readonly way: readonly string[];
  /** `eth0`, `link` (both are on one link) or `gateway`. */
  readonly by: "eth0" | "link" | "gateway";
  readonly fromPods: readonly string[];
  readonly toPods: readonly string[];
  readonly because: readonly PageLine[];
  readonly assumed: readonly string[];
  readonly traces: readonly PageTrace[];
}

/** One packet that gets through, station by station. */
export interface PageTrace {
  readonly packet: string;
  readonly hops: readonly PageHop[];
}

export interface PageHop {
  readonly at: string;
  readonly text: string;
  readonly place: string;
}

export interface PageChange {
  readonly sort: "isolation" | "connection" | "network" | "guard" | "object" | "loss";
  /** Whether something opens, closes, or neither. */
  readonly effect: "opens" | "closes" | "other";
  readonly mark: "+" | "~" | "-" | "!";
  readonly text: string;
  readonly place: string;
  readonly details: readonly string[];
}
