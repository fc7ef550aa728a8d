import type { ScalarMutation } from "./scalar-mutations.ts";

/**
 * Classes of scalars that verify holds in part or not at all, each with why: nothing in them has to be noticed.
 * docs/verification.md lists the same.
 */
const CLASSES: readonly (readonly [why: string, holds: (one: ScalarMutation) => boolean])[] = [
  [
    "admission guards and what they read",
    ({ object, file }) =>
      /Admission/.test(object) || (file.endsWith("guards.yaml") && /ConfigMap|Namespace/.test(object)),
  ],
  [
    "how objects are found and ordered, and by whom",
    ({ text }) =>
      /^(- )?("?name"?|kind|apiVersion|"cniVersion"|[\w.-]+\/[\w.-]+|owner|component|namespace):/.test(
        text.replace('"name":', "name:"),
      ),
  ],
  ["what Kustomize puts together", ({ object }) => /^(Kustomization|Component) *$/.test(object)],
  [
    "names of interfaces and of networks of others in annotations, and hardware addresses",
    ({ text, from }) => text.includes("k8s.v1.cni.cncf.io/networks") && /^(net\d|backup.*|storage|02:.*)$/.test(from),
  ],
  [
    "the order of zones in the admin tier",
    ({ object, text }) => /^ClusterNetworkPolicy/.test(object) && /^(priority|- name|tier):/.test(text),
  ],
  ["Pass and Accept, where the NetworkPolicy below accepts the same", ({ from }) => from === "Pass"],
  ["a wider network, whose further addresses nobody has", ({ from, to }) => widened(from, to)],
  [
    "adverts of keepalived, by what the members send themselves",
    ({ text, from }) => text.includes("l4proto vrrp") && /addr$/.test(from),
  ],
  ["host bits of a network", ({ from, to }) => sameNetwork(from, to)],
  [
    "how a link is made, its hardening and its MTU",
    ({ object, text }) =>
      /^NetworkAttachmentDefinition/.test(object) && /^"(type": "(macvlan|ipvlan)|mtu|mac|net\.)/.test(text),
  ],
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

/** Whether a network lost one bit of its prefix. */
function widened(from: string, to: string): boolean {
  const [base, bits] = from.split("/");
  return bits !== undefined && to === `${base}/${Number(bits) - 1}`;
}

/** Whether both texts name the same network: host bits are passed over. */
function sameNetwork(from: string, to: string): boolean {
  const [base = "", bits] = from.split("/");
  const [other = "", others] = to.split("/");
  if (bits === undefined || bits !== others || base.includes(":") !== other.includes(":")) return false;
  if (base.includes(":")) return bits === "0";
  const value = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(value(base) / size) === Math.floor(value(other) / size);
}
