import { type AddressSet, noAddresses, uniteAddresses } from "../../headerspace/address-set.ts";
import { anyService, createPortSet, type ServiceSet, uniteServices } from "../../headerspace/service-set.ts";
import {
  hasValue,
  isFields,
  type ReadManifest,
  readList,
  readNumber,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import { readBlock } from "./pod-policy.ts";
import { matchEverything, readSelector, type Selector } from "./selector.ts";

/** AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy in one form. */
export interface AdminPolicy {
  readonly manifest: ReadManifest;
  readonly tier: "admin" | "baseline";
  /** Lower is asked first. */
  readonly priority: number;
  readonly subject: PodsPeer;
  readonly ingress: readonly AdminRule[];
  readonly egress: readonly AdminRule[];
}

export interface PodsPeer {
  readonly type: "pods";
  readonly namespaces: Selector;
  readonly pods: Selector;
}

export type AdminPeer = PodsPeer | { readonly type: "networks"; readonly addresses: AddressSet };

export interface AdminRule {
  readonly index: number;
  readonly action: "accept" | "deny" | "pass";
  readonly peers: readonly AdminPeer[];
  readonly services: ServiceSet;
}

const ACTIONS: Readonly<Record<string, AdminRule["action"]>> = {
  Accept: "accept",
  Allow: "accept",
  Deny: "deny",
  Pass: "pass",
};

/** Reads an admin-tier policy, or says what in it is not understood. */
export function readAdminPolicy(manifest: ReadManifest): AdminPolicy | string {
  const { kind, value } = manifest;
  const subject = readPods(isFields(value.spec) ? value.spec.subject : undefined);
  if (typeof subject === "string") return subject;
  const ingress = readRules(readList(value, "spec", "ingress"), "from");
  const egress = readRules(readList(value, "spec", "egress"), "to");
  if (typeof ingress === "string") return ingress;
  if (typeof egress === "string") return egress;
  const named = kind === "ClusterNetworkPolicy" ? readText(value, "spec", "tier") : "Admin";
  if (named !== "Admin" && named !== "Baseline") return `the tier \`${named}\``;
  const baseline = kind === "BaselineAdminNetworkPolicy" || readText(value, "spec", "tier") === "Baseline";
  const priority = readNumber(value, "spec", "priority") ?? 0;
  return { manifest, tier: baseline ? "baseline" : "admin", priority, subject, ingress, egress };
}

/** `{namespaces}` or `{pods: {namespaceSelector, podSelector}}`. */
function readPods(value: unknown): PodsPeer | string {
  if (!isFields(value)) return "a peer that is no object";
  const [namespaces, pods] = isFields(value.pods)
    ? [readSelector(value.pods.namespaceSelector), readSelector(value.pods.podSelector)]
    : [readSelector(value.namespaces), matchEverything];
  if (!isFields(value.pods) && !isFields(value.namespaces)) return "a peer that names nobody";
  if (typeof namespaces === "string") return namespaces;
  return typeof pods === "string" ? pods : { type: "pods", namespaces, pods };
}

function readRules(list: readonly unknown[], key: "from" | "to"): readonly AdminRule[] | string {
  const rules: AdminRule[] = [];
  for (const [index, rule] of list.entries()) {
    const action = ACTIONS[readText(rule, "action") ?? ""];
    if (!action) return `action \`${readText(rule, "action")}\``;
    const peers: AdminPeer[] = [];
    for (const peer of readList(rule, key)) {
      const read = readPeer(peer);
      if (typeof read === "string") return read;
      peers.push(read);
    }
    const services = readServices(rule);
    if (typeof services === "string") return services;
    rules.push({ index, action, peers, services });
  }
  return rules;
}

function readPeer(peer: unknown): AdminPeer | string {
  const networks = readTexts(peer, "networks");
  if (networks.length === 0) {
    if (isFields(peer) && (hasValue(peer, "nodes") || hasValue(peer, "domainNames")))
      return "a peer by node or by domain name";
    return readPods(peer);
  }
  let addresses: AddressSet = noAddresses;
  for (const text of networks) {
    const block = readBlock(text, []);
    if (typeof block === "string") return block;
    addresses = uniteAddresses(addresses, block);
  }
  return { type: "networks", addresses };
}

/** `ports` of v1alpha1 and `protocols` of v1alpha2; none of them is every service. */
function readServices(rule: unknown): ServiceSet | string {
  const ports = readList(rule, "ports");
  const protocols = readList(rule, "protocols");
  if (ports.length === 0 && protocols.length === 0) return anyService;
  const sets: ServiceSet[] = [];
  for (const port of ports) {
    const [one, range] = [isFields(port) ? port.portNumber : 0, isFields(port) ? port.portRange : 0];
    const set = isFields(one)
      ? interval(readText(one, "protocol"), readNumber(one, "port"), readNumber(one, "port"))
      : interval(readText(range, "protocol"), readNumber(range, "start"), readNumber(range, "end"));
    if (!set) return "a port that is no number";
    sets.push(set);
  }
  for (const entry of protocols) {
    for (const protocol of isFields(entry) ? Object.keys(entry) : []) {
      const to = isFields(entry) ? entry[protocol] : undefined;
      const number = readNumber(to, "destinationPort", "number");
      const range = ["start", "end"].map((end) => readNumber(to, "destinationPort", "range", end));
      const whole = isFields(to) && !hasValue(to, "destinationPort");
      const set = whole ? interval(protocol, 0, 0xffff) : interval(protocol, number ?? range[0], number ?? range[1]);
      if (!set) return `\`${protocol}\` in a rule`;
      sets.push(set);
    }
  }
  return uniteServices(...sets);
}

function interval(protocol: string | undefined, first: number | undefined, last: number | undefined) {
  const name = (protocol ?? "TCP").toLowerCase();
  if (name !== "tcp" && name !== "udp" && name !== "sctp") return undefined;
  return first === undefined || last === undefined ? undefined : createPortSet(name, first, last);
}
