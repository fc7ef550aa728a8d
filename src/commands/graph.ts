import { buildGraph } from "../graph/build-graph.ts";
import { graphDot } from "../graph/format/dot.ts";
import { graphHtml } from "../graph/format/html.ts";
import { graphMermaid } from "../graph/format/mermaid.ts";
import { graphSvg } from "../graph/format/svg.ts";
import type { Graph } from "../graph/graph.ts";
import { layOut } from "../graph/lay-out.ts";
import { devicesOf } from "../verify/verify-cluster.ts";
import type { Form } from "./forms.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { clustersOf, meant } from "./proved.ts";

export interface GraphFlags {
  readonly cluster?: readonly string[];
}

/** A picture of what the intents say: zones, gateways, what was there before, and who may reach whom. */
export function graph(flags: GraphFlags, common: Common, io: Io): ExitCode {
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const clusters = clustersOf(project.project, flags.cluster, io);
  if (!clusters) return 2;
  const { plans, instances } = project.compiled;
  const graphs = plans
    .filter((plan) => clusters.includes(plan.cluster.name))
    .map((plan) => buildGraph(plan, devicesOf(plan, instances.get(plan.cluster.name) ?? [])));
  io.out(drawn(graphs, common.form, project.project.name));
  return 0;
}

function drawn(graphs: readonly Graph[], form: Form, title: string): string {
  switch (form) {
    case "mermaid":
      return graphMermaid(graphs);
    case "svg":
      return graphSvg(graphs.map(layOut), title);
    case "html":
      return graphHtml(graphs, graphSvg(graphs.map(layOut), title), title);
    case "json":
      return `${JSON.stringify(graphs, undefined, 2)}\n`;
    default:
      return graphDot(graphs);
  }
}
