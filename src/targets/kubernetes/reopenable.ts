import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import type { Boundary, Plan } from "../../ir/plan.ts";
import type { Project } from "../../ir/project.ts";
import { at, atKey } from "../../source/place.ts";
import { valueAt } from "../../source/span.ts";
import { platformRules } from "./rules.ts";

/** Zones that are named; more are counted. */
const NAMED = 3;

/** What a cluster lacks for all of its zones alike is said once, where the cluster is described. */
export function reopenable(
  { cluster, boundaries }: Plan,
  project: Project,
  manifests: readonly Manifest[],
): readonly Diagnostic[] {
  if (cluster.platform.adminPolicy !== "none") return [];
  const closed = new Set(manifests.filter((one) => one.kind === "NetworkPolicy").map((one) => one.intent));
  const zones = boundaries
    .filter((one) => !one.audit && closed.has(one.intent))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const [first] = zones;
  if (!first) return [];
  const path = ["spec", "clusters", cluster.index] as const;
  const written = valueAt(project.doc.value, [...path, "platform"]) !== undefined;
  const place = written ? atKey(project.doc, ...path, "platform") : at(project.doc, ...path, "name");
  const related = [{ place: first.origin, label: zones.length === 1 ? "the zone" : "the first zone" }];
  const parameters = { cluster: cluster.name, count: zones.length, names: named(zones) };
  return [platformRules.diagnose("tenants-can-reopen", place, parameters, { related })];
}

function named(zones: readonly Boundary[]): string {
  const names = zones.slice(0, NAMED).map((one) => `\`${one.name}\``);
  const more = zones.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}`;
}
