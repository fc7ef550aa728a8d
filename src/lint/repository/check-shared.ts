import { isMac } from "../../cni/value-formats.ts";
import { formatAddress } from "../../net/address.ts";
import { annotationRules } from "../annotation/rules.ts";
import { locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readAddress, readInterfaceAddress } from "../nad/addresses.ts";
import { readPools } from "../nad/pools.ts";
import { formatNadName, type Nad, type NadPlugin } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { formatObjectName, locateInObject, readText } from "../read/lint-object.ts";
import type { Repository } from "./repository.ts";
import {
  countPods,
  findFixedNode,
  groupUsesByNad,
  hasOnePodPerNode,
  type NetworkUse,
  needsSurgeCapacity,
} from "./uses.ts";

/** One thing that several pods would need: an address, a MAC address, a link, or a pool that is too small for them. */
export function checkShared(repository: Repository, uses: readonly NetworkUse[]): readonly LintFinding[] {
  const groups = [...groupUsesByNad(uses)];
  return [
    ...groups.flatMap(([nad, group]) => [...oneAddress(nad, group), ...oneLink(nad, group), ...smallPool(nad, group)]),
    ...uses.flatMap(duringRollout),
    ...addressTwice(repository, uses),
  ];
}

function configPlace(nad: Nad, plugin: NadPlugin, ...keys: readonly string[]) {
  return nad.config
    ? locateJson(nad.config, [...plugin.path, ...keys])
    : locateInObject(nad.object, ["metadata", "name"]);
}

/** The first two workloads of several, or one of several pods, in words. */
function severalPods(uses: readonly NetworkUse[]): string | undefined {
  for (const use of uses) {
    const { object } = use.networkList.annotation;
    if (object.kind === "DaemonSet") return `every node has a pod of ${formatObjectName(object)}`;
    const replicas = countPods(use)?.replicas;
    if (replicas !== undefined && replicas > 1) return `${formatObjectName(object)} runs ${replicas} pods`;
  }
  const [first, second] = uses.filter((use) => (countPods(use)?.replicas ?? 0) > 0);
  if (!first || !second || first.networkList.annotation.object === second.networkList.annotation.object)
    return undefined;
  return `${formatObjectName(first.networkList.annotation.object)} and ${formatObjectName(second.networkList.annotation.object)} are on it`;
}

function hasOwnAddress(plugin: NadPlugin): boolean {
  const addresses = plugin.ipamType === "static" ? plugin.ipam?.addresses : undefined;
  return Array.isArray(addresses) && addresses.some((one: { address?: unknown }) => readInterfaceAddress(one?.address));
}

function relatedTo(uses: readonly NetworkUse[]) {
  return uses.slice(0, 2).map(({ selection }) => ({ place: selection.place("name"), label: "requests the network" }));
}

/** Addresses that stand in the network are those of every pod on it. */
function oneAddress(nad: Nad, uses: readonly NetworkUse[]): readonly LintFinding[] {
  return nad.plugins.flatMap((plugin) => {
    const mac = readText(plugin.fields.mac);
    const asking = uses.filter((use) => use.selection.fields.ips === undefined);
    const isAddress = hasOwnAddress(plugin);
    const several = severalPods(isAddress ? asking : uses);
    if (several === undefined || (!isAddress && mac === undefined)) return [];
    const place = isAddress ? configPlace(nad, plugin, "ipam", "addresses") : configPlace(nad, plugin, "mac");
    const parameters = { network: formatNadName(nad), what: isAddress ? "address" : "MAC address", several };
    return [createFinding(nadRules.diagnose("one-address", place, parameters, { related: relatedTo(uses) }))];
  });
}

/** The link of the node that moves into the pod, so that no second pod of the node can have it. */
function onlyLinkOf({ type, fields }: NadPlugin): { readonly key: string; readonly words: string } | undefined {
  if (fields.linkInContainer === true) return undefined;
  const master = readText(fields.master);
  if (type === "vlan" && master !== undefined && typeof fields.vlanId === "number")
    return { key: "vlanId", words: `VLAN ${fields.vlanId} of \`${master}\`` };
  for (const key of ["device", "hwaddr", "kernelpath", "pciBusID"]) {
    const name = type === "host-device" ? readText(fields[key]) : undefined;
    if (name !== undefined) return { key, words: `\`${name}\`` };
  }
  return undefined;
}

function oneLink(nad: Nad, uses: readonly NetworkUse[]): readonly LintFinding[] {
  const [plugin] = nad.plugins;
  const link = plugin && onlyLinkOf(plugin);
  if (!link) return [];
  const nodes = uses.map(({ networkList }) => findFixedNode(networkList));
  const apart = nodes.every((node) => node !== undefined) && new Set(nodes).size === uses.length;
  const spread = uses.length === 1 && uses.every(({ networkList }) => hasOnePodPerNode(networkList));
  const several = severalPods(uses);
  if (several === undefined || apart || spread) return [];
  const parameters = { network: formatNadName(nad), link: link.words, several };
  const place = configPlace(nad, plugin, link.key);
  return [createFinding(nadRules.diagnose("one-pod-link", place, parameters, { related: relatedTo(uses) }))];
}

/** Addresses of the pools against pods, and against one rollout's further pods where it waits for them. */
function smallPool(nad: Nad, uses: readonly NetworkUse[]): readonly LintFinding[] {
  const plugin = nad.plugins.find(
    (one) => one.ipamType === "whereabouts" || (one.ipamType === "host-local" && oneNode(uses)),
  );
  const { ipam } = plugin ?? {};
  const [pool, ...more] = ipam ? readPools(ipam) : [];
  const counts = uses.map((use) => ({ use, count: countPods(use) }));
  if (!plugin || !pool || counts.some(({ count }) => !count)) return [];
  const size = [pool, ...more]
    .filter((one) => one.subnet.family === pool.subnet.family)
    .flatMap((one) => one.given)
    .reduce((sum, { start, end }) => sum + (end - start + 1n), 0n);
  const pods = counts.reduce((sum, { count }) => sum + (count?.replicas ?? 1), 0);
  const surge = Math.max(
    0,
    ...counts.map(({ use, count }) => (needsSurgeCapacity(use) ? (count?.pods ?? 0) - (count?.replicas ?? 0) : 0)),
  );
  const addresses = `${size} address${size === 1n ? "" : "es"}`;
  const place = configPlace(nad, plugin, "ipam", ...(pool.at as readonly string[]));
  const related = relatedTo(uses);
  const parameters = { network: formatNadName(nad), addresses, pods: `${pods} pod${pods === 1 ? "" : "s"}` };
  if (size < BigInt(pods)) return [createFinding(nadRules.diagnose("pool-too-small", place, parameters, { related }))];
  if (size >= BigInt(pods + surge)) return [];
  const help = `give it ${pods + surge - Number(size)} more, or set \`maxSurge: 0\` in the Deployment's \`rollingUpdate\``;
  return [createFinding(nadRules.diagnose("pool-without-surge", place, { ...parameters, surge }, { related, help }))];
}

function oneNode(uses: readonly NetworkUse[]): boolean {
  const nodes = new Set(uses.map(({ networkList }) => findFixedNode(networkList)));
  return nodes.size === 1 && !nodes.has(undefined);
}

/** A rollout starts the new pod before the old one has ended, and both have what there is one of. */
function duringRollout(use: NetworkUse): readonly LintFinding[] {
  const { selection, nad, networkList } = use;
  const count = countPods(use);
  if (!count?.surges || count.replicas !== 1) return [];
  const { ips, mac } = selection.fields;
  const [plugin] = nad.plugins;
  const link = plugin && onlyLinkOf(plugin);
  const asks = Array.isArray(ips) && ips.length > 0;
  const what = asks || (plugin && hasOwnAddress(plugin)) ? "address" : mac !== undefined ? "MAC address" : undefined;
  if (what === undefined && !link) return [];
  const parameters = {
    object: formatObjectName(networkList.annotation.object),
    what: what ?? `link (${link?.words ?? ""})`,
  };
  const place = selection.place(asks ? "ips" : mac !== undefined ? "mac" : "name");
  return [createFinding(annotationRules.diagnose("fixed-during-rollout", place, parameters))];
}

/** An address of a pod as everybody writes it, and the key that has it. */
function askedBy({ selection }: NetworkUse): readonly { readonly key: "ips" | "mac"; readonly address: string }[] {
  const { ips, mac } = selection.fields;
  const addresses = (Array.isArray(ips) ? (ips as readonly unknown[]) : []).flatMap((one) => {
    const address = readInterfaceAddress(one)?.address ?? readAddress(one);
    return address ? [{ key: "ips" as const, address: formatAddress(address) }] : [];
  });
  if (typeof mac !== "string" || !isMac(mac)) return addresses;
  return [...addresses, { key: "mac" as const, address: mac.toLowerCase().replaceAll("-", ":") }];
}

/** One address that two workloads of one network ask for, where both are applied. */
function addressTwice({ joined }: Repository, uses: readonly NetworkUse[]): readonly LintFinding[] {
  const taken = new Map<string, NetworkUse>();
  return uses.flatMap((use) =>
    askedBy(use).flatMap(({ key, address }) => {
      const id = `${formatNadName(use.nad)} ${address}`;
      const first = taken.get(id);
      if (!first) taken.set(id, use);
      const own = use.networkList.annotation.object;
      const other = first?.networkList.annotation.object;
      if (!first || !other || other === own || sameObject(own, other)) return [];
      if (!joined.areAppliedTogether(own.doc.part.file.path, other.doc.part.file.path)) return [];
      const related = [{ place: first.selection.place(key), label: "requests it first" }];
      const parameters = { address, a: formatObjectName(other), b: formatObjectName(own) };
      return [
        createFinding(annotationRules.diagnose("address-twice", use.selection.place(key), parameters, { related })),
      ];
    }),
  );
}

function sameObject(a: NetworkUse["networkList"]["annotation"]["object"], b: typeof a): boolean {
  return a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}
