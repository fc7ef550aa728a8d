import { formatCidr, networkOf, parseInterfaceAddress } from "../../src/net/cidr.ts";
import type { ScalarMutation } from "./scalar-mutations.ts";

/**
 * Classes of scalars that verify holds in part or not at all, each with why: nothing in them has to be noticed.
 * docs/verification.md lists the same.
 */
const CLASSES: readonly (readonly [why: string, holds: (one: ScalarMutation) => boolean])[] = [
  ["one bit more of a subnet, whose upper half nobody has", ({ from, to }) => lowerHalf(from, to)],
  ["a pool that begins one address later", ({ text, to }) => text.startsWith('"range_start"') && !to.endsWith("x")],
  ["a type of policy that another policy of the same pods has", ({ text }) => /^- (Ingress|Egress)$/.test(text)],
  [
    "the only workload of a zone: nobody else is there",
    ({ file, object }) => file.endsWith("zones/batch.yaml") && /^MultiNetworkPolicy/.test(object),
  ],
  [
    "IPv6 in the admin tier, where the pod network has none",
    ({ object, text }) => /^ClusterNetworkPolicy/.test(object) && text === '- "::/0"',
  ],
  ["what a gateway itself sends into its tunnel", ({ text }) => text === 'oifname "wg-site1" accept'],
  ["how many pods may be away at once", ({ object }) => object.startsWith("PodDisruptionBudget")],
  [
    "how objects are found and ordered, and by whom",
    ({ text }) =>
      /^(- )?("?name"?|kind|apiVersion|"cniVersion"|[\w.-]+\/[\w.-]+|owner|component|namespace):/.test(
        text.replace('"name":', "name:"),
      ),
  ],
  ["what Kustomize puts together", ({ object }) => /^(Kustomization|Component) *$/.test(object)],
  [
    "the order of zones in the admin tier",
    ({ object, text }) => /^ClusterNetworkPolicy/.test(object) && /^(priority|- name|tier):/.test(text),
  ],
  ["Pass and Accept, where the NetworkPolicy below accepts the same", ({ from }) => from === "Pass"],
  ["a wider network, whose further addresses nobody has", ({ from, to }) => widened(from, to)],
  [
    "whether a network takes hardware addresses of which no pod asks for one",
    ({ object, text }) => /^NetworkAttachmentDefinition \S+--leg/.test(object) && text === '"mac": true',
  ],
  [
    "adverts of keepalived, by what the members send themselves",
    ({ text, from }) => text.includes("l4proto vrrp") && /addr$/.test(from),
  ],
  ["host bits of a network", ({ from, to }) => sameNetwork(from, to)],
  [
    "pings to a gateway, its loopback, its log and its MSS clamp",
    ({ text }) =>
      /echo-request|"lo" accept|maxseg|log prefix|^icmp(v6)? type|ct state|^table |^chain |^delete table/.test(text),
  ],
  ["waiting, tidying and probing in scripts", ({ object }) => /^ConfigMap \S+ \S+\.sh/.test(object)],
  ["timing and names of keepalived", ({ object }) => /^ConfigMap \S+ \S+\.conf/.test(object)],
  [
    "how a gateway's pod runs: image, probes, resources, scheduling",
    ({ object }) => /^(Deployment|ServiceAccount)/.test(object),
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
  return formatCidr(networkOf(one)) === formatCidr(networkOf(other));
}
