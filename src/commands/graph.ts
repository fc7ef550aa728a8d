import { buildGraphs, drawGraphs } from "../answers/draw-graphs.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { loadProjectOrReport, selectClusters } from "./load-project.ts";

export interface GraphFlags {
  readonly cluster?: readonly string[];
}

/** A picture of what the intents say: zones, gateways, what was there before, and who may reach whom. */
export async function printGraph(flags: GraphFlags, common: CommonOptions, io: Io): Promise<ExitCode> {
  const project = loadProjectOrReport(common, io);
  if ("exit" in project) return project.exit;
  const clusters = selectClusters(project.project, flags.cluster, io);
  if (!clusters) return 2;
  const graphs = buildGraphs(project, clusters);
  if (common.form === "html")
    io.out((await import("../answers/page/graph-page.ts")).renderGraphPage(graphs, project.project.name));
  else io.out(drawGraphs(graphs, common.form, project.project.name));
  return 0;
}
