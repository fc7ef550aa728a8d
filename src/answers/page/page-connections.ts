import { pushTo } from "../../collections/push-to.ts";
import { findFile, type Place } from "../../source/place.ts";
import { findPosition, readLine } from "../../source/source-file.ts";
import { formatName } from "../../verify/model/manifests/manifest.ts";
import type { Model } from "../../verify/model/model.ts";
import type { Direction } from "../../verify/model/policies/pod-policy.ts";
import { type Connection, listConnections } from "../../verify/report/connections.ts";
import { formatWitness } from "../../verify/report/describe.ts";
import { formatLocation } from "../../verify/report/format/location.ts";
import { listHops } from "../../verify/report/hops.ts";
import { buildTable, type TableRow } from "../../verify/report/table.ts";
import { findSpan } from "../../yaml/span.ts";
import type { VerifiedCluster } from "../verify-files.ts";
import type { PageConnection, PageHop, PageLine, PageTrace } from "./page-data.ts";

export interface PageFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly all?: boolean | undefined;
}

/** Packets that are followed for one row: one of IPv4 and one of IPv6 at most. */
const TRACES_MAX = 2;
/** Workloads that are named for one end of a row. */
const PODS_MAX = 40;

/** Every connection of a cluster, each with one packet followed on its way. */
export function buildPageConnections(
  { model, flows, expectedIndex }: VerifiedCluster,
  filter: PageFilter,
): readonly PageConnection[] {
  const connections = listConnections(flows, expectedIndex, filter.all);
  const byRow = new Map<string, Connection[]>();
  for (const one of connections) pushTo(byRow, keyOf(one.from.party, one.to.party, one.way), one);
  const policies = new PolicyNames(model);
  return buildTable(connections, { by: "party", from: filter.from, to: filter.to }).map((row) =>
    pageConnection(row, byRow.get(keyOf(row.from, row.to, row.way)) ?? [], model, policies),
  );
}

function keyOf(from: string, to: string, way: readonly string[]): string {
  return JSON.stringify([from, to, way]);
}

function pageConnection(
  row: TableRow,
  parts: readonly Connection[],
  model: Model,
  policies: PolicyNames,
): PageConnection {
  const { from, to, services, way, assumed } = row;
  const by = way[0] === "eth0" ? "eth0" : parts.some((one) => one.direct) ? "link" : "gateway";
  const [fromPods, toPods] = [podsOf(parts, "from"), podsOf(parts, "to")];
  const traces = by === "eth0" ? [buildPrimaryTrace(row, fromPods, toPods, policies)] : tracePackets(parts, model);
  return { from, to, services, way, by, fromPods, toPods, because: row.origins.map(readPageLine), assumed, traces };
}

function podsOf(parts: readonly Connection[], end: "from" | "to"): readonly string[] {
  const all = [...new Set(parts.flatMap((one) => one[end].pods))].sort();
  const more = all.length - PODS_MAX;
  return more > 0 ? [...all.slice(0, PODS_MAX), `and ${more} more`] : all;
}

/** One packet of each family. */
function tracePackets(parts: readonly Connection[], model: Model): readonly PageTrace[] {
  const families = new Set<number>();
  const traces: PageTrace[] = [];
  for (const { flow, family } of parts) {
    if (!flow || families.has(family) || traces.length >= TRACES_MAX) continue;
    families.add(family);
    const hops = listHops(model, flow, flow.sent).map(
      ({ at, text, place }): PageHop => ({ at, text, place: place ? formatLocation(place) : "" }),
    );
    traces.push({ packet: formatWitness(flow.sent), hops });
  }
  return traces;
}

/** Over the default network the policies of both ends decide. */
function buildPrimaryTrace(
  row: TableRow,
  fromPods: readonly string[],
  toPods: readonly string[],
  policies: PolicyNames,
): PageTrace {
  const hops = [
    { at: row.from, text: `sends out of eth0: ${policies.words(fromPods, "egress")}`, place: "" },
    { at: row.to, text: `receives on eth0: ${policies.words(toPods, "ingress")}`, place: "" },
  ];
  return { packet: `${row.services.join(" ")} over the default network`, hops };
}

/** NetworkPolicies by the namespaces of pods, made once for each namespace. */
class PolicyNames {
  private readonly known = new Map<string, string>();
  constructor(private readonly model: Model) {}

  words(pods: readonly string[], direction: Direction): string {
    const namespaces = [...new Set(pods.flatMap((pod) => / (\S+?)\//.exec(pod)?.[1] ?? []))];
    if (namespaces.length === 0) return "no pod of the cluster, so no policy is asked";
    return namespaces.map((one) => this.ofNamespace(one, direction)).join("; ");
  }

  private ofNamespace(namespace: string, direction: Direction): string {
    const key = `${direction} ${namespace}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const names = (this.model.policies.pod.get(namespace) ?? [])
      .filter((one) => one[direction] !== undefined)
      .map((one) => formatName(one.manifest));
    const words = names.length === 0 ? `no policy isolates ${namespace}` : `allowed by one of ${names.join(", ")}`;
    this.known.set(key, words);
    return words;
  }
}

/** A place with the text that stands there. */
export function readPageLine(place: Place): PageLine {
  const file = findFile(place);
  const { line } = findPosition(file, findSpan(place).start);
  return { place: `${file.path}:${line}`, text: readLine(file, line).trim() };
}
