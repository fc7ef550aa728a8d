import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../net/address.ts";
import { toSingleRange } from "../../net/range.ts";
import type { FlowSet, PrimaryFlow } from "../dataplane/flow.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { createAddressSet, hasCommonAddress, toAddressSet } from "../headerspace/address-set.ts";
import {
  formatName,
  locateInManifest,
  type ReadManifest,
  readLabels,
  readList,
  readNumber,
  readText,
} from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { listPodPorts } from "../model/pods/container-ports.ts";
import type { Node } from "../model/pods/node.ts";
import { findTemplatePath } from "../model/pods/pod.ts";
import { verifyRules } from "../rules.ts";
import { type Backend, listBackends, parseServiceHost } from "./backends.ts";
import { listWrittenEndpoints } from "./service-addresses.ts";

/**
 * Ways into a zone that no intent names: Services and routes that lead from outside to pods whose eth0 lets them in, and
 * Services of other namespaces that stand for addresses of its network.
 */
export function checkExposedServices(model: Model, flows: FlowSet, watch: ExpectedIndex): readonly Diagnostic[] {
  const exposed = new Set<Node>(flows.outside.flatMap((one) => (one.direction === "ingress" ? one.nodes : [])));
  const ports = hostPorts(watch, exposed);
  if (model.entries.length === 0) return ports;
  const visited = receivers(flows.primary, watch);
  const services = new Map(
    model.entries.filter((one) => one.kind === "Service").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const found = model.entries.flatMap((entry) => {
    const zones =
      entry.kind === "Service"
        ? zoneOfService(entry, model, watch, exposed)
        : entry.kind === "EndpointSlice" || entry.kind === "Endpoints"
          ? zonesOfAddresses(entry, watch)
          : zonesOfRoute(entry, services, model, watch, visited);
    const place = locateInManifest(entry, "kind");
    return [...new Set(zones)].map((zone) =>
      verifyRules.diagnose("service-crosses", place, { what: formatName(entry), zone }),
    );
  });
  return [...ports, ...found];
}

/** Ports of pods that their node takes too, for whoever may ask the pod from outside: nodes, and pods that may ask them. */
function hostPorts(watch: ExpectedIndex, exposed: ReadonlySet<Node>): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of exposed) {
    const zone = watch.zones.get(node.namespace);
    const { pod } = node;
    if (!pod || !zone || zone.audit || node.hostNetwork) continue;
    const port = listPodPorts(pod)
      .map((one) => readNumber(one, "hostPort"))
      .find((one) => one !== undefined && one > 0);
    if (port === undefined) continue;
    const what = `\`hostPort\` ${port} of ${node.id}`;
    const place = locateInManifest(pod.manifest, ...(findTemplatePath(pod.manifest) ?? []), "spec", "containers");
    found.push(verifyRules.diagnose("service-crosses", place, { what, zone: zone.id }));
  }
  return found;
}

/** Pods that somebody of another namespace than their zone's reaches: a proxy among them. */
function receivers(flows: readonly PrimaryFlow[], watch: ExpectedIndex): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const { from, to } of flows)
    for (const node of to.nodes) {
      const zone = watch.zones.get(node.namespace);
      if (zone && from.nodes.some((one) => watch.zones.get(one.namespace)?.id !== zone.id)) found.add(node);
    }
  return found;
}

/** A Service that the world may ask, in front of pods that the world may ask. */
function zoneOfService(
  entry: ReadManifest,
  model: Model,
  watch: ExpectedIndex,
  exposed: ReadonlySet<Node>,
): readonly string[] {
  const zone = watch.zones.get(entry.namespace);
  const type = readText(entry.value, "spec", "type") ?? "ClusterIP";
  const external = readList(entry.value, "spec", "externalIPs").length > 0;
  if (!zone || zone.audit || (type !== "LoadBalancer" && type !== "NodePort" && !external)) return [];
  const pods = podsOf(entry, model);
  return pods.length === 0 || pods.some((node) => exposed.has(node)) ? [zone.id] : [];
}

/** An Ingress or a route of the Gateway API: its controller is a pod that the zone lets in. */
function zonesOfRoute(
  entry: ReadManifest,
  services: ReadonlyMap<string, ReadManifest>,
  model: Model,
  watch: ExpectedIndex,
  visited: ReadonlySet<Node>,
): readonly string[] {
  return listBackends(entry).flatMap((backend) => {
    const { namespace, name, alias } = followed(backend, services);
    const zone = watch.zones.get(namespace);
    const service = services.get(`${namespace}/${name}`);
    if (!zone || zone.audit) return [];
    // An alias may lead to a Service that no manifest here has: then to whichever pod there is asked from outside.
    if (!service) return alias && [...visited].some((node) => node.namespace === namespace) ? [zone.id] : [];
    return podsOf(service, model).some((node) => visited.has(node)) ? [zone.id] : [];
  });
}

/** How far aliases of aliases are followed: resolvers give up sooner. */
const ALIASES = 8;

/** The Service that a backend leads to in the end: one of type ExternalName is another name of a host. */
function followed(
  backend: Backend,
  services: ReadonlyMap<string, ReadManifest>,
): Backend & { readonly alias: boolean } {
  let at = backend;
  let alias = false;
  for (let step = 0; step < ALIASES; step++) {
    const service = services.get(`${at.namespace}/${at.name}`);
    const host =
      readText(service?.value, "spec", "type") === "ExternalName"
        ? readText(service?.value, "spec", "externalName")
        : undefined;
    const next = host === undefined ? undefined : parseServiceHost(host);
    if (!next) break;
    at = next;
    alias = true;
  }
  return { ...at, alias };
}

/** Endpoints that somebody wrote by hand: a node sends what is for the Service to addresses of a zone's own network. */
function zonesOfAddresses(entry: ReadManifest, watch: ExpectedIndex): readonly string[] {
  const addresses = listWrittenEndpoints(entry)
    .map(({ text }) => (typeof text === "string" ? parseAddress(text) : undefined))
    .filter((one) => one !== undefined);
  if (addresses.length === 0) return [];
  const set = createAddressSet(addresses.map(toSingleRange));
  return watch.expected.zones
    .filter(
      (zone) =>
        !zone.audit && !zone.namespaces.includes(entry.namespace) && hasCommonAddress(toAddressSet(zone.cidrs), set),
    )
    .map((zone) => zone.id);
}

function podsOf(service: ReadManifest, model: Model): readonly Node[] {
  const selector = Object.entries(readLabels(service.value, "spec", "selector"));
  if (selector.length === 0) return [];
  const { byLabel, selected } = indexOf(model);
  const keys = selector.map(([key, value]) => `${service.namespace} ${key}=${value}`);
  const all = keys.sort().join(" ");
  const known = selected.get(all);
  if (known) return known;
  const candidates = keys.map((key) => byLabel.get(key) ?? []).sort((a, b) => a.length - b.length)[0] ?? [];
  const found = candidates.filter(({ labels }) => selector.every(([key, value]) => labels[key] === value));
  selected.set(all, found);
  return found;
}

interface Index {
  /** Pods by a namespace with one label. */
  readonly byLabel: ReadonlyMap<string, readonly Node[]>;
  /** Pods of whole selectors: Services that select the same are looked at once. */
  readonly selected: Map<string, readonly Node[]>;
}

const indexes = new WeakMap<Model, Index>();

function indexOf(model: Model): Index {
  const known = indexes.get(model);
  if (known) return known;
  const byLabel = new Map<string, Node[]>();
  for (const node of model.nodes)
    for (const [key, value] of node.pod ? Object.entries(node.labels) : [])
      pushTo(byLabel, `${node.namespace} ${key}=${value}`, node);
  const made = { byLabel, selected: new Map<string, readonly Node[]>() };
  indexes.set(model, made);
  return made;
}
