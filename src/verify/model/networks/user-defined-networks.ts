import { hostsOf, networkOf, parseInterfaceAddress, rangeOf } from "../../../net/cidr.ts";
import { setOf, without } from "../../headerspace/address-set.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  fieldsAt,
  labelsAt,
  type Manifest,
  nameOf,
  numberAt,
  placeIn,
  textAt,
  textsAt,
} from "../manifests/manifest.ts";
import { type Labels, readSelector, selects, valuesOf } from "../policies/selector.ts";
import type { AttachableNetwork, Pool } from "./network.ts";
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
      verifyRules.diagnose("unreadable", placeIn(manifest, "spec"), { what: nameOf(manifest), why });
    const spec = whole ? fieldsAt(manifest.value, "spec", "network") : fieldsAt(manifest.value, "spec");
    const topology = textAt(spec, "topology") ?? "";
    const block = fieldsAt(spec, topology.toLowerCase());
    if (!["Layer2", "Layer3", "Localnet"].includes(topology))
      return refuse(`the topology \`${topology}\` is not known`);
    const pools = poolsOf(block);
    if (typeof pools === "string") return refuse(pools);
    const names = whole ? selectedBy(manifest, all) : [manifest.namespace];
    if (typeof names === "string") return refuse(names);
    const primary = textAt(block, "role") === "Primary";
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
        mtu: numberAt(block, "mtu"),
        forwards4: false,
        forwards6: false,
        reversePath: 0,
      };
    });
  },
};

function localnet(block: Fields): string {
  const vlan = numberAt(block, "vlan", "access", "id");
  const name = `localnet ${textAt(block, "physicalNetworkName") ?? ""}`;
  return vlan === undefined ? name : `${name} vlan ${vlan}`;
}

/** Subnets less what is not given out: `excludeSubnets` of secondary networks, those of primary ones that are reserved or OVN's own. */
function poolsOf(block: Fields): readonly Pool[] | string {
  const read = (text: string) => {
    const one = parseInterfaceAddress(text);
    return typeof one === "string" ? undefined : networkOf(one);
  };
  // Layer 3 has a part of each subnet on every node.
  const texts = [...textsAt(block, "subnets"), ...subnetsByNode(block)];
  const excluded = ["excludeSubnets", "reservedSubnets", "infrastructureSubnets"].flatMap((key) => textsAt(block, key));
  const bad = [...texts, ...excluded].find((text) => read(text) === undefined);
  if (bad !== undefined) return `\`${bad}\` is no network`;
  const left = setOf(excluded.flatMap((text) => read(text) ?? []).map(rangeOf));
  return texts
    .flatMap((text) => read(text) ?? [])
    .map((subnet) => ({ subnet, addresses: without([hostsOf(subnet)], left) }));
}

function subnetsByNode(block: Fields): readonly string[] {
  const list = Array.isArray(block.subnets) ? block.subnets : [];
  return list.flatMap((one) => textAt(one, "cidr") ?? []);
}

/** Namespaces that a selector means, of all that any manifest names. */
function selectedBy(manifest: Manifest, all: readonly Manifest[]): readonly string[] | string {
  const selector = readSelector(fieldsAt(manifest.value, "spec").namespaceSelector);
  if (typeof selector === "string") return selector;
  const labels = namespaceLabels(all);
  // One by name means namespaces that no manifest knows, too; and is looked up, where there are many.
  const named = valuesOf(selector, NAME);
  const candidates = named
    ? [...named].map((name) => [name, labels.get(name) ?? { [NAME]: name }] as const)
    : [...labels];
  return candidates.filter(([, own]) => selects(selector, own)).map(([name]) => name);
}

const NAME = "kubernetes.io/metadata.name";
const known = new WeakMap<readonly Manifest[], ReadonlyMap<string, Labels>>();

function namespaceLabels(all: readonly Manifest[]): ReadonlyMap<string, Labels> {
  const before = known.get(all);
  if (before) return before;
  const found = new Map<string, Labels>();
  for (const { namespace } of all) if (namespace !== "") found.set(namespace, { [NAME]: namespace });
  for (const one of all)
    if (one.kind === "Namespace")
      found.set(one.name, { ...labelsAt(one.value, "metadata", "labels"), [NAME]: one.name });
  known.set(all, found);
  return found;
}

function isLabelled(namespace: string, all: readonly Manifest[]): boolean {
  return Object.hasOwn(namespaceLabels(all).get(namespace) ?? {}, PRIMARY_LABEL);
}
