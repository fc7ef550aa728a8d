import { pushTo } from "../../collections/push-to.ts";
import { fileOf, type Place } from "../../source/place.ts";
import { lineText, positionAt } from "../../source/source-file.ts";
import { nameOf } from "../../verify/model/manifests/manifest.ts";
import type { Model } from "../../verify/model/model.ts";
import type { Direction } from "../../verify/model/policies/pod-policy.ts";
import { type Connection, connectionsOf } from "../../verify/report/connections.ts";
import { witness } from "../../verify/report/describe.ts";
import { shown } from "../../verify/report/format/shown.ts";
import { hopsOf } from "../../verify/report/hops.ts";
import { type Row, tableOf } from "../../verify/report/table.ts";
import { spanOf } from "../../yaml/span.ts";
import type { ProvedCluster } from "../prove-cluster.ts";
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
export function pageConnections({ model, flows, watch }: ProvedCluster, filter: PageFilter): readonly PageConnection[] {
  const connections = connectionsOf(flows, watch, filter.all);
  const byRow = new Map<string, Connection[]>();
  for (const one of connections) pushTo(byRow, keyOf(one.from.party, one.to.party, one.way), one);
  const policies = new PolicyNames(model);
  return tableOf(connections, { by: "party", from: filter.from, to: filter.to }).map((row) =>
    pageConnection(row, byRow.get(keyOf(row.from, row.to, row.way)) ?? [], model, policies),
  );
}

function keyOf(from: string, to: string, way: readonly string[]): string {
  return JSON.stringify([from, to, way]);
}

function pageConnection(row: Row, parts: readonly Connection[], model: Model, policies: PolicyNames): PageConnection {
  const { from, to, services, way, assumed } = row;
  const by = way[0] === "eth0" ? "eth0" : parts.some((one) => one.direct) ? "link" : "gateway";
  const [fromPods, toPods] = [podsOf(parts, "from"), podsOf(parts, "to")];
  const traces = by === "eth0" ? [onEth0(row, fromPods, toPods, policies)] : followed(parts, model);
  return { from, to, services, way, by, fromPods, toPods, because: row.origins.map(lineOf), assumed, traces };
}

function podsOf(parts: readonly Connection[], end: "from" | "to"): readonly string[] {
  const all = [...new Set(parts.flatMap((one) => one[end].pods))].sort();
  const more = all.length - PODS_MAX;
  return more > 0 ? [...all.slice(0, PODS_MAX), `and ${more} more`] : all;
}

/** One packet of each family. */
function followed(parts: readonly Connection[], model: Model): readonly PageTrace[] {
  const families = new Set<number>();
  const traces: PageTrace[] = [];
  for (const { flow, family } of parts) {
    if (!flow || families.has(family) || traces.length >= TRACES_MAX) continue;
    families.add(family);
    const hops = hopsOf(model, flow, flow.asked).map(
      ({ at, text, place }): PageHop => ({ at, text, place: place ? shown(place) : "" }),
    );
    traces.push({ packet: witness(flow.asked), hops });
  }
  return traces;
}

/** Over the default network the policies of both ends decide. */
function onEth0(row: Row, fromPods: readonly string[], toPods: readonly string[], policies: PolicyNames): PageTrace {
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
      .map((one) => nameOf(one.manifest));
    const words = names.length === 0 ? `no policy isolates ${namespace}` : `allowed by one of ${names.join(", ")}`;
    this.known.set(key, words);
    return words;
  }
}

/** A place with the text that stands there. */
export function lineOf(place: Place): PageLine {
  const file = fileOf(place);
  const { line } = positionAt(file, spanOf(place).start);
  return { place: `${file.path}:${line}`, text: lineText(file, line).trim() };
}
