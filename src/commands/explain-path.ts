import { describeUnknownParty, explainPathInCluster } from "../answers/explain-path.ts";
import type { Parties } from "../answers/parse-party.ts";
import { readBack } from "../answers/verify-files.ts";
import { parseService } from "../net/service.ts";
import { formatTraces, formatTracesJson } from "../verify/report/format/trace-text.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { loadProjectOrReport, selectClusters } from "./load-project.ts";
import { readOutput } from "./read-output.ts";
import { reportFindings } from "./report.ts";

export interface ExplainFlags {
  readonly cluster?: readonly string[];
}

/** Why one party does, or does not, reach another by a service: hop by hop, each with its object. */
export function explainPath(
  [from, to, port]: readonly [string, string, string],
  flags: ExplainFlags,
  common: CommonOptions,
  io: Io,
): ExitCode {
  const service = parseService(port);
  if (!service) {
    io.err(`plumbline: ${port} is no service; write tcp/443, udp/53 or icmp\n`);
    return 2;
  }
  const project = loadProjectOrReport(common, io);
  if ("exit" in project) return project.exit;
  const clusters = selectClusters(project.project, flags.cluster, io);
  if (!clusters) return 2;
  let answered = 0;
  const known: Parties[] = [];
  for (const cluster of clusters) {
    const done = readBack(project, cluster, readOutput(common.root, project.project.out, cluster));
    const plan = project.compiled.plans.find((one) => one.cluster.name === cluster);
    if (!done || !plan) continue;
    if (done.unread.length > 0) return reportFindings(done.unread, `Nothing is known of ${cluster}.`, common, io);
    const { parties, traces } = explainPathInCluster(project, done, plan, { from, to, service });
    known.push(parties);
    if (!traces) continue;
    answered++;
    if (clusters.length > 1) io.out(`${cluster}\n`);
    io.out(common.format === "json" ? formatTracesJson(traces) : formatTraces(traces));
  }
  if (answered > 0) return 0;
  for (const line of describeUnknownParty([from, to], known).split("\n")) io.err(`plumbline: ${line}\n`);
  return 2;
}
