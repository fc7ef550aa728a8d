import { buildGraph } from "../graph/build-graph.ts";
import { graphDot } from "../graph/format/dot.ts";
import { graphMermaid } from "../graph/format/mermaid.ts";
import { graphSvg } from "../graph/format/svg.ts";
import type { Graph } from "../graph/graph.ts";
import { layOut } from "../graph/lay-out.ts";
import { expectsOf } from "../kinds/expects.ts";
import type { Meant } from "./prove-cluster.ts";

/** What the intents say of each of these clusters, as pictures show it. */
export function graphsOf({ compiled }: Meant, clusters: readonly string[]): readonly Graph[] {
  const { plans, instances } = compiled;
  return plans
    .filter((plan) => clusters.includes(plan.cluster.name))
    .map((plan) => buildGraph(plan, expectsOf(plan, instances.get(plan.cluster.name) ?? []).devices));
}

/** In the language of a picture; any other form is dot. */
export function drawGraphs(graphs: readonly Graph[], form: string, title: string): string {
  switch (form) {
    case "mermaid":
      return graphMermaid(graphs);
    case "svg":
      return graphSvg(graphs.map(layOut), title);
    case "json":
      return `${JSON.stringify(graphs, undefined, 2)}\n`;
    default:
      return graphDot(graphs);
  }
}
