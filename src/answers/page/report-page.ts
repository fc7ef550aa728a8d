import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { listAssumptions } from "../../verify/report/assumptions.ts";
import type { Difference } from "../../verify/report/diff.ts";
import { formatLocation } from "../../verify/report/format/location.ts";
import { findGuardedScope } from "../../verify/report/guarded.ts";
import { buildGraphs } from "../draw-graphs.ts";
import type { CompiledProject, VerifiedCluster } from "../verify-files.ts";
import { buildPagePicture } from "./graph-page.ts";
import { buildPageChanges } from "./page-changes.ts";
import { buildPageConnections, type PageFilter, readPageLine } from "./page-connections.ts";
import type { PageCluster, PageFinding, View } from "./page-data.ts";
import { renderPageHtml } from "./page-html.ts";

export interface ReportContent {
  readonly view: View;
  readonly filter?: PageFilter;
  /** What changes, by cluster, and between which two states. */
  readonly differences?: ReadonlyMap<string, Difference>;
  readonly compared?: string | undefined;
}

/** Everything that is known of these clusters, on one page. */
export function renderReportPage(
  meant: CompiledProject,
  done: readonly VerifiedCluster[],
  content: ReportContent,
): string {
  const { view, filter = {}, differences, compared } = content;
  const names = done.map((one) => one.cluster);
  const pictures = new Map(buildGraphs(meant, names).map((graph) => [graph.cluster, buildPagePicture(graph)]));
  const clusters = done.map((one): PageCluster => {
    const picture = pictures.get(one.cluster);
    const difference = differences?.get(one.cluster);
    return {
      name: one.cluster,
      ...(picture ? { picture } : {}),
      connections: buildPageConnections(one, filter),
      assumed: listAssumptions(one.model, one.flows, one.expectedIndex),
      admission: admissionOf(one),
      expectations: (one.expectations?.held ?? []).map(({ text, origin }) => ({ ...readPageLine(origin), text })),
      ...(difference ? { changes: buildPageChanges(difference) } : {}),
    };
  });
  const findings = done.flatMap((one) => one.diagnostics).map(pageFinding);
  return renderPageHtml({ title: meant.project.name, view, compared, clusters, findings });
}

/** The page with nothing but changes: between revisions, targets or two clusters. */
export function renderChangesPage(
  title: string,
  differences: ReadonlyMap<string, Difference>,
  compared: string,
): string {
  const clusters = [...differences].map(([name, one]): PageCluster => ({ name, changes: buildPageChanges(one) }));
  return renderPageHtml({ title, view: "changes", compared, clusters, findings: [] });
}

function admissionOf({ model }: VerifiedCluster): readonly string[] {
  const guarded = findGuardedScope(model);
  if (!guarded) return [];
  const { resources, namespaces } = guarded;
  return [`guarded in ${namespaces} namespace${namespaces === 1 ? "" : "s"}: ${resources.join(", ")}`];
}

function pageFinding({ severity, code, message, place }: Diagnostic): PageFinding {
  return { severity, code, text: message, place: place ? formatLocation(place) : "" };
}
