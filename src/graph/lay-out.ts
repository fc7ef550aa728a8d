import { Graph as Layout, layout } from "@dagrejs/dagre";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends GraphNode {
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends GraphEdge {
  readonly points: readonly Point[];
  /** Middle of the labels. */
  readonly at: Point | undefined;
}

/** In pixels; the origin is the upper left corner. */
export interface Drawing {
  readonly cluster: string;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Widths of letters: the monospaced ones are exact, those of titles a little more than what fonts have. */
export const LETTER_WIDTHS = { title: 8.2, line: 6.7 } as const;
export const ROW_HEIGHTS = { title: 22, line: 16, label: 14 } as const;
const PADDING = 14;

/** Places for everything, senders at the left. The same graph always gets the same places. */
export function layOutGraph(graph: Graph): Drawing {
  const plan = new Layout({ multigraph: true });
  plan.setGraph({ rankdir: "LR", nodesep: 28, edgesep: 18, ranksep: 56, marginx: 8, marginy: 8 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) plan.setNode(node.id, sizeOf(node));
  graph.edges.forEach((edge, index) => {
    const width =
      Math.max(0, ...edge.labels.map((label) => label.length * LETTER_WIDTHS.line)) + (edge.labels.length > 0 ? 12 : 0);
    const height = edge.labels.length * ROW_HEIGHTS.label;
    plan.setEdge(edge.from, edge.to, { width, height, labelpos: "c" }, String(index));
  });
  layout(plan);
  const size = plan.graph() as { width?: number; height?: number };
  return {
    cluster: graph.cluster,
    width: Math.ceil(size.width ?? 0),
    height: Math.ceil(size.height ?? 0),
    nodes: graph.nodes.map((node): PlacedNode => {
      const { x, y, width, height } = plan.node(node.id) as Required<Point & { width: number; height: number }>;
      return { ...node, x: round(x - width / 2), y: round(y - height / 2), width, height };
    }),
    edges: graph.edges.map((edge, index): PlacedEdge => {
      const drawn = plan.edge({ v: edge.from, w: edge.to, name: String(index) }) as {
        points?: readonly Point[];
        x?: number;
        y?: number;
      };
      const points = (drawn.points ?? []).map(({ x, y }) => ({ x: round(x), y: round(y) }));
      const at = drawn.x === undefined || drawn.y === undefined ? undefined : { x: round(drawn.x), y: round(drawn.y) };
      return { ...edge, points, at: edge.labels.length > 0 ? at : undefined };
    }),
  };
}

/** Halves of a pixel are enough, and the same on every machine. */
function round(value: number): number {
  return Math.round(value * 2) / 2;
}

function sizeOf({ title, subtitle, lines }: GraphNode): { width: number; height: number } {
  const wide = Math.max(
    title.length * LETTER_WIDTHS.title,
    ...[subtitle, ...lines].map((line) => line.length * LETTER_WIDTHS.line),
  );
  return {
    width: Math.max(120, Math.ceil(wide + 2 * PADDING)),
    height: ROW_HEIGHTS.title + ROW_HEIGHTS.line * (lines.length + (subtitle === "" ? 0 : 1)) + PADDING,
  };
}
