import { formatRange, mergeRanges, rangesOverlap } from "../../net/range.ts";
import { podsOf } from "../../workloads/pods-of.ts";
import type { Asked } from "../annotation/selections.ts";
import { podField, podPath } from "../annotation/sites.ts";
import { placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { OVN } from "../nad/check-ovn.ts";
import { type Pool, poolsOf } from "../nad/pools.ts";
import { type Nad, type Plugin, shownNad } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, fieldOf, placeIn, shownObject } from "../read/lint-object.ts";
import { folderOf } from "./joined.ts";
import { linkOf } from "./links.ts";
import { onlyNad, type Repository } from "./repository.ts";
import { nodeOf } from "./uses.ts";

/** Networks with one another. Clusters are folders in most repositories, so only those of one folder are compared. */
export function checkNetworks(repository: Repository): readonly Finding[] {
  const folders = grouped(repository.nads, (nad) => folderOf(nad.object.doc.part.file.path));
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

function grouped<T>(all: readonly T[], key: (one: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
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
  return placeIn(nad.object, ["metadata", "name"]);
}

/** One name twice in a file, in files that one kustomization joins, or in a folder without any. */
function definedTwice({ nads, joined }: Repository): readonly Finding[] {
  if (nads.length < 2) return [];
  const same = grouped(nads, (nad) =>
    nad.name === undefined || nad.object.doc.part.templated ? undefined : `${nad.namespace ?? ""}/${nad.name}`,
  );
  return [...same.values()].flatMap(([first, ...rest]) =>
    rest.flatMap((nad) => {
      const files = [first, nad].map((one) => one?.object.doc.part.file.path ?? "");
      const [a, b] = files as [string, string];
      // Files of one folder may be applied together, or be two alternatives.
      const mayJoin = joined.together(a, b) || (folderOf(a) === folderOf(b) && !joined.isLed(a) && !joined.isLed(b));
      if (!mayJoin || isPatch(nad) || (first && isPatch(first))) return [];
      if (!first || JSON.stringify(first.object.value) === JSON.stringify(nad.object.value)) return [];
      const related = [{ place: namePlace(first), label: "the first time" }];
      return [found(nadRules.diagnose("defined-twice", namePlace(nad), { name: shownNad(nad) }, { related }))];
    }),
  );
}

/** A part of a definition, which is put over another one. */
function isPatch({ object }: Nad): boolean {
  return /patch|overlay|component/i.test(object.doc.part.file.path) || fieldOf(object, "spec", "config") === undefined;
}

/** Definitions of one name in several namespaces are one network: often that is the aim, and sometimes a copy. */
function ovnShared({ joined }: Repository, nads: readonly Nad[]): readonly Finding[] {
  const ovn = nads.filter((nad) => nad.plugins[0]?.type === OVN && !nad.object.doc.part.templated);
  return [...grouped(ovn, (nad) => nad.networkName).values()].flatMap(([first, ...rest]) => {
    const other = rest.find(
      (nad) =>
        first?.namespace !== undefined &&
        nad.namespace !== undefined &&
        nad.namespace !== first.namespace &&
        joined.together(first.object.doc.part.file.path, nad.object.doc.part.file.path),
    );
    const [a, b] = [first?.plugins[0]?.fields, other?.plugins[0]?.fields];
    if (!first || !other?.config || !a || !b || differing(a, b) !== undefined) return [];
    const related = [{ place: namePlace(first), label: "the same network" }];
    const parameters = {
      name: other.networkName ?? "",
      namespaces: `\`${first.namespace}\` and \`${other.namespace}\``,
    };
    const place = other.top?.name === undefined ? namePlace(other) : placeOf(other.config, ["name"]);
    return [found(nadRules.diagnose("one-ovn-network", place, parameters, { related }))];
  });
}

/** For OVN-Kubernetes `name` is the network: all its definitions must agree. */
function ovnNames(nads: readonly Nad[]): readonly Finding[] {
  const ovn = nads.filter((nad) => nad.plugins[0]?.type === OVN && !nad.object.doc.part.templated);
  return [...grouped(ovn, (nad) => nad.networkName).values()].flatMap(([first, ...rest]) =>
    rest.flatMap((nad) => {
      const [a, b] = [first?.plugins[0]?.fields, nad.plugins[0]?.fields];
      const key = a && b && differing(a, b);
      if (!first || !key || !nad.config || sameObject(first, nad)) return [];
      const related = [{ place: namePlace(first), label: "the same network" }];
      const place = placeOf(nad.config, [...(nad.plugins[0]?.path ?? []), key], "key");
      return [found(nadRules.diagnose("ovn-name-differs", place, { name: nad.networkName ?? "", key }, { related }))];
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

function sharedLinks(nads: readonly Nad[]): readonly Finding[] {
  return [...grouped(nads, (nad) => linkOf(nad)?.key).values()].flatMap((group) => {
    // The same network, once for each namespace that uses it, is no second one.
    const named = [...new Map(group.map((nad) => [nad.networkName, nad])).values()];
    const [first, ...rest] = [...new Map(named.map((nad) => [nad.name, nad])).values()];
    const link = first && linkOf(first);
    if (!first || !link) return [];
    const pools = overlaps([first, ...rest]);
    if (pools.length > 0 || !link.isVlan) return pools;
    return rest
      .filter((nad) => !isOurs(nad))
      .slice(0, 1)
      .map((nad) => {
        const related = [{ place: namePlace(first), label: "the other one" }];
        const parameters = { a: shownNad(first), b: shownNad(nad), link: link.words };
        return found(nadRules.diagnose("same-vlan", namePlace(nad), parameters, { related }));
      });
  });
}

/** What plumbline wrote has been compared with everything already. */
function isOurs({ object }: Nad): boolean {
  return fieldOf(object, "metadata", "labels", "app.kubernetes.io/managed-by") === "plumbline";
}

interface Store {
  readonly nad: Nad;
  readonly plugin: Plugin;
  readonly ipam: Fields;
  readonly pools: readonly Pool[];
  /** Equal for networks that know of each other's addresses. */
  readonly books: string;
}

function storesOf(nad: Nad): Store[] {
  return nad.plugins.flatMap((plugin) => {
    const { ipam } = plugin;
    const pools = ipam ? poolsOf(ipam) : [];
    if (!ipam || pools.length === 0) return [];
    const alone = ipam.enable_overlapping_ranges === false ? `${shownNad(nad)} ` : "";
    const books =
      ipam.type === "host-local"
        ? `host-local ${nad.networkName}`
        : `whereabouts ${alone}${typeof ipam.network_name === "string" ? ipam.network_name : ""}`;
    return [{ nad, plugin, ipam, pools, books }];
  });
}

function overlaps(nads: readonly Nad[]): readonly Finding[] {
  const stores = nads.flatMap(storesOf);
  return stores.flatMap((store, index) => {
    for (const earlier of stores.slice(0, index)) {
      if (earlier.books === store.books) continue;
      const pair = firstOverlap(earlier, store);
      if (!pair || !store.nad.config || !earlier.nad.config) continue;
      const place = (one: Store, pool: Pool) =>
        one.nad.config ? placeOf(one.nad.config, [...one.plugin.path, "ipam", ...pool.at]) : namePlace(one.nad);
      const related = [{ place: place(earlier, pair.a), label: "the other one" }];
      const parameters = { a: shownNad(earlier.nad), b: shownNad(store.nad), range: pair.range };
      return [found(nadRules.diagnose("overlapping-pools", place(store, pair.b), parameters, { related }))];
    }
    return [];
  });
}

function firstOverlap(a: Store, b: Store): { readonly a: Pool; readonly b: Pool; readonly range: string } | undefined {
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

function oneNodePools(repository: Repository): readonly Finding[] {
  const seen = new Set<Nad>();
  const users = new Map<Nad, { readonly asked: Asked; readonly node: string | undefined }>();
  return repository.asked.flatMap((asked) =>
    asked.selections.flatMap((selection) => {
      const namespace = selection.namespace ?? (selection.anyNamespace ? undefined : asked.site.namespace);
      const nad = onlyNad(repository, selection.name, namespace);
      const [first] = nad?.plugins ?? [];
      if (!nad?.config || !first || seen.has(nad) || asked.site.pod === undefined) return [];
      if (first.ipamType !== "host-local" || !SHARED.includes(first.type ?? "")) return [];
      const earlier = users.get(nad);
      const node = nodeOf(asked);
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
      const own = shownObject(asked.site.object);
      const workload = many || !earlier ? own : `${shownObject(earlier.asked.site.object)} and ${own}`;
      const several = many ? "runs on several" : "may be on two";
      const related = [{ place: selection.place("name"), label: "pods on several nodes" }];
      const place = placeOf(nad.config, [...first.path, "ipam", "type"]);
      return [found(nadRules.diagnose("one-node-pool", place, { workload, several }, { related }))];
    }),
  );
}

/** Whether a workload has pods for certain, whichever node they are on: no chart, no pod of a test, not scaled to none. */
function isRunning({ site }: Asked): boolean {
  const isController = podPath(site.object) !== undefined && site.object.kind !== "Pod";
  return isController && fieldOf(site.object, "spec", "replicas") !== 0;
}

function runsOnSeveral({ site }: Asked): boolean {
  if (site.pod === undefined || podField(site, "spec", "nodeName") !== undefined) return false;
  if (podField(site, "spec", "nodeSelector", "kubernetes.io/hostname") !== undefined) return false;
  if (site.object.kind === "DaemonSet") return true;
  const { replicas } = podsOf(site.object.kind, site.object.value);
  return replicas !== undefined && replicas > 1;
}
