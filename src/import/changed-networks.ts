import { type Fields, isFields } from "../lint/read/lint-object.ts";
import type { Address } from "../net/address.ts";
import { formatCidr } from "../net/cidr.ts";
import { toSingleRange } from "../net/range.ts";
import type { SourceFile } from "../source/source-file.ts";
import { createAddressSet, subtractAddresses, uniteAllAddresses } from "../verify/headerspace/address-set.ts";
import { readIpam } from "../verify/model/networks/ipam.ts";
import type { ReadPool } from "../verify/model/networks/network.ts";
import { readDocuments } from "../yaml/read-documents.ts";
import type { WrittenIntent } from "./write-intents.ts";

/** Values that a plugin takes where a key is left out. */
const DEFAULTS: Readonly<Record<string, Fields>> = {
  macvlan: { mode: "bridge" },
  ipvlan: { mode: "l2" },
  bridge: { bridge: "cni0" },
};

/**
 * Networks of which the compiled object says something else than the one that was there, and what: by `media/iot`. Both are
 * read as a plugin reads them, with its defaults in place.
 */
export function findChangedNetworks(
  intents: readonly WrittenIntent[],
  files: readonly SourceFile[],
): ReadonlyMap<string, string> {
  const written = compiledConfigs(files);
  const found = new Map<string, string>();
  for (const { settled, kind } of intents) {
    if (kind === "kept") continue;
    const { network, members } = settled;
    for (const [index, { namespace, name }] of network.objects.entries()) {
      const nad = network.nads[index] ?? network.nads[0];
      const now = written.get(`${namespace}/${name}`);
      if (!nad?.top || !now) continue;
      const gateways = network.carried?.gateways ?? [];
      const unread = new Set([...(network.carried?.unread ?? []), ...(network.carried?.settings ?? [])]);
      const key = findDifferingKey(nad.top, now, name, { hasMembers: members.length > 0, unread, gateways });
      if (key !== undefined) found.set(`${namespace}/${name}`, `the compiled object would have another \`${key}\``);
    }
  }
  return found;
}

function compiledConfigs(files: readonly SourceFile[]): ReadonlyMap<string, Fields> {
  const configs = new Map<string, Fields>();
  for (const file of files) {
    if (!file.text.includes("NetworkAttachmentDefinition")) continue;
    for (const { value } of readDocuments(file, "manifest").documents) {
      const object = value as { kind?: unknown; metadata?: Fields; spec?: Fields } | null;
      if (object?.kind !== "NetworkAttachmentDefinition") continue;
      configs.set(`${object.metadata?.namespace}/${object.metadata?.name}`, JSON.parse(String(object.spec?.config)));
    }
  }
  return configs;
}

interface Comparison {
  /** Routers of the network: a pool no longer has their addresses, which the report says. */
  readonly gateways: readonly Address[];
  readonly hasMembers: boolean;
  /** Keys that no plugin reads. */
  readonly unread: ReadonlySet<string>;
}

/** The first key that means something else in one of two configurations; undefined where they mean the same. */
export function findDifferingKey(before: Fields, after: Fields, name: string, how: Comparison): string | undefined {
  const { hasMembers, unread } = how;
  const [old, now] = [pluginsOf(before), pluginsOf(after)];
  const [first, ...chain] = old;
  const [next, ...rest] = now;
  if (!first || !next) return "plugins";
  const keys = [...new Set([...Object.keys(first), ...Object.keys(next)])].sort();
  const other = keys.find(
    (key) => key !== "ipam" && key !== "capabilities" && !unread.has(key) && !isSame(first[key], next[key]),
  );
  if (other !== undefined) return other;
  // What pods may ask for in addition takes nothing away.
  const asked = Object.entries(isFields(first.capabilities) ? first.capabilities : {});
  const given = isFields(next.capabilities) ? next.capabilities : {};
  if (hasMembers && asked.some(([key, value]) => value === true && given[key] !== true)) return "capabilities";
  if (!isSame(chain, rest)) return "plugins";
  return differingIpam(withName(first, before, name), withName(next, after, name), how);
}

function withName(plugin: Fields, top: Fields, name: string): Fields {
  return { ...plugin, name: top.name === undefined || top.name === "" ? name : top.name };
}

function pluginsOf(top: Fields): readonly Fields[] {
  const list = Array.isArray(top.plugins) && !top.type ? top.plugins.filter(isFields) : [top];
  return list.map((plugin) => {
    const defaults = DEFAULTS[String(plugin.type)] ?? {};
    const { cniVersion: _version, name: _name, ...own } = plugin;
    const said = Object.entries(own).filter(([, value]) => !isNothing(value));
    return { ...defaults, ...Object.fromEntries(said) };
  });
}

/** What a plugin takes as if the key were not there. */
function isNothing(value: unknown): boolean {
  if (value === false || value === 0 || value === "" || value === null) return true;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}

/** Addresses, ranges, leases and routes; `static` with written addresses gives them to the one member instead. */
function differingIpam(before: Fields, after: Fields, { hasMembers, gateways }: Comparison): string | undefined {
  const [old, now] = [readIpam(before), readIpam(after)];
  if ("why" in old || "why" in now) return "ipam";
  const fixed = old.fixed.length > 0;
  if (fixed && !hasMembers) return "ipam.addresses";
  if (!isSame(old.routes, now.routes)) return "ipam.routes";
  if (!fixed && (!samePools(old.pools, now.pools, gateways) || old.addressing !== now.addressing)) return "ipam";
  return old.book === now.book ? undefined : "name";
}

/** Equal pools, or pools that differ by the addresses of routers alone. */
function samePools(old: readonly ReadPool[], now: readonly ReadPool[], gateways: readonly Address[]): boolean {
  if (isSame(old, now)) return true;
  const subnets = (pools: readonly ReadPool[]) => [...new Set(pools.map(({ subnet }) => formatCidr(subnet)))];
  const addresses = (pools: readonly ReadPool[]) => uniteAllAddresses(pools.map((one) => one.addresses));
  const left = subtractAddresses(addresses(old), createAddressSet(gateways.map(toSingleRange)));
  return isSame(subnets(old), subnets(now)) && isSame(left, subtractAddresses(addresses(now), createAddressSet([])));
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalize(a) === canonicalize(b);
}

/** Equal for what is equal, whatever the order of keys. Routes and pools are lists whose order says nothing. */
function canonicalize(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(canonicalize).sort().join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "absent";
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .map(([key, one]) => `${key}:${canonicalize(one)}`)
    .sort()
    .join(",")}}`;
}
