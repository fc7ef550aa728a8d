import { parseInterfaceAddress, toNetwork, toRange } from "../../../net/cidr.ts";
import { type AddressSet, createAddressSet, subtractAddresses } from "../../headerspace/address-set.ts";
import {
  anyService,
  createPortSet,
  createProtocolSet,
  type ServiceSet,
  uniteServices,
} from "../../headerspace/service-set.ts";
import {
  hasValue,
  isFields,
  type ReadManifest,
  readList,
  readNumber,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import { matchEverything, readSelector, type Selector } from "./selector.ts";

export type Direction = "ingress" | "egress";

/** The spec that NetworkPolicy and MultiNetworkPolicy share. */
export interface PodPolicy {
  readonly manifest: ReadManifest;
  readonly namespace: string;
  readonly pods: Selector;
  /** Undefined: the policy does not isolate in that direction. */
  readonly ingress: readonly PolicyRule[] | undefined;
  readonly egress: readonly PolicyRule[] | undefined;
  /** Providers of Kube-OVN whose ports it is for; absent: all. */
  readonly only?: ReadonlySet<string>;
}

export interface PolicyRule {
  readonly index: number;
  /** Undefined: everybody. */
  readonly peers: readonly PolicyPeer[] | undefined;
  readonly services: ServiceSet;
  /** Ports by their name in the destination's containers. */
  readonly named: readonly { readonly protocol: "tcp" | "udp" | "sctp"; readonly name: string }[];
}

export type PolicyPeer =
  | { readonly type: "block"; readonly addresses: AddressSet }
  /** `namespaces` undefined: the policy's own. */
  | { readonly type: "pods"; readonly namespaces: Selector | undefined; readonly pods: Selector };

/** Reads a policy, or says what in it is not understood. */
export function readPodPolicy(manifest: ReadManifest): PodPolicy | string {
  const spec = isFields(manifest.value.spec) ? manifest.value.spec : {};
  const pods = readSelector(spec.podSelector);
  if (typeof pods === "string") return pods;
  const types = readTexts(spec, "policyTypes");
  // Without types, a list of no egress rules is as if there were none (SetDefaults_NetworkPolicy): all is let out.
  const isolates = (type: string, rules: unknown) =>
    types.length > 0 ? types.includes(type) : type === "Ingress" || (Array.isArray(rules) && rules.length > 0);
  const ingress = isolates("Ingress", spec.ingress) ? readRules(spec.ingress, "from") : undefined;
  const egress = isolates("Egress", spec.egress) ? readRules(spec.egress, "to") : undefined;
  if (typeof ingress === "string") return ingress;
  if (typeof egress === "string") return egress;
  return { manifest, namespace: manifest.namespace, pods, ingress, egress };
}

function readRules(list: unknown, key: "from" | "to"): readonly PolicyRule[] | string {
  const rules: PolicyRule[] = [];
  if (list !== undefined && list !== null && !Array.isArray(list)) return "rules that are no list";
  for (const [index, rule] of (Array.isArray(list) ? list : []).entries()) {
    const written = readList(rule, key);
    const peers: PolicyPeer[] = [];
    for (const peer of written) {
      const read = readPeer(peer);
      if (typeof read === "string") return read;
      peers.push(read);
    }
    const ports = readPorts(readList(rule, "ports"));
    if (typeof ports === "string") return ports;
    rules.push({ index, peers: written.length === 0 ? undefined : peers, ...ports });
  }
  return rules;
}

function readPeer(peer: unknown): PolicyPeer | string {
  if (!isFields(peer)) return "a peer that is no object";
  if (isFields(peer.ipBlock)) {
    const addresses = readBlock(readText(peer.ipBlock, "cidr"), readTexts(peer.ipBlock, "except"));
    return typeof addresses === "string" ? addresses : { type: "block", addresses };
  }
  const [ofNamespaces, ofPods] = [hasValue(peer, "namespaceSelector"), hasValue(peer, "podSelector")];
  if (!ofNamespaces && !ofPods) return "a peer that names nobody";
  const namespaces = ofNamespaces ? readSelector(peer.namespaceSelector) : undefined;
  const pods = ofPods ? readSelector(peer.podSelector) : matchEverything;
  if (typeof namespaces === "string") return namespaces;
  return typeof pods === "string" ? pods : { type: "pods", namespaces, pods };
}

/** The addresses of a CIDR but for the exceptions. */
export function readBlock(text: string | undefined, except: readonly string[]): AddressSet | string {
  const ranges = [text ?? "", ...except].map((one) => {
    const read = parseInterfaceAddress(one);
    return typeof read === "string" ? undefined : toRange(toNetwork(read));
  });
  const bad = ranges.indexOf(undefined);
  if (bad >= 0) return `\`${[text, ...except][bad]}\` is no network`;
  const [block, ...holes] = ranges.filter((one) => one !== undefined);
  return subtractAddresses(createAddressSet(block ? [block] : []), createAddressSet(holes));
}

function readPorts(list: readonly unknown[]): Pick<PolicyRule, "services" | "named"> | string {
  if (list.length === 0) return { services: anyService, named: [] };
  const sets: ServiceSet[] = [];
  const named: PolicyRule["named"][number][] = [];
  for (const port of list) {
    const protocol = (readText(port, "protocol") ?? "TCP").toLowerCase();
    if (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp") return `protocol \`${protocol}\``;
    const number = readNumber(port, "port");
    const name = readText(port, "port");
    if (name !== undefined) named.push({ protocol, name });
    else if (number === undefined) sets.push(createProtocolSet(protocol));
    else sets.push(createPortSet(protocol, number, readNumber(port, "endPort") ?? number));
  }
  return { services: uniteServices(...sets), named };
}
