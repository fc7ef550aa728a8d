import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../../net/address.ts";
import { networkOf, parseCidr, parseInterfaceAddress } from "../../../net/cidr.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  fieldsAt,
  isFields,
  listAt,
  type Manifest,
  nameOf,
  numberAt,
  placeIn,
  textAt,
  textsAt,
} from "../manifests/manifest.ts";
import { domainOf } from "./l2-domain.ts";
import type { AttachableNetwork, AttachmentRoute, FixedAddress } from "./network.ts";
import { readNetwork } from "./read-network.ts";
import { trunkOf } from "./trunk.ts";

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
export function claimTemplateName(name: string): string {
  return `claim ${name}`;
}

/** The network that every pod with a claim of this template is on (resource.k8s.io/v1), or why that cannot be said. */
export function readClaimTemplate(
  manifest: Manifest,
  all: readonly Manifest[],
): readonly AttachableNetwork[] | Diagnostic {
  const devices = fieldsAt(manifest.value, "spec", "spec", "devices");
  const read = readDevices(devices, manifest, all);
  if (typeof read === "string")
    return verifyRules.diagnose("unreadable", placeIn(manifest, "spec", "spec", "devices"), {
      what: nameOf(manifest),
      why: read,
    });
  return "code" in read
    ? read
    : [{ ...read, manifest, namespace: manifest.namespace, name: claimTemplateName(manifest.name) }];
}

function readDevices(
  devices: Fields,
  manifest: Manifest,
  all: readonly Manifest[],
): AttachableNetwork | Diagnostic | string {
  const requests = listAt(devices, "requests");
  const configs = listAt(devices, "config");
  const [request, config] = [requests[0], configs[0]];
  if (requests.length !== 1 || configs.length > 1) return "it is not one device with one configuration";
  if (!isFields(request) || !isFields(request.exactly)) return "its request has no `exactly`";
  const selectors = listAt(request, "exactly", "selectors");
  const expression = textAt(selectors[0], "cel", "expression");
  if (selectors.length !== 1 || expression === undefined) return "its device is not chosen by one expression";
  if (configs.length === 0) return ofNetworkKind(expression, manifest, all);
  const driver = textAt(config, "opaque", "driver");
  const parameters = fieldsAt(config, "opaque", "parameters");
  if (driver === DRANET) return dranet(expression, parameters, manifest);
  if (driver === SRIOV) return sriov(expression, parameters, manifest, all);
  return `the driver \`${driver}\` is not known`;
}

/** `has(x) && x == "value"`: the only form that is written here. Anything else might choose other devices too. */
function chosen(expression: string, domain: string, attribute: string): string | undefined {
  const path = `device.attributes["${domain}"].${attribute}`;
  const head = `has(${path}) && ${path} == `;
  if (!expression.startsWith(head)) return undefined;
  const match = /^"([A-Za-z0-9._/-]+)"$/.exec(expression.slice(head.length));
  return match?.[1];
}

function dranet(expression: string, parameters: Fields, manifest: Manifest): AttachableNetwork | string {
  const device = chosen(expression, DRANET, "ifName");
  if (device === undefined) return `the expression \`${expression}\``;
  const own = fieldsAt(parameters, "interface");
  const unknown =
    Object.keys(own).find((key) => !INTERFACE.has(key)) ??
    Object.keys(parameters).find((key) => key !== "interface" && key !== "routes");
  if (unknown !== undefined) return `\`${unknown}\` of its configuration is not known`;
  const moved = { type: "host-device", device };
  const place = domainOf(moved, undefined);
  if ("why" in place) return place.why;
  const fixed: FixedAddress[] = [];
  for (const text of textsAt(own, "addresses")) {
    const address = parseInterfaceAddress(text);
    if (typeof address === "string") return `the address \`${text}\``;
    fixed.push({ subnet: networkOf(address), address: address.address });
  }
  const routes = routesOf(parameters);
  if (typeof routes === "string") return routes;
  const forwards = own.forwarding === true;
  return {
    manifest,
    namespace: manifest.namespace,
    name: manifest.name,
    interface: textAt(own, "name"),
    domain: place.domain,
    trunk: trunkOf(moved, place.domain),
    plugin: DRANET,
    pools: [],
    fixed,
    addressing: fixed.length > 0 ? "known" : "unknown",
    routes,
    sourceRouted: false,
    mtu: numberAt(own, "mtu"),
    mac: textAt(own, "hardwareAddr"),
    forwards4: forwards,
    forwards6: forwards,
    reversePath: 0,
  };
}

function routesOf(parameters: Fields): readonly AttachmentRoute[] | string {
  const routes: AttachmentRoute[] = [];
  for (const route of listAt(parameters, "routes")) {
    const to = parseCidr(textAt(route, "destination") ?? "");
    const via = parseAddress(textAt(route, "gateway") ?? "");
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
  manifest: Manifest,
  all: readonly Manifest[],
): AttachableNetwork | Diagnostic | string {
  const resource = chosen(expression, "k8s.cni.cncf.io", "resourceName");
  if (resource === undefined) return `the expression \`${expression}\``;
  const name = textAt(parameters, "netAttachDefName") ?? "";
  const namespace = textAt(parameters, "netAttachDefNamespace") ?? manifest.namespace;
  const definition = definitions(all).get(`${namespace}/${name}`);
  if (!definition) return `it refers to the network ${namespace}/${name}, which no manifest describes`;
  const network = readNetwork(definition);
  if ("code" in network) return network;
  const annotated = textAt(definition.value, "metadata", "annotations", "k8s.v1.cni.cncf.io/resourceName");
  if (annotated !== resource) return `it asks for \`${resource}\`, and its network for \`${annotated}\``;
  return { ...network, interface: textAt(parameters, "ifName") };
}

/** A device on a network that an object of another kind describes (multi-network-api, docs/network-kind.md). */
function ofNetworkKind(
  expression: string,
  manifest: Manifest,
  all: readonly Manifest[],
): AttachableNetwork | Diagnostic | string {
  const [first = "", second = "", ...more] = expression.split(/ && (?=has\()/);
  const name = chosen(first, NETWORK_KIND, "podNetwork");
  const namespace = chosen(second, NETWORK_KIND, "podNetworkNamespace");
  if (name === undefined || namespace === undefined || more.length > 0) return `the expression \`${expression}\``;
  if (namespace !== manifest.namespace) return `it asks for a network of namespace ${namespace}`;
  const definition = definitions(all).get(`${namespace}/${name}`);
  if (!definition) return `it asks for the network ${namespace}/${name}, which no manifest describes`;
  return readNetwork(definition);
}

const indexes = new WeakMap<readonly Manifest[], ReadonlyMap<string, Manifest>>();

/** NetworkAttachmentDefinitions by name: looked up once for every template, so made once. */
function definitions(all: readonly Manifest[]): ReadonlyMap<string, Manifest> {
  const known = indexes.get(all);
  if (known) return known;
  const made = new Map(
    all.filter((one) => one.kind === "NetworkAttachmentDefinition").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  indexes.set(all, made);
  return made;
}
