import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../../ir/manifest.ts";
import type { DefaultDenyZone, Plan } from "../../../ir/plan.ts";
import type { Cluster, Project } from "../../../ir/project.ts";
import { type Place, placeAt, placeAtKey } from "../../../source/place.ts";
import { findValue } from "../../../yaml/span.ts";
import { platformRules } from "./rules.ts";

/** Minor version in which ValidatingAdmissionPolicy became v1. */
const GUARDS_SINCE = 30;

/** Zones that are named; more are counted. */
const NAMED = 3;

/** What a cluster lacks for all of its zones alike is said once, where the cluster is described. */
export function checkClusterCapabilities(
  { cluster, zones: boundaries }: Plan,
  project: Project,
  manifests: readonly Manifest[],
): readonly Diagnostic[] {
  const zones = [...boundaries].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (zones.length === 0) return [];
  const found: Diagnostic[] = [];
  const { platform, name } = cluster;
  const place = (key: string) => locatePlatformKey(project, cluster, key);
  if (platform.kubernetes < GUARDS_SINCE) {
    const parameters = { cluster: name, version: `1.${platform.kubernetes}` };
    found.push(platformRules.diagnose("too-old", place("kubernetes"), parameters, { related: first(zones) }));
  }
  if (!platform.networkPolicy) {
    const parameters = { cluster: name };
    found.push(
      platformRules.diagnose("no-network-policy", place("networkPolicy"), parameters, { related: first(zones) }),
    );
  }
  const closed = new Set(manifests.filter((one) => one.kind === "NetworkPolicy").map((one) => one.intent));
  const open = zones.filter((one) => !one.audit && closed.has(one.intent));
  if (platform.adminPolicy === "none" && open.length > 0) {
    const parameters = { cluster: name, count: open.length, names: formatZoneNames(open) };
    const related = first(open);
    found.push(platformRules.diagnose("tenants-can-reopen", place("adminPolicy"), parameters, { related }));
  }
  return found;
}

/** The key itself where it is written; what a profile says is the platform's, and what nobody says the cluster's. */
export function locatePlatformKey(project: Project, { index }: Cluster, key: string): Place {
  const path = ["spec", "clusters", index] as const;
  const written = (...more: readonly string[]) => findValue(project.doc.value, [...path, ...more]) !== undefined;
  if (written("platform", key)) return placeAt(project.doc, ...path, "platform", key);
  return written("platform") ? placeAtKey(project.doc, ...path, "platform") : placeAt(project.doc, ...path, "name");
}

function first(zones: readonly DefaultDenyZone[]): Diagnostic["related"] {
  const [zone] = zones;
  return zone ? [{ place: zone.origin, label: zones.length === 1 ? "the zone" : "the first zone" }] : [];
}

function formatZoneNames(zones: readonly DefaultDenyZone[]): string {
  const names = zones.slice(0, NAMED).map((one) => `\`${one.name}\``);
  const more = zones.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}`;
}
