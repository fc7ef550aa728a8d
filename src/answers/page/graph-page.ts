import type { Graph } from "../../graph/graph.ts";
import { layOutLargeGraph } from "../../graph/lay-out-large.ts";
import type { PagePicture } from "./page-data.ts";
import { renderPageHtml } from "./page-html.ts";

/** The page with nothing but pictures: what intents say, with or without an output. */
export function renderGraphPage(graphs: readonly Graph[], title: string): string {
  const clusters = graphs.map((graph) => ({ name: graph.cluster, picture: buildPagePicture(graph) }));
  return renderPageHtml({ title, view: "picture", clusters, findings: [] });
}

export function buildPagePicture(graph: Graph): PagePicture {
  const { width, height, nodes, edges } = layOutLargeGraph(graph);
  const drawn = new Map(edges.map((edge) => [keyOf(edge), edge]));
  return {
    width,
    height,
    nodes,
    edges: graph.edges.map((edge) => drawn.get(keyOf(edge)) ?? { ...edge, points: [] }),
  };
}

function keyOf({ from, to, kind }: { readonly from: string; readonly to: string; readonly kind: string }): string {
  return JSON.stringify([from, to, kind]);
}
