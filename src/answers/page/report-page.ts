import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { assumptionsOf } from "../../verify/report/assumptions.ts";
import type { Difference } from "../../verify/report/diff.ts";
import { shown } from "../../verify/report/format/shown.ts";
import { guardedBy } from "../../verify/report/guarded.ts";
import { graphsOf } from "../draw-graphs.ts";
import type { Meant, ProvedCluster } from "../prove-cluster.ts";
import { pagePicture } from "./graph-page.ts";
import { pageChanges } from "./page-changes.ts";
import { lineOf, type PageFilter, pageConnections } from "./page-connections.ts";
import type { PageCluster, PageFinding, View } from "./page-data.ts";
import { pageHtml } from "./page-html.ts";

export interface ReportContent {
  readonly view: View;
  readonly filter?: PageFilter;
  /** What changes, by cluster, and between which two states. */
  readonly differences?: ReadonlyMap<string, Difference>;
  readonly compared?: string | undefined;
}

/** Everything that is known of these clusters, on one page. */
export function reportPage(meant: Meant, done: readonly ProvedCluster[], content: ReportContent): string {
  const { view, filter = {}, differences, compared } = content;
  const names = done.map((one) => one.cluster);
  const pictures = new Map(graphsOf(meant, names).map((graph) => [graph.cluster, pagePicture(graph)]));
  const clusters = done.map((one): PageCluster => {
    const picture = pictures.get(one.cluster);
    const difference = differences?.get(one.cluster);
    return {
      name: one.cluster,
      ...(picture ? { picture } : {}),
      connections: pageConnections(one, filter),
      assumed: assumptionsOf(one.model, one.flows, one.watch),
      admission: admissionOf(one),
      expectations: (one.expectations?.held ?? []).map(({ text, origin }) => ({ ...lineOf(origin), text })),
      ...(difference ? { changes: pageChanges(difference) } : {}),
    };
  });
  const findings = done.flatMap((one) => one.diagnostics).map(pageFinding);
  return pageHtml({ title: meant.project.name, view, compared, clusters, findings });
}

/** The page with nothing but changes: between revisions, targets or two clusters. */
export function changesPage(title: string, differences: ReadonlyMap<string, Difference>, compared: string): string {
  const clusters = [...differences].map(([name, one]): PageCluster => ({ name, changes: pageChanges(one) }));
  return pageHtml({ title, view: "changes", compared, clusters, findings: [] });
}

function admissionOf({ model }: ProvedCluster): readonly string[] {
  const guarded = guardedBy(model);
  if (!guarded) return [];
  const { resources, namespaces } = guarded;
  return [`guarded in ${namespaces} namespace${namespaces === 1 ? "" : "s"}: ${resources.join(", ")}`];
}

function pageFinding({ severity, code, message, place }: Diagnostic): PageFinding {
  return { severity, code, text: message, place: place ? shown(place) : "" };
}
