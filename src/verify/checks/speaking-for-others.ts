import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { findFile, type Place } from "../../source/place.ts";
import type { ExpectedException, ExpectedFlow, ExpectedZone } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { readFields, readList, readTexts } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { findNetRawContainer } from "../model/pods/net-raw.ts";
import { listWorkloadIds, type Node } from "../model/pods/node.ts";
import type { Pod } from "../model/pods/pod.ts";
import { verifyRules } from "../rules.ts";

/**
 * Pods that send from addresses which are not theirs. A raw socket passes the policies of the pod's own network namespace, and
 * no link asks who sends: what is allowed to one workload on it is then allowed to such a pod too.
 */
export function checkSpoofing(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const nodes = new Map(model.nodes.flatMap((node) => listWorkloadIds(node).map((id) => [id, node] as const)));
  const named = namedByRules(watch, nodes);
  const limitedIds = new Set(watch.expected.networks.flatMap((one) => (one.limited ? [one.id] : [])));
  return model.pods.flatMap((pod): readonly Diagnostic[] => {
    const zone = watch.zones.get(pod.namespace);
    const node = nodes.get(pod.id);
    if (!node || watch.isExternallyManaged(node)) return [];
    const limited = limitedOf(node, limitedIds);
    if (!zone || zone.audit) return inNoZone(pod, node, limited, named);
    const domains = attachedTo(node);
    if (domains.length === 0) return [];
    const others = domains.flatMap((domain) => named.get(domain) ?? []).filter((one) => one.id !== pod.id);
    if (pod.manifest.kind.startsWith("VirtualMachine")) return ofGuest(pod, node, others);
    const kept = listPodExceptions(pod, zone);
    const [exception] = kept;
    if (exception) return [reportAllowed(pod, kept, domains, others)];
    const keeping = findNetRawContainer(pod);
    if (keeping === undefined) return [];
    const related = [{ place: zone.origin, label: "its zone" }];
    return [verifyRules.diagnose("keeps-net-raw", pod.place, { pod: pod.id, container: keeping }, { related })];
  });
}

/** Links of a node on which policies limit the traffic, whatever zone it is in. */
function limitedOf(node: Node, limited: ReadonlySet<string>): readonly string[] {
  if (limited.size === 0) return [];
  const own = node.interfaces.filter((one) => limited.has(one.network?.manifest.intent ?? ""));
  return [...new Set(own.map((one) => one.domain))];
}

/** A pod that no zone's guard looks at, on a network whose policies tell its members apart by their addresses. */
function inNoZone(
  pod: Pod,
  node: Node,
  domains: readonly string[],
  named: ReadonlyMap<string, readonly Named[]>,
): readonly Diagnostic[] {
  if (domains.length === 0) return [];
  const others = domains.flatMap((domain) => named.get(domain) ?? []).filter((one) => one.id !== pod.id);
  if (pod.manifest.kind.startsWith("VirtualMachine")) return ofGuest(pod, node, others);
  const by = administers(pod) ? "NET_ADMIN" : findNetRawContainer(pod) === undefined ? undefined : "NET_RAW";
  if (by === undefined) return [];
  const means = by === "NET_ADMIN" ? "any address and any MAC address, and by routes of its own," : "any address";
  const related = placesOf(others);
  const parameters = { pod: pod.id, by, means, domains: domains.join(" and "), rules: listOf(others) };
  return [verifyRules.diagnose("speaks-for-others", pod.place, parameters, { related })];
}

/** Whether a container of a pod may change addresses and routes. */
function administers({ spec }: Pod): boolean {
  return ["initContainers", "containers", "ephemeralContainers"].some((key) =>
    readList(spec, key).some(
      (one) =>
        readFields(one, "securityContext").privileged === true ||
        readTexts(one, "securityContext", "capabilities", "add").some((name) =>
          ["ALL", "NET_ADMIN", "SYS_ADMIN"].includes(name.toUpperCase().replace(/^CAP_/, "")),
        ),
    ),
  );
}

/** Who an allowed connection names on a link. */
interface Named {
  readonly id: string;
  readonly words: string;
  readonly place: Place;
}

/** Workloads that allowed connections name, by the links that they stand on. */
function namedByRules(watch: ExpectedIndex, nodes: ReadonlyMap<string, Node>): ReadonlyMap<string, readonly Named[]> {
  const found = new Map<string, Named[]>();
  for (const flow of watch.expected.flows) {
    if (flow.over !== "attached") continue;
    for (const end of [flow.from, flow.to]) {
      if (!end.workload) continue;
      const id = `${end.workload.kind} ${end.workload.namespace}/${end.workload.name}`;
      const node = nodes.get(id);
      const named = { id, words: wordsOf(flow), place: flow.origin };
      for (const domain of node ? attachedTo(node) : []) {
        const list = found.get(domain);
        if (list) list.push(named);
        else found.set(domain, [named]);
      }
    }
  }
  return found;
}

function wordsOf({ from, to }: ExpectedFlow): string {
  const words = (end: ExpectedFlow["from"]) =>
    end.workload ? `${end.workload.namespace}/${end.workload.name}` : (end.party ?? "outside");
  return `${words(from)} to ${words(to)}`;
}

function attachedTo(node: Node): readonly string[] {
  return [...new Set(node.interfaces.filter((one) => one.type === "attachment").map((one) => one.domain))];
}

/** What a zone's intent lets a pod keep. */
export function listPodExceptions({ id }: Pod, zone: ExpectedZone): readonly ExpectedException[] {
  return zone.exceptions.filter((one) => one.pod === undefined || one.pod === id);
}

function reportAllowed(
  pod: Pod,
  kept: readonly ExpectedException[],
  domains: readonly string[],
  others: readonly Named[],
): Diagnostic {
  const capabilities = [...new Set(kept.map((one) => one.capability))].sort();
  const means = capabilities.includes("NET_ADMIN")
    ? "any address and any MAC address, and by routes of its own,"
    : "any address";
  const related = placesOf(others);
  return verifyRules.diagnose(
    "speaks-for-others",
    kept[0]?.origin,
    { pod: pod.id, by: capabilities.join(" and "), means, domains: domains.join(" and "), rules: listOf(others) },
    { related },
  );
}

/** Plugins whose links look at no IP address, whatever they do about hardware addresses. */
const UNFILTERED: ReadonlySet<string> = new Set(["bridge", "cnv-bridge", "ovs", "sriov", "macvlan", "ipvlan"]);

/** A guest writes its own frames, whatever its pod may do. */
function ofGuest(pod: Pod, node: Node, others: readonly Named[]): readonly Diagnostic[] {
  const open = node.interfaces.filter(
    (one) => one.type === "attachment" && one.network && UNFILTERED.has(one.network.plugin) && one.bound === undefined,
  );
  if (open.length === 0 || others.length === 0) return [];
  const domains = [...new Set(open.map((one) => one.domain))].join(" and ");
  const related = placesOf(others);
  return [
    verifyRules.diagnose(
      "speaks-for-others",
      pod.place,
      { pod: pod.id, by: "a guest of its own", means: "any address", domains, rules: listOf(others) },
      { related },
    ),
  ];
}

function listOf(others: readonly Named[]): string {
  const words = [...new Set(others.map((one) => one.words))];
  if (words.length === 0) return "no rule by workload is on it today";
  const shown = words.slice(0, 3).join(", ");
  return `what is allowed for ${shown}${words.length > 3 ? ` and ${words.length - 3} more` : ""} holds for it too`;
}

/** Where rules stand that hold for the pod too: an entry for both directions is one place. */
function placesOf(rules: readonly { readonly place: Place }[]) {
  const keyOf = (place: Place) => `${findFile(place).path} ${"doc" in place ? place.path.join("/") : place.start}`;
  const distinct = new Map(rules.map(({ place }) => [keyOf(place), place]));
  return [...distinct.values()].slice(0, 5).map((place) => ({ place, label: "holds for it too" }));
}
