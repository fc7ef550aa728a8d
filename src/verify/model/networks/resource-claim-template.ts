import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../../net/address.ts";
import { parseCidr, parseInterfaceAddress, toNetwork } from "../../../net/cidr.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  formatName,
  isFields,
  locateInManifest,
  type ReadManifest,
  readFields,
  readList,
  readNumber,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import { readDomain } from "./l2-domain.ts";
import type { AttachableNetwork, AttachmentRoute, FixedAddress } from "./network.ts";
import { readNetwork } from "./read-network.ts";
import { readTrunk } from "./trunk.ts";

const DRANET = "dra.net";
const NETWORK_KIND = "multinetwork.networking.k8s.io";
const SRIOV = "sriovnetwork.k8snetworkplumbingwg.io";

/** Fields of dranet's configuration that are modelled, or that change nothing about who reaches whom. */
const INTERFACE = new Set([
  "name",
  "addresses",
  "dhcp",
  "mtu",
  "hardwareAddr",
  "forwarding",
  "arpIgnore",
  "arpAnnounce",
]);

/** How pods name the network of a claim template: no network of another kind has a name with a blank. */
export function formatTemplateName(name: string): string {
  return `claim ${name}`;
}

/** The network that every pod with a claim of this template is on (resource.k8s.io/v1), or why that cannot be said. */
export function readClaimTemplate(
  manifest: ReadManifest,
  all: readonly ReadManifest[],
): readonly AttachableNetwork[] | Diagnostic {
  const devices = readFields(manifest.value, "spec", "spec", "devices");
  const read = readDevices(devices, manifest, all);
  if (typeof read === "string")
    return verifyRules.diagnose("unreadable", locateInManifest(manifest, "spec", "spec", "devices"), {
      what: formatName(manifest),
      why: read,
    });
  return "code" in read
    ? read
    : [{ ...read, manifest, namespace: manifest.namespace, name: formatTemplateName(manifest.name) }];
}

function readDevices(
  devices: Fields,
  manifest: ReadManifest,
  all: readonly ReadManifest[],
): AttachableNetwork | Diagnostic | string {
  const requests = readList(devices, "requests");
  const configs = readList(devices, "config");
  const [request, config] = [requests[0], configs[0]];
  if (requests.length !== 1 || configs.length > 1) return "it is not one device with one configuration";
  if (!isFields(request) || !isFields(request.exactly)) return "its request has no `exactly`";
  const selectors = readList(request, "exactly", "selectors");
  const expression = readText(selectors[0], "cel", "expression");
  if (selectors.length !== 1 || expression === undefined) return "its device is not chosen by one expression";
  if (configs.length === 0) return ofNetworkKind(expression, manifest, all);
  const driver = readText(config, "opaque", "driver");
  const parameters = readFields(config, "opaque", "parameters");
  if (driver === DRANET) return dranet(expression, parameters, manifest);
  if (driver === SRIOV) return sriov(expression, parameters, manifest, all);
  return `the driver \`${driver}\` is not known`;
}

/** `has(x) && x == "value"`: the only form that is written here. Anything else might choose other devices too. */
function parseSelected(expression: string, domain: string, attribute: string): string | undefined {
  const path = `device.attributes["${domain}"].${attribute}`;
  const head = `has(${path}) && ${path} == `;
  if (!expression.startsWith(head)) return undefined;
  const match = /^"([A-Za-z0-9._/-]+)"$/.exec(expression.slice(head.length));
  return match?.[1];
}

function dranet(expression: string, parameters: Fields, manifest: ReadManifest): AttachableNetwork | string {
  const device = parseSelected(expression, DRANET, "ifName");
  if (device === undefined) return `the expression \`${expression}\``;
  const own = readFields(parameters, "interface");
  const unknown =
    Object.keys(own).find((key) => !INTERFACE.has(key)) ??
    Object.keys(parameters).find((key) => key !== "interface" && key !== "routes");
  if (unknown !== undefined) return `\`${unknown}\` of its configuration is not known`;
  const moved = { type: "host-device", device };
  const place = readDomain(moved, undefined);
  if ("why" in place) return place.why;
  const fixed: FixedAddress[] = [];
  for (const text of readTexts(own, "addresses")) {
    const address = parseInterfaceAddress(text);
    if (typeof address === "string") return `the address \`${text}\``;
    fixed.push({ subnet: toNetwork(address), address: address.address });
  }
  const routes = routesOf(parameters);
  if (typeof routes === "string") return routes;
  const forwards = own.forwarding === true;
  return {
    manifest,
    namespace: manifest.namespace,
    name: manifest.name,
    interface: readText(own, "name"),
    domain: place.domain,
    trunk: readTrunk(moved, place.domain),
    plugin: DRANET,
    pools: [],
    fixed,
    addressing: fixed.length > 0 ? "known" : "unknown",
    routes,
    sourceRouted: false,
    mtu: readNumber(own, "mtu"),
    mac: readText(own, "hardwareAddr"),
    forwards4: forwards,
    forwards6: forwards,
    reversePath: 0,
  };
}

function routesOf(parameters: Fields): readonly AttachmentRoute[] | string {
  const routes: AttachmentRoute[] = [];
  for (const route of readList(parameters, "routes")) {
    const to = parseCidr(readText(route, "destination") ?? "");
    const via = parseAddress(readText(route, "gateway") ?? "");
    const more = Object.keys(isFields(route) ? route : {}).find((key) => key !== "destination" && key !== "gateway");
    if (typeof to === "string" || !via || more !== undefined) return "a route of its configuration";
    routes.push({ to, via, metric: 0 });
  }
  return routes;
}

/** The driver runs the plugin of a NetworkAttachmentDefinition in the pod. */
function sriov(
  expression: string,
  parameters: Fields,
  manifest: ReadManifest,
  all: readonly ReadManifest[],
): AttachableNetwork | Diagnostic | string {
  const resource = parseSelected(expression, "k8s.cni.cncf.io", "resourceName");
  if (resource === undefined) return `the expression \`${expression}\``;
  const name = readText(parameters, "netAttachDefName") ?? "";
  const namespace = readText(parameters, "netAttachDefNamespace") ?? manifest.namespace;
  const definition = definitions(all).get(`${namespace}/${name}`);
  if (!definition) return `it refers to the network ${namespace}/${name}, which no manifest describes`;
  const network = readNetwork(definition);
  if ("code" in network) return network;
  const annotated = readText(definition.value, "metadata", "annotations", "k8s.v1.cni.cncf.io/resourceName");
  if (annotated !== resource) return `it asks for \`${resource}\`, and its network for \`${annotated}\``;
  return { ...network, interface: readText(parameters, "ifName") };
}

/** A device on a network that an object of another kind describes (multi-network-api, docs/network-kind.md). */
function ofNetworkKind(
  expression: string,
  manifest: ReadManifest,
  all: readonly ReadManifest[],
): AttachableNetwork | Diagnostic | string {
  const [first = "", second = "", ...more] = expression.split(/ && (?=has\()/);
  const name = parseSelected(first, NETWORK_KIND, "podNetwork");
  const namespace = parseSelected(second, NETWORK_KIND, "podNetworkNamespace");
  if (name === undefined || namespace === undefined || more.length > 0) return `the expression \`${expression}\``;
  if (namespace !== manifest.namespace) return `it asks for a network of namespace ${namespace}`;
  const definition = definitions(all).get(`${namespace}/${name}`);
  if (!definition) return `it asks for the network ${namespace}/${name}, which no manifest describes`;
  return readNetwork(definition);
}

const indexes = new WeakMap<readonly ReadManifest[], ReadonlyMap<string, ReadManifest>>();

/** NetworkAttachmentDefinitions by name: looked up once for every template, so made once. */
function definitions(all: readonly ReadManifest[]): ReadonlyMap<string, ReadManifest> {
  const known = indexes.get(all);
  if (known) return known;
  const made = new Map(
    all.filter((one) => one.kind === "NetworkAttachmentDefinition").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  indexes.set(all, made);
  return made;
}
