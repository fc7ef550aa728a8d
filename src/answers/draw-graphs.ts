import { buildGraph } from "../graph/build-graph.ts";
import { formatDot } from "../graph/format/dot.ts";
import { formatMermaid } from "../graph/format/mermaid.ts";
import { formatSvg } from "../graph/format/svg.ts";
import type { Graph } from "../graph/graph.ts";
import { layOutGraph } from "../graph/lay-out.ts";
import { collectExpectations } from "../kinds/expects.ts";
import type { CompiledProject } from "./verify-files.ts";

/** What the intents say of each of these clusters, as pictures show it. */
export function buildGraphs({ compiled }: CompiledProject, clusters: readonly string[]): readonly Graph[] {
  const { plans, instances } = compiled;
  return plans
    .filter((plan) => clusters.includes(plan.cluster.name))
    .map((plan) => buildGraph(plan, collectExpectations(plan, instances.get(plan.cluster.name) ?? []).devices));
}

/** In the language of a picture; any other form is dot. */
export function drawGraphs(graphs: readonly Graph[], form: string, title: string): string {
  switch (form) {
    case "mermaid":
      return formatMermaid(graphs);
    case "svg":
      return formatSvg(graphs.map(layOutGraph), title);
    case "json":
      return `${JSON.stringify(graphs, undefined, 2)}\n`;
    default:
      return formatDot(graphs);
  }
}
