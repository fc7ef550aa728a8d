import { computeHostRange, parseInterfaceAddress, toNetwork, toRange } from "../../../net/cidr.ts";
import { createAddressSet, subtractAddresses } from "../../headerspace/address-set.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  formatName,
  locateInManifest,
  type ReadManifest,
  readFields,
  readLabels,
  readNumber,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import { type Labels, listRequiredValues, matchesSelector, readSelector } from "../policies/selector.ts";
import type { AttachableNetwork, ReadPool } from "./network.ts";
import type { NetworkReader } from "./read-networks.ts";

const GROUP = "k8s.ovn.org/";
const PRIMARY_LABEL = "k8s.ovn.org/primary-user-defined-network";

/**
 * Networks of OVN-Kubernetes. A secondary one becomes a NetworkAttachmentDefinition of its name in every namespace that it
 * selects; a primary one becomes the main network of those that were made with its label, and of no others.
 */
export const userDefinedNetworks: NetworkReader = {
  kinds: ["UserDefinedNetwork", "ClusterUserDefinedNetwork"],
  read(manifest, all) {
    if (!manifest.apiVersion.startsWith(GROUP)) return [];
    const whole = manifest.kind === "ClusterUserDefinedNetwork";
    const refuse = (why: string) =>
      verifyRules.diagnose("unreadable", locateInManifest(manifest, "spec"), { what: formatName(manifest), why });
    const spec = whole ? readFields(manifest.value, "spec", "network") : readFields(manifest.value, "spec");
    const topology = readText(spec, "topology") ?? "";
    const block = readFields(spec, topology.toLowerCase());
    if (!["Layer2", "Layer3", "Localnet"].includes(topology))
      return refuse(`the topology \`${topology}\` is not known`);
    const pools = poolsOf(block);
    if (typeof pools === "string") return refuse(pools);
    const names = whole ? selectedBy(manifest, all) : [manifest.namespace];
    if (typeof names === "string") return refuse(names);
    const primary = readText(block, "role") === "Primary";
    return names.map((namespace): AttachableNetwork => {
      const main = primary ? { main: isLabelled(namespace, all) ? ("taken" as const) : ("unlabelled" as const) } : {};
      return {
        ...main,
        manifest,
        namespace,
        name: manifest.name,
        domain: topology === "Localnet" ? localnet(block) : `ovn ${whole ? "cluster" : namespace} ${manifest.name}`,
        plugin: "ovn-k8s-cni-overlay",
        pools,
        fixed: [],
        addressing: pools.length > 0 ? "known" : "annotation",
        routes: [],
        sourceRouted: false,
        mtu: readNumber(block, "mtu"),
        forwards4: false,
        forwards6: false,
        reversePath: 0,
      };
    });
  },
};

function localnet(block: Fields): string {
  const vlan = readNumber(block, "vlan", "access", "id");
  const name = `localnet ${readText(block, "physicalNetworkName") ?? ""}`;
  return vlan === undefined ? name : `${name} vlan ${vlan}`;
}

/** Subnets less what is not given out: `excludeSubnets` of secondary networks, those of primary ones that are reserved or OVN's own. */
function poolsOf(block: Fields): readonly ReadPool[] | string {
  const read = (text: string) => {
    const one = parseInterfaceAddress(text);
    return typeof one === "string" ? undefined : toNetwork(one);
  };
  // Layer 3 has a part of each subnet on every node.
  const texts = [...readTexts(block, "subnets"), ...subnetsByNode(block)];
  const excluded = ["excludeSubnets", "reservedSubnets", "infrastructureSubnets"].flatMap((key) =>
    readTexts(block, key),
  );
  const bad = [...texts, ...excluded].find((text) => read(text) === undefined);
  if (bad !== undefined) return `\`${bad}\` is no network`;
  const left = createAddressSet(excluded.flatMap((text) => read(text) ?? []).map(toRange));
  return texts
    .flatMap((text) => read(text) ?? [])
    .map((subnet) => ({ subnet, addresses: subtractAddresses([computeHostRange(subnet)], left) }));
}

function subnetsByNode(block: Fields): readonly string[] {
  const list = Array.isArray(block.subnets) ? block.subnets : [];
  return list.flatMap((one) => readText(one, "cidr") ?? []);
}

/** Namespaces that a selector means, of all that any manifest names. */
function selectedBy(manifest: ReadManifest, all: readonly ReadManifest[]): readonly string[] | string {
  const selector = readSelector(readFields(manifest.value, "spec").namespaceSelector);
  if (typeof selector === "string") return selector;
  const labels = namespaceLabels(all);
  // One by name means namespaces that no manifest knows, too; and is looked up, where there are many.
  const named = listRequiredValues(selector, NAME);
  const candidates = named
    ? [...named].map((name) => [name, labels.get(name) ?? { [NAME]: name }] as const)
    : [...labels];
  return candidates.filter(([, own]) => matchesSelector(selector, own)).map(([name]) => name);
}

const NAME = "kubernetes.io/metadata.name";
const known = new WeakMap<readonly ReadManifest[], ReadonlyMap<string, Labels>>();

function namespaceLabels(all: readonly ReadManifest[]): ReadonlyMap<string, Labels> {
  const before = known.get(all);
  if (before) return before;
  const found = new Map<string, Labels>();
  for (const { namespace } of all) if (namespace !== "") found.set(namespace, { [NAME]: namespace });
  for (const one of all)
    if (one.kind === "Namespace")
      found.set(one.name, { ...readLabels(one.value, "metadata", "labels"), [NAME]: one.name });
  known.set(all, found);
  return found;
}

function isLabelled(namespace: string, all: readonly ReadManifest[]): boolean {
  return Object.hasOwn(namespaceLabels(all).get(namespace) ?? {}, PRIMARY_LABEL);
}
