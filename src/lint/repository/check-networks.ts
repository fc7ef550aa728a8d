import { formatRange, mergeRanges, rangesOverlap } from "../../net/range.ts";
import { readPodCount } from "../../workloads/pods-of.ts";
import { findPodPath, readPodField } from "../annotation/annotation-sites.ts";
import type { NetworkList } from "../annotation/network-list.ts";
import { locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { OVN_PLUGIN } from "../nad/check-ovn.ts";
import { type AddressPoolRange, readPools } from "../nad/pools.ts";
import { formatNadName, type Nad, type NadPlugin } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, formatObjectName, locateInObject, readField } from "../read/lint-object.ts";
import { findFolder } from "./applied-together.ts";
import { identifyLink } from "./links.ts";
import { findUniqueNad, type Repository } from "./repository.ts";
import { findFixedNode } from "./uses.ts";

/** Networks with one another. Clusters are folders in most repositories, so only those of one folder are compared. */
export function checkNetworks(repository: Repository): readonly LintFinding[] {
  const folders = groupDefined(repository.nads, (nad) => findFolder(nad.object.doc.part.file.path));
  return [
    ...definedTwice(repository),
    ...[...folders.values()].flatMap((nads) => [
      ...ovnNames(nads),
      ...ovnShared(repository, nads),
      ...sharedLinks(nads),
    ]),
    ...oneNodePools(repository),
  ];
}

function groupDefined<T>(all: readonly T[], key: (one: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const name = key(one);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

function namePlace(nad: Nad) {
  return locateInObject(nad.object, ["metadata", "name"]);
}

/** One name twice in a file, in files that one kustomization joins, or in a folder without any. */
function definedTwice({ nads, joined }: Repository): readonly LintFinding[] {
  if (nads.length < 2) return [];
  const same = groupDefined(nads, (nad) =>
    nad.name === undefined || nad.object.doc.part.templated ? undefined : `${nad.namespace ?? ""}/${nad.name}`,
  );
  return [...same.values()].flatMap(([first, ...rest]) =>
    rest.flatMap((nad) => {
      const files = [first, nad].map((one) => one?.object.doc.part.file.path ?? "");
      const [a, b] = files as [string, string];
      // Files of one folder may be applied together, or be two alternatives.
      const mayJoin =
        joined.areAppliedTogether(a, b) || (findFolder(a) === findFolder(b) && !joined.isLed(a) && !joined.isLed(b));
      if (!mayJoin || isPatch(nad) || (first && isPatch(first))) return [];
      if (!first || JSON.stringify(first.object.value) === JSON.stringify(nad.object.value)) return [];
      const related = [{ place: namePlace(first), label: "the first time" }];
      return [
        createFinding(nadRules.diagnose("defined-twice", namePlace(nad), { name: formatNadName(nad) }, { related })),
      ];
    }),
  );
}

/** A part of a definition, which is put over another one. */
function isPatch({ object }: Nad): boolean {
  return (
    /patch|overlay|component/i.test(object.doc.part.file.path) || readField(object, "spec", "config") === undefined
  );
}

/** Definitions of one name in several namespaces are one network: often that is the aim, and sometimes a copy. */
function ovnShared({ joined }: Repository, nads: readonly Nad[]): readonly LintFinding[] {
  const ovn = nads.filter((nad) => nad.plugins[0]?.type === OVN_PLUGIN && !nad.object.doc.part.templated);
  return [...groupDefined(ovn, (nad) => nad.networkName).values()].flatMap(([first, ...rest]) => {
    const other = rest.find(
      (nad) =>
        first?.namespace !== undefined &&
        nad.namespace !== undefined &&
        nad.namespace !== first.namespace &&
        joined.areAppliedTogether(first.object.doc.part.file.path, nad.object.doc.part.file.path),
    );
    const [a, b] = [first?.plugins[0]?.fields, other?.plugins[0]?.fields];
    if (!first || !other?.config || !a || !b || differing(a, b) !== undefined) return [];
    const related = [{ place: namePlace(first), label: "the same network" }];
    const parameters = {
      name: other.networkName ?? "",
      namespaces: `\`${first.namespace}\` and \`${other.namespace}\``,
    };
    const place = other.top?.name === undefined ? namePlace(other) : locateJson(other.config, ["name"]);
    return [createFinding(nadRules.diagnose("one-ovn-network", place, parameters, { related }))];
  });
}

/** For OVN-Kubernetes `name` is the network: all its definitions must agree. */
function ovnNames(nads: readonly Nad[]): readonly LintFinding[] {
  const ovn = nads.filter((nad) => nad.plugins[0]?.type === OVN_PLUGIN && !nad.object.doc.part.templated);
  return [...groupDefined(ovn, (nad) => nad.networkName).values()].flatMap(([first, ...rest]) =>
    rest.flatMap((nad) => {
      const [a, b] = [first?.plugins[0]?.fields, nad.plugins[0]?.fields];
      const key = a && b && differing(a, b);
      if (!first || !key || !nad.config || sameObject(first, nad)) return [];
      const related = [{ place: namePlace(first), label: "the same network" }];
      const place = locateJson(nad.config, [...(nad.plugins[0]?.path ?? []), key], "key");
      return [
        createFinding(nadRules.diagnose("ovn-name-differs", place, { name: nad.networkName ?? "", key }, { related })),
      ];
    }),
  );
}

function sameObject(a: Nad, b: Nad): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

/** What is the definition's own, and not the network's. */
const OWN_KEYS = ["netAttachDefName", "cniVersion", "type", "name", "logFile", "logLevel", "allowPersistentIPs"];

function differing(a: Fields, b: Fields): string | undefined {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !OWN_KEYS.includes(key));
  return keys.find((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

function sharedLinks(nads: readonly Nad[]): readonly LintFinding[] {
  return [...groupDefined(nads, (nad) => identifyLink(nad)?.key).values()].flatMap((group) => {
    // The same network, once for each namespace that uses it, is no second one.
    const named = [...new Map(group.map((nad) => [nad.networkName, nad])).values()];
    const [first, ...rest] = [...new Map(named.map((nad) => [nad.name, nad])).values()];
    const link = first && identifyLink(first);
    if (!first || !link) return [];
    const pools = overlaps([first, ...rest]);
    if (pools.length > 0 || !link.isVlan) return pools;
    return rest
      .filter((nad) => !isOurs(nad))
      .slice(0, 1)
      .map((nad) => {
        const related = [{ place: namePlace(first), label: "the other one" }];
        const parameters = { a: formatNadName(first), b: formatNadName(nad), link: link.words };
        return createFinding(nadRules.diagnose("same-vlan", namePlace(nad), parameters, { related }));
      });
  });
}

/** What plumbline wrote has been compared with everything already. */
function isOurs({ object }: Nad): boolean {
  return readField(object, "metadata", "labels", "app.kubernetes.io/managed-by") === "plumbline";
}

interface Store {
  readonly nad: Nad;
  readonly plugin: NadPlugin;
  readonly ipam: Fields;
  readonly pools: readonly AddressPoolRange[];
  /** Equal for networks that know of each other's addresses. */
  readonly books: string;
}

function storesOf(nad: Nad): Store[] {
  return nad.plugins.flatMap((plugin) => {
    const { ipam } = plugin;
    const pools = ipam ? readPools(ipam) : [];
    if (!ipam || pools.length === 0) return [];
    const alone = ipam.enable_overlapping_ranges === false ? `${formatNadName(nad)} ` : "";
    const books =
      ipam.type === "host-local"
        ? `host-local ${nad.networkName}`
        : `whereabouts ${alone}${typeof ipam.network_name === "string" ? ipam.network_name : ""}`;
    return [{ nad, plugin, ipam, pools, books }];
  });
}

function overlaps(nads: readonly Nad[]): readonly LintFinding[] {
  const stores = nads.flatMap(storesOf);
  return stores.flatMap((store, index) => {
    for (const earlier of stores.slice(0, index)) {
      if (earlier.books === store.books) continue;
      const pair = firstOverlap(earlier, store);
      if (!pair || !store.nad.config || !earlier.nad.config) continue;
      const place = (one: Store, pool: AddressPoolRange) =>
        one.nad.config ? locateJson(one.nad.config, [...one.plugin.path, "ipam", ...pool.at]) : namePlace(one.nad);
      const related = [{ place: place(earlier, pair.a), label: "the other one" }];
      const parameters = { a: formatNadName(earlier.nad), b: formatNadName(store.nad), range: pair.range };
      return [createFinding(nadRules.diagnose("overlapping-pools", place(store, pair.b), parameters, { related }))];
    }
    return [];
  });
}

function firstOverlap(
  a: Store,
  b: Store,
): { readonly a: AddressPoolRange; readonly b: AddressPoolRange; readonly range: string } | undefined {
  for (const own of a.pools)
    for (const other of b.pools) {
      const [x, y] = [mergeRanges(own.given), mergeRanges(other.given)];
      for (const one of x) {
        const second = y.find((two) => rangesOverlap(one, two));
        if (!second) continue;
        const start = one.start > second.start ? one.start : second.start;
        const end = one.end < second.end ? one.end : second.end;
        return { a: own, b: other, range: formatRange({ family: one.family, start, end }) };
      }
    }
  return undefined;
}

/** Plugins whose links of all nodes meet on one wire. */
const SHARED = ["macvlan", "ipvlan", "vlan", "sriov", "host-device"];

function oneNodePools(repository: Repository): readonly LintFinding[] {
  const seen = new Set<Nad>();
  const users = new Map<Nad, { readonly asked: NetworkList; readonly node: string | undefined }>();
  return repository.asked.flatMap((asked) =>
    asked.selections.flatMap((selection) => {
      const namespace = selection.namespace ?? (selection.anyNamespace ? undefined : asked.annotation.namespace);
      const nad = findUniqueNad(repository, selection.name, namespace);
      const [first] = nad?.plugins ?? [];
      if (!nad?.config || !first || seen.has(nad) || asked.annotation.pod === undefined) return [];
      if (first.ipamType !== "host-local" || !SHARED.includes(first.type ?? "")) return [];
      const earlier = users.get(nad);
      const node = findFixedNode(asked);
      if (!earlier) users.set(nad, { asked, node });
      // Two workloads are on one node only where both say so.
      const isApart =
        earlier !== undefined &&
        earlier.asked !== asked &&
        isRunning(earlier.asked) &&
        isRunning(asked) &&
        (node === undefined || node !== earlier.node);
      if (!isApart && !runsOnSeveral(asked)) return [];
      seen.add(nad);
      const many = runsOnSeveral(asked);
      const own = formatObjectName(asked.annotation.object);
      const workload = many || !earlier ? own : `${formatObjectName(earlier.asked.annotation.object)} and ${own}`;
      const several = many ? "runs on several" : "may be on two";
      const related = [{ place: selection.place("name"), label: "pods on several nodes" }];
      const place = locateJson(nad.config, [...first.path, "ipam", "type"]);
      return [createFinding(nadRules.diagnose("one-node-pool", place, { workload, several }, { related }))];
    }),
  );
}

/** Whether a workload has pods for certain, whichever node they are on: no chart, no pod of a test, not scaled to none. */
function isRunning({ annotation }: NetworkList): boolean {
  const isController = findPodPath(annotation.object) !== undefined && annotation.object.kind !== "Pod";
  return isController && readField(annotation.object, "spec", "replicas") !== 0;
}

function runsOnSeveral({ annotation }: NetworkList): boolean {
  if (annotation.pod === undefined || readPodField(annotation, "spec", "nodeName") !== undefined) return false;
  if (readPodField(annotation, "spec", "nodeSelector", "kubernetes.io/hostname") !== undefined) return false;
  if (annotation.object.kind === "DaemonSet") return true;
  const { replicas } = readPodCount(annotation.object.kind, annotation.object.value);
  return replicas !== undefined && replicas > 1;
}
