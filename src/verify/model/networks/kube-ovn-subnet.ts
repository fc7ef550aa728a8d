import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../../net/address.ts";
import { type Cidr, computeHostRange, parseCidr } from "../../../net/cidr.ts";
import type { AddressRange } from "../../../net/range.ts";
import { createAddressSet, subtractAddresses } from "../../headerspace/address-set.ts";
import { verifyRules } from "../../rules.ts";
import {
  formatName,
  locateInManifest,
  type ReadManifest,
  readNumber,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import type { AttachableNetwork, ReadPool } from "./network.ts";
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
      return verifyRules.diagnose("unreadable", locateInManifest(manifest, "spec"), {
        what: formatName(manifest),
        why: pools,
      });
    const vpc = readText(manifest.value, "spec", "vpc");
    const provider = readText(manifest.value, "spec", "provider") ?? MAIN;
    const vlan = indexOf(all).vlans.get(readText(manifest.value, "spec", "vlan") ?? "");
    const subnet = {
      ...createNetwork(manifest),
      name: formatSubnetName(manifest.name),
      pools,
      addressing: "known" as const,
    };
    if (vlan) return [{ ...subnet, namespace: "", domain: localnet(vlan), takesAddresses: true }];
    if (vpc === undefined || provider !== MAIN) return [];
    const known = indexOf(all).vpcs.get(vpc);
    const named = new Set(known ? readTexts(known.value, "spec", "namespaces") : []);
    return readTexts(manifest.value, "spec", "namespaces")
      .filter((namespace) => named.has(namespace))
      .map((namespace) => ({ ...subnet, main: "taken" as const, namespace, domain: `kube-ovn vpc ${vpc}` }));
  },
};

/** A name with a blank: pods cannot call for it. */
export function formatSubnetName(name: string): string {
  return `subnet ${name}`;
}

function createNetwork(manifest: ReadManifest) {
  return {
    manifest,
    plugin: "kube-ovn",
    fixed: [],
    routes: [],
    sourceRouted: false,
    mtu: readNumber(manifest.value, "spec", "mtu"),
    forwards4: false,
    forwards6: false,
    reversePath: 0 as const,
  };
}

/**
 * What an attachment of Kube-OVN connects: the VLAN of the Subnet that has its provider. Where none has, its pods say which
 * one it is (`logical_switch`).
 */
export function resolveSubnet(
  network: AttachableNetwork,
  all: readonly ReadManifest[],
): AttachableNetwork | Diagnostic {
  const { subnets, vlans } = indexOf(all);
  const subnet = subnets.get(network.domain.replace(/^kube-ovn /, ""));
  const vlan = subnet && vlans.get(readText(subnet.value, "spec", "vlan") ?? "");
  const vpc = subnet && readText(subnet.value, "spec", "vpc");
  if (!subnet) return network;
  const pools = poolsOf(subnet);
  if ((!vlan && vpc === undefined) || typeof pools === "string") {
    const why = typeof pools === "string" ? pools : "the Subnet that has its provider is on no VLAN and in no VPC";
    const what = formatName(network.manifest);
    return verifyRules.diagnose("unreadable", locateInManifest(network.manifest, "spec", "config"), { what, why });
  }
  const domain = vlan ? localnet(vlan) : `kube-ovn vpc ${vpc}`;
  return {
    ...network,
    domain,
    pools,
    addressing: "known",
    takesAddresses: true,
    mtu: readNumber(subnet.value, "spec", "mtu"),
  };
}

function localnet(vlan: ReadManifest): string {
  const id = readNumber(vlan.value, "spec", "id") ?? 0;
  const name = `localnet ${readText(vlan.value, "spec", "provider") ?? ""}`;
  return id === 0 ? name : `${name} vlan ${id}`;
}

/** The addresses that a Subnet gives to pods, by family; or what of it cannot be read. */
function poolsOf(manifest: ReadManifest): readonly ReadPool[] | string {
  const blocks = (readText(manifest.value, "spec", "cidrBlock") ?? "").split(",").map(parseCidr);
  const bad = blocks.some((one) => typeof one === "string");
  const excluded = readTexts(manifest.value, "spec", "excludeIps").map(rangeOf);
  const gateways = (readText(manifest.value, "spec", "gateway") ?? "").split(",").map(rangeOf);
  if (bad) return "its cidrBlock is no network";
  if ([...excluded, ...gateways].includes(undefined)) return "one of its addresses";
  const left = createAddressSet([...excluded, ...gateways].filter((one) => one !== undefined));
  return (blocks as readonly Cidr[]).map((subnet) => ({
    subnet,
    addresses: subtractAddresses([computeHostRange(subnet)], left),
  }));
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
  readonly vpcs: ReadonlyMap<string, ReadManifest>;
  readonly vlans: ReadonlyMap<string, ReadManifest>;
  /** By their provider. */
  readonly subnets: ReadonlyMap<string, ReadManifest>;
}

const indexes = new WeakMap<readonly ReadManifest[], Index>();

/** Looked up for every network, so made once. */
function indexOf(all: readonly ReadManifest[]): Index {
  const known = indexes.get(all);
  if (known) return known;
  const own = all.filter((one) => one.apiVersion.startsWith(GROUP));
  const by = (kind: string, key: (one: ReadManifest) => string | undefined) =>
    new Map(own.filter((one) => one.kind === kind).map((one) => [key(one) ?? "", one]));
  const made = {
    vpcs: by("Vpc", (one) => one.name),
    vlans: by("Vlan", (one) => one.name),
    subnets: by("Subnet", (one) => readText(one.value, "spec", "provider")),
  };
  indexes.set(all, made);
  return made;
}
