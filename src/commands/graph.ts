import { drawGraphs, graphsOf } from "../answers/draw-graphs.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { clustersOf, meant } from "./proved.ts";

export interface GraphFlags {
  readonly cluster?: readonly string[];
}

/** A picture of what the intents say: zones, gateways, what was there before, and who may reach whom. */
export async function graph(flags: GraphFlags, common: Common, io: Io): Promise<ExitCode> {
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const clusters = clustersOf(project.project, flags.cluster, io);
  if (!clusters) return 2;
  const graphs = graphsOf(project, clusters);
  if (common.form === "html")
    io.out((await import("../answers/page/graph-page.ts")).graphPage(graphs, project.project.name));
  else io.out(drawGraphs(graphs, common.form, project.project.name));
  return 0;
}
