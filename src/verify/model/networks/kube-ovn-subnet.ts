import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../../net/address.ts";
import { type Cidr, hostsOf, parseCidr } from "../../../net/cidr.ts";
import type { AddressRange } from "../../../net/range.ts";
import { setOf, without } from "../../headerspace/address-set.ts";
import { verifyRules } from "../../rules.ts";
import { type Manifest, nameOf, numberAt, placeIn, textAt, textsAt } from "../manifests/manifest.ts";
import type { AttachableNetwork, Pool } from "./network.ts";
import type { NetworkReader } from "./read-networks.ts";

const GROUP = "kubeovn.io/";

/** The provider of Kube-OVN as the cluster's main network; any other is that of an attachment. */
const MAIN = "ovn";

/**
 * A Subnet of a VPC takes the place of the default network for pods of the namespaces that both of them list. Those of
 * VLANs are what pods are on by the NetworkAttachmentDefinition of their provider, or by one that names them.
 */
export const kubeOvnSubnets: NetworkReader = {
  kinds: ["Subnet"],
  read(manifest, all) {
    if (!manifest.apiVersion.startsWith(GROUP)) return [];
    const pools = poolsOf(manifest);
    if (typeof pools === "string")
      return verifyRules.diagnose("unreadable", placeIn(manifest, "spec"), { what: nameOf(manifest), why: pools });
    const vpc = textAt(manifest.value, "spec", "vpc");
    const provider = textAt(manifest.value, "spec", "provider") ?? MAIN;
    const vlan = indexOf(all).vlans.get(textAt(manifest.value, "spec", "vlan") ?? "");
    const subnet = { ...bare(manifest), name: subnetName(manifest.name), pools, addressing: "known" as const };
    if (vlan) return [{ ...subnet, namespace: "", domain: localnet(vlan), takesAddresses: true }];
    if (vpc === undefined || provider !== MAIN) return [];
    const known = indexOf(all).vpcs.get(vpc);
    const named = new Set(known ? textsAt(known.value, "spec", "namespaces") : []);
    return textsAt(manifest.value, "spec", "namespaces")
      .filter((namespace) => named.has(namespace))
      .map((namespace) => ({ ...subnet, main: "taken" as const, namespace, domain: `kube-ovn vpc ${vpc}` }));
  },
};

/** A name with a blank: pods cannot call for it. */
export function subnetName(name: string): string {
  return `subnet ${name}`;
}

function bare(manifest: Manifest) {
  return {
    manifest,
    plugin: "kube-ovn",
    fixed: [],
    routes: [],
    sourceRouted: false,
    mtu: numberAt(manifest.value, "spec", "mtu"),
    forwards4: false,
    forwards6: false,
    reversePath: 0 as const,
  };
}

/**
 * What an attachment of Kube-OVN connects: the VLAN of the Subnet that has its provider. Where none has, its pods say which
 * one it is (`logical_switch`).
 */
export function onSubnet(network: AttachableNetwork, all: readonly Manifest[]): AttachableNetwork | Diagnostic {
  const { subnets, vlans } = indexOf(all);
  const subnet = subnets.get(network.domain.replace(/^kube-ovn /, ""));
  const vlan = subnet && vlans.get(textAt(subnet.value, "spec", "vlan") ?? "");
  const vpc = subnet && textAt(subnet.value, "spec", "vpc");
  if (!subnet) return network;
  const pools = poolsOf(subnet);
  if ((!vlan && vpc === undefined) || typeof pools === "string") {
    const why = typeof pools === "string" ? pools : "the Subnet that has its provider is on no VLAN and in no VPC";
    const what = nameOf(network.manifest);
    return verifyRules.diagnose("unreadable", placeIn(network.manifest, "spec", "config"), { what, why });
  }
  const domain = vlan ? localnet(vlan) : `kube-ovn vpc ${vpc}`;
  return {
    ...network,
    domain,
    pools,
    addressing: "known",
    takesAddresses: true,
    mtu: numberAt(subnet.value, "spec", "mtu"),
  };
}

function localnet(vlan: Manifest): string {
  const id = numberAt(vlan.value, "spec", "id") ?? 0;
  const name = `localnet ${textAt(vlan.value, "spec", "provider") ?? ""}`;
  return id === 0 ? name : `${name} vlan ${id}`;
}

/** The addresses that a Subnet gives to pods, by family; or what of it cannot be read. */
function poolsOf(manifest: Manifest): readonly Pool[] | string {
  const blocks = (textAt(manifest.value, "spec", "cidrBlock") ?? "").split(",").map(parseCidr);
  const bad = blocks.some((one) => typeof one === "string");
  const excluded = textsAt(manifest.value, "spec", "excludeIps").map(rangeOf);
  const gateways = (textAt(manifest.value, "spec", "gateway") ?? "").split(",").map(rangeOf);
  if (bad) return "its cidrBlock is no network";
  if ([...excluded, ...gateways].includes(undefined)) return "one of its addresses";
  const left = setOf([...excluded, ...gateways].filter((one) => one !== undefined));
  return (blocks as readonly Cidr[]).map((subnet) => ({ subnet, addresses: without([hostsOf(subnet)], left) }));
}

/** `10.0.0.1..10.0.0.9`, or one address. */
function rangeOf(text: string): AddressRange | undefined {
  const [first = "", last = first] = text.split("..");
  const [start, end] = [parseAddress(first), parseAddress(last)];
  return start && end && start.family === end.family
    ? { family: start.family, start: start.value, end: end.value }
    : undefined;
}

interface Index {
  readonly vpcs: ReadonlyMap<string, Manifest>;
  readonly vlans: ReadonlyMap<string, Manifest>;
  /** By their provider. */
  readonly subnets: ReadonlyMap<string, Manifest>;
}

const indexes = new WeakMap<readonly Manifest[], Index>();

/** Looked up for every network, so made once. */
function indexOf(all: readonly Manifest[]): Index {
  const known = indexes.get(all);
  if (known) return known;
  const own = all.filter((one) => one.apiVersion.startsWith(GROUP));
  const by = (kind: string, key: (one: Manifest) => string | undefined) =>
    new Map(own.filter((one) => one.kind === kind).map((one) => [key(one) ?? "", one]));
  const made = {
    vpcs: by("Vpc", (one) => one.name),
    vlans: by("Vlan", (one) => one.name),
    subnets: by("Subnet", (one) => textAt(one.value, "spec", "provider")),
  };
  indexes.set(all, made);
  return made;
}
