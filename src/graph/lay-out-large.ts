import { pushTo } from "../collections/push-to.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { type Drawing, layOutGraph, type PlacedEdge, type PlacedNode, type Point } from "./lay-out.ts";

const GAP = 28;
/** A node with more neighbours than this would pull everything into one column; its lines are drawn straight. */
const NEIGHBOURS_MAX = 24;
/** Width to height of a screen. */
const SCREEN = 1.9;

/**
 * Places for pictures of any size: what hangs together is laid out by itself, and these parts stand side by side in rows,
 * since a column of 300 boxes is no picture.
 */
export function layOutLargeGraph(graph: Graph): Drawing {
  const neighbours = neighboursOf(graph.edges);
  const isHub = ({ id }: GraphNode) => (neighbours.get(id)?.size ?? 0) > NEIGHBOURS_MAX;
  const hubs = graph.nodes.filter(isHub);
  const parts = partsOf(graph, new Set(hubs.map((one) => one.id)), neighbours).map((part) => layOutGraph(part));
  const top = inRows(
    hubs.map((one) => layOutGraph({ cluster: graph.cluster, nodes: [one], edges: [] })),
    0,
  );
  const rest = inRows(parts, hubs.length > 0 ? top.height + GAP : 0);
  const straight = graph.edges
    .filter((one) => hubs.some(({ id }) => id === one.from || id === one.to))
    .map((one): PlacedEdge => ({ ...one, points: [], at: undefined }));
  return {
    cluster: graph.cluster,
    width: Math.max(top.width, rest.width),
    height: Math.max(top.height, rest.height),
    nodes: [...top.nodes, ...rest.nodes],
    edges: [...rest.edges, ...straight],
  };
}

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

function neighboursOf(edges: readonly GraphEdge[]): Neighbours {
  const found = new Map<string, Set<string>>();
  const join = (one: string, other: string) => {
    const known = found.get(one);
    if (known) known.add(other);
    else found.set(one, new Set([other]));
  };
  for (const { from, to } of edges) {
    join(from, to);
    join(to, from);
  }
  return found;
}

/** What hangs together when hubs are left out. */
function partsOf(
  { cluster, nodes, edges }: Graph,
  hubs: ReadonlySet<string>,
  neighbours: Neighbours,
): readonly Graph[] {
  const partOf = new Map<string, number>();
  let count = 0;
  for (const { id } of nodes) {
    if (hubs.has(id) || partOf.has(id)) continue;
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (hubs.has(next) || partOf.has(next)) continue;
      partOf.set(next, count);
      for (const one of neighbours.get(next) ?? []) waiting.push(one);
    }
    count++;
  }
  const [ownNodes, ownEdges] = [new Map<number, GraphNode[]>(), new Map<number, GraphEdge[]>()];
  for (const node of nodes) if (!hubs.has(node.id)) pushTo(ownNodes, partOf.get(node.id) ?? 0, node);
  for (const edge of edges)
    if (!hubs.has(edge.from) && !hubs.has(edge.to)) pushTo(ownEdges, partOf.get(edge.from) ?? 0, edge);
  return Array.from({ length: count }, (_none, part) => {
    return { cluster, nodes: ownNodes.get(part) ?? [], edges: ownEdges.get(part) ?? [] };
  });
}

/** Drawings side by side, high ones first, as wide as a screen is to its height. */
function inRows(drawings: readonly Drawing[], from: number): Omit<Drawing, "cluster"> {
  const area = drawings.reduce((sum, one) => sum + (one.width + GAP) * (one.height + GAP), 0);
  const widest = drawings.reduce((most, one) => Math.max(most, one.width), 0);
  const limit = Math.max(widest, Math.sqrt(area * SCREEN));
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [];
  let [x, y, row, width] = [0, from, 0, 0];
  for (const one of [...drawings].sort((a, b) => b.height - a.height)) {
    if (x > 0 && x + one.width > limit) [x, y, row] = [0, y + row + GAP, 0];
    const move = (point: Point): Point => ({ x: point.x + x, y: point.y + y });
    for (const node of one.nodes) nodes.push({ ...node, ...move(node) });
    for (const edge of one.edges) edges.push({ ...edge, points: edge.points.map(move), at: edge.at && move(edge.at) });
    row = Math.max(row, one.height);
    x += one.width + GAP;
    width = Math.max(width, x - GAP);
  }
  return { width, height: y + row, nodes, edges };
}
