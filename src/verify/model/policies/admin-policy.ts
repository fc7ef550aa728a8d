import { type AddressSet, noAddresses, unite } from "../../headerspace/address-set.ts";
import { anyService, portsOf, type ServiceSet, uniteServices } from "../../headerspace/service-set.ts";
import { holds, isFields, listAt, type Manifest, numberAt, textAt, textsAt } from "../manifests/manifest.ts";
import { readBlock } from "./pod-policy.ts";
import { everything, readSelector, type Selector } from "./selector.ts";

/** AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy in one form. */
export interface AdminPolicy {
  readonly manifest: Manifest;
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
export function readAdminPolicy(manifest: Manifest): AdminPolicy | string {
  const { kind, value } = manifest;
  const subject = readPods(isFields(value.spec) ? value.spec.subject : undefined);
  if (typeof subject === "string") return subject;
  const ingress = readRules(listAt(value, "spec", "ingress"), "from");
  const egress = readRules(listAt(value, "spec", "egress"), "to");
  if (typeof ingress === "string") return ingress;
  if (typeof egress === "string") return egress;
  const named = kind === "ClusterNetworkPolicy" ? textAt(value, "spec", "tier") : "Admin";
  if (named !== "Admin" && named !== "Baseline") return `the tier \`${named}\``;
  const baseline = kind === "BaselineAdminNetworkPolicy" || textAt(value, "spec", "tier") === "Baseline";
  const priority = numberAt(value, "spec", "priority") ?? 0;
  return { manifest, tier: baseline ? "baseline" : "admin", priority, subject, ingress, egress };
}

/** `{namespaces}` or `{pods: {namespaceSelector, podSelector}}`. */
function readPods(value: unknown): PodsPeer | string {
  if (!isFields(value)) return "a peer that is no object";
  const [namespaces, pods] = isFields(value.pods)
    ? [readSelector(value.pods.namespaceSelector), readSelector(value.pods.podSelector)]
    : [readSelector(value.namespaces), everything];
  if (!isFields(value.pods) && !isFields(value.namespaces)) return "a peer that names nobody";
  if (typeof namespaces === "string") return namespaces;
  return typeof pods === "string" ? pods : { type: "pods", namespaces, pods };
}

function readRules(list: readonly unknown[], key: "from" | "to"): readonly AdminRule[] | string {
  const rules: AdminRule[] = [];
  for (const [index, rule] of list.entries()) {
    const action = ACTIONS[textAt(rule, "action") ?? ""];
    if (!action) return `action \`${textAt(rule, "action")}\``;
    const peers: AdminPeer[] = [];
    for (const peer of listAt(rule, key)) {
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
  const networks = textsAt(peer, "networks");
  if (networks.length === 0) {
    if (isFields(peer) && (holds(peer, "nodes") || holds(peer, "domainNames")))
      return "a peer by node or by domain name";
    return readPods(peer);
  }
  let addresses: AddressSet = noAddresses;
  for (const text of networks) {
    const block = readBlock(text, []);
    if (typeof block === "string") return block;
    addresses = unite(addresses, block);
  }
  return { type: "networks", addresses };
}

/** `ports` of v1alpha1 and `protocols` of v1alpha2; none of them is every service. */
function readServices(rule: unknown): ServiceSet | string {
  const ports = listAt(rule, "ports");
  const protocols = listAt(rule, "protocols");
  if (ports.length === 0 && protocols.length === 0) return anyService;
  const sets: ServiceSet[] = [];
  for (const port of ports) {
    const [one, range] = [isFields(port) ? port.portNumber : 0, isFields(port) ? port.portRange : 0];
    const set = isFields(one)
      ? interval(textAt(one, "protocol"), numberAt(one, "port"), numberAt(one, "port"))
      : interval(textAt(range, "protocol"), numberAt(range, "start"), numberAt(range, "end"));
    if (!set) return "a port that is no number";
    sets.push(set);
  }
  for (const entry of protocols) {
    for (const protocol of isFields(entry) ? Object.keys(entry) : []) {
      const to = isFields(entry) ? entry[protocol] : undefined;
      const number = numberAt(to, "destinationPort", "number");
      const range = ["start", "end"].map((end) => numberAt(to, "destinationPort", "range", end));
      const whole = isFields(to) && !holds(to, "destinationPort");
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
  return first === undefined || last === undefined ? undefined : portsOf(name, first, last);
}
