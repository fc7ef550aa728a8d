import { formatCidr, parseInterfaceAddress, toNetwork } from "../../src/net/cidr.ts";
import type { ScalarMutation } from "./scalar-mutations.ts";

/**
 * Classes of scalars that verify holds in part or not at all, each with why: nothing in them has to be noticed.
 * docs/verification.md lists the same.
 */
const CLASSES: readonly (readonly [why: string, holds: (one: ScalarMutation) => boolean])[] = [
  // Nothing that the API server, the kubelet or a packet asks.
  ["the order in which Argo CD applies", ({ text }) => text.startsWith("argocd.argoproj.io/sync-wave: ")],
  ["what Argo CD prunes", ({ text }) => text.startsWith("argocd.argoproj.io/sync-options: ")],
  [
    "labels that nobody selects by",
    ({ object, text, column }) =>
      /^(app\.kubernetes\.io\/managed-by|owner): /.test(text) ||
      (object.startsWith("Deployment") && column < 28 && /^plumbline\.dev\/(gateway|member): /.test(text)),
  ],
  [
    "from which intent an object was made, where no pod and no network of a zone is meant",
    ({ object, text }) =>
      text.startsWith("plumbline.dev/intent: ") &&
      !/^(Deployment|NetworkAttachmentDefinition zone-\w+($|--(fixed|pay)))/.test(object),
  ],
  [
    "hashes which roll pods: those that start have what is written all the same",
    ({ text, from }) => /^plumbline\.dev\/(networks|config)-hash: /.test(text) && /^[0-9a-f]{16}$/.test(from),
  ],
  [
    "the name of an object that no other refers to",
    ({ object, text }) =>
      /^(\w*NetworkPolicy|ValidatingAdmissionPolicyBinding|PodDisruptionBudget|Deployment) \S+$/.test(object) &&
      text === `name: ${object.split(" ")[1]}`,
  ],
  [
    "under which name a plugin keeps its state on a node",
    ({ object, text }) => object.endsWith(" config") && text.startsWith('"name": '),
  ],
  [
    "names of containers, and of rules of the admin tier",
    ({ object, text, next }) =>
      (/^ClusterNetworkPolicy/.test(object) && /^- name: (pass|deny)-/.test(text)) ||
      (text === "- name: gateway" && next.startsWith("image: ")),
  ],
  [
    "names of chains that nothing asks for",
    ({ text, from }) => /^chain (output|prerouting|postrouting) \{$/.test(text) && from !== "chain",
  ],
  [
    "names that keepalived has for itself",
    ({ text, from }) => /^(router_id|vrrp_sync_group) /.test(text) && /^(edge-\d|GATEWAY)$/.test(from),
  ],
  ["what a rule writes to the log", ({ text, from }) => text.includes(`log prefix "${from} "`)],
  [
    "variables of a container that no command of its reads",
    ({ text }) => text === "value: site1-1" || text.startsWith("enableServiceLinks: "),
  ],
  [
    "a token that the pods of the account refuse themselves",
    ({ object, text }) => object.startsWith("ServiceAccount") && text.startsWith("automount"),
  ],
  [
    "how long a pod is waited for, and what is kept of old ones",
    ({ text }) => /^(revisionHistoryLimit|terminationGracePeriodSeconds|periodSeconds): /.test(text),
  ],
  [
    "where a member that is alone may not run",
    ({ object, text, column }) =>
      object === "Deployment site1-1" &&
      (/^- topologyKey/.test(text) || (column > 40 && text === "plumbline.dev/gateway: site1")),
  ],
  [
    "how far apart priorities are",
    ({ object, text, from }) =>
      /\.conf$|^ClusterNetworkPolicy/.test(object) && /^priority:? /.test(text) && /^\d+$/.test(from),
  ],
  [
    "whether a network takes hardware addresses of which no pod asks for one",
    ({ object, text }) => /^NetworkAttachmentDefinition \S+--leg/.test(object) && text === '"mac": true',
  ],
  // Packets that are none, or for which something else decides just so.
  [
    "host bits of a network",
    ({ object, from, to }) =>
      /rules\.nft$|^ClusterNetworkPolicy|zone-pci config$/.test(object) && sameNetwork(from, to),
  ],
  [
    "a wider network in rules and policies, whose further addresses nobody has",
    ({ object, text, from, to }) =>
      (/^MultiNetworkPolicy/.test(object) || /rules\.nft$|tunnel\.sh$/.test(object)) &&
      !/oifname "net3" ip saddr .* ip daddr|route replace \d.* dev/.test(text) &&
      widened(from, to),
  ],
  [
    "one bit more of a subnet in rules and policies, whose upper half nobody has",
    ({ object, from, to }) => /rules\.nft$|^MultiNetworkPolicy/.test(object) && lowerHalf(from, to),
  ],
  [
    "a pool that begins one address later, and has one less to give",
    ({ object, text, from, to }) =>
      !object.endsWith(" zone-pci config") &&
      text.startsWith('"range_start"') &&
      from !== "range_start" &&
      !to.endsWith("x"),
  ],
  [
    "a type of policy that another policy of the same pods has",
    ({ object, text, from }) =>
      /(-default-deny|zone-batch-same-zone|zone-pci-allow-2)$/.test(object) &&
      /^- (Ingress|Egress)$/.test(text) &&
      !(object === "NetworkPolicy zone-batch-default-deny" && from === "Ingress"),
  ],
  [
    "the only workload of a zone: nobody else is there",
    ({ object, from, to }) =>
      object === "MultiNetworkPolicy zone-batch--same-zone" && /^\d+(\.\d+){3}\/24$/.test(from) && to.endsWith("/24"),
  ],
  [
    "IPv6 in the admin tier, where the pod network has none",
    ({ object, text }) => /^ClusterNetworkPolicy/.test(object) && text === '- "::/0"',
  ],
  ["Pass and Accept, where the NetworkPolicy below accepts the same", ({ from }) => from === "Pass"],
  ["what a gateway itself sends into its tunnel", ({ text }) => text === 'oifname "wg-site1" accept'],
  [
    "adverts of keepalived from one member to the other: both addresses are in the set",
    ({ text, from }) => text.includes("l4proto vrrp") && from === "daddr",
  ],
  [
    "a clamp of segments for a link that is as wide as the one before it: they fit already",
    ({ text, from }) => /^oifname "net\d" .*maxseg/.test(text) && /^(oifname|net\d)$/.test(from),
  ],
  ["the loopback of a gateway: no packet of it leaves the pod", ({ text }) => /^[io]ifname "lo" accept$/.test(text)],
  [
    "ICMP errors of connections, which their state lets through a line before",
    ({ text, from }) => text === "icmp type { destination-unreachable, time-exceeded } accept" && from === "accept",
  ],
];

/** Why a scalar need not be noticed; undefined: it must be. */
export function unjudged(mutation: ScalarMutation): string | undefined {
  return CLASSES.find(([, holds]) => holds(mutation))?.[0];
}

/** The zones' subnets in the example, whose addresses are given out from the lower half. */
const LOWER_HALF = /^(10\.132\.207\.0\/24|10\.10\.0\.0\/24|fd00:128:0:4566::\/64|fd00:10::\/64|10\.135\.72\.0\/24)$/;

/** Whether a network became its own lower half, and that holds every address that is given out. */
function lowerHalf(from: string, to: string): boolean {
  const [base, bits] = from.split("/");
  return LOWER_HALF.test(from) && to === `${base}/${Number(bits) + 1}`;
}

/** Whether a network lost one bit of its prefix. */
function widened(from: string, to: string): boolean {
  const [base, bits] = from.split("/");
  return bits !== undefined && to === `${base}/${Number(bits) - 1}`;
}

/** Whether both texts name the same network: host bits are passed over. */
function sameNetwork(from: string, to: string): boolean {
  const [one, other] = [parseInterfaceAddress(from), parseInterfaceAddress(to)];
  if (typeof one === "string" || typeof other === "string") return false;
  return formatCidr(toNetwork(one)) === formatCidr(toNetwork(other));
}
