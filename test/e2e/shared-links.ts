import { type Family, toBlock } from "./address.ts";
import type { Verdict } from "./claims.ts";
import { type KubeObject, podTemplate } from "./manifests.ts";

/** What one cluster puts on a link: read from its manifests alone. */
interface Use {
  readonly cluster: string;
  readonly link: string;
  readonly what: string;
}

interface Range extends Use {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

interface Config {
  readonly name: string;
  readonly plugins?: readonly Plugin[];
}

interface Plugin {
  readonly master?: string;
  readonly ipam?: { readonly range?: string; readonly ipRanges?: readonly Block[] } & Partial<Block>;
}

interface Block {
  readonly range: string;
  readonly range_start?: string;
  readonly range_end?: string;
}

/** Everything that clusters on the same links must not both have: VLANs, ranges, router ids. */
export interface Shared {
  readonly cluster: string;
  readonly objects: readonly KubeObject[];
}

/** A network that several clusters have is one VLAN in all of them. */
export function oneVlan(clusters: readonly Shared[]): Verdict {
  const links = new Map<string, Set<string>>();
  const users = new Map<string, Set<string>>();
  for (const { cluster, objects } of clusters) {
    for (const { config, link } of networksOf(objects).values()) {
      links.set(config.name, new Set([...(links.get(config.name) ?? []), link]));
      users.set(config.name, new Set([...(users.get(config.name) ?? []), cluster]));
    }
  }
  const shared = [...users].filter(([, who]) => who.size > 1).map(([name]) => name);
  const split = shared.filter((name) => links.get(name)?.size !== 1);
  const problems = split.map((name) => `${name} is on ${[...(links.get(name) ?? [])].join(" and ")}`);
  if (shared.length === 0) problems.push("the clusters share no network");
  return { problems, measured: shared.map((name) => `${name} on ${[...(links.get(name) ?? [])].join()}`).join(", ") };
}

/** Ranges, fixed and virtual addresses of different clusters on one link do not meet. */
export function disjointRanges(clusters: readonly Shared[]): Verdict {
  const ranges = clusters.flatMap(rangesOf);
  const problems = ranges.flatMap((one, index) =>
    ranges
      .slice(index + 1)
      .filter((other) => other.cluster !== one.cluster && other.link === one.link && meet(one, other))
      .map((other) => `${one.link}: ${one.cluster} ${one.what} meets ${other.cluster} ${other.what}`),
  );
  return { problems, measured: `${ranges.length} ranges and addresses` };
}

/** No two pairs use one router id on one link, in whichever clusters they stand. */
export function uniqueRouterIds(clusters: readonly Shared[]): Verdict {
  const users = new Map<string, Set<string>>();
  for (const { cluster, link, what, routerId } of clusters.flatMap(instancesOf)) {
    const key = `${link} ${routerId}`;
    users.set(key, new Set([...(users.get(key) ?? []), `${cluster} ${what}`]));
  }
  const twice = [...users].filter(([, who]) => who.size > 1);
  const problems = twice.map(([key, who]) => `${key} is used by ${[...who].join(" and ")}`);
  if (users.size === 0) problems.push("there is no pair");
  return { problems, measured: `${users.size} router ids` };
}

function meet(one: Range, other: Range): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

function networksOf(objects: readonly KubeObject[]) {
  const networks = objects.filter((object) => object.kind === "NetworkAttachmentDefinition");
  return new Map(
    networks.map((object) => {
      const config = JSON.parse((object.spec as { config: string }).config) as Config;
      const id = `${object.metadata.namespace}/${object.metadata.name}`;
      return [id, { config, link: config.plugins?.[0]?.master ?? "" }] as const;
    }),
  );
}

function rangesOf({ cluster, objects }: Shared): Range[] {
  const found: Range[] = [];
  const add = (link: string, what: string, from: string, to = from) => {
    const { family, first } = toBlock(from);
    found.push({ cluster, link, what, family, first, last: toBlock(to).last });
  };
  for (const [id, { config, link }] of networksOf(objects)) {
    const ipam = config.plugins?.[0]?.ipam;
    const blocks = [...(ipam?.range ? [ipam as Block] : []), ...(ipam?.ipRanges ?? [])];
    for (const block of blocks) add(link, id, block.range_start ?? block.range, block.range_end ?? block.range);
  }
  for (const { link, what, ips } of legsOf(objects)) for (const ip of ips) add(link, what, ip.split("/")[0] ?? "");
  for (const { link, what, virtual } of instancesOf({ cluster, objects })) {
    for (const ip of virtual) add(link, what, ip.split("/")[0] ?? "");
  }
  return found;
}

/** The legs of gateways: their pods name networks of theirs with fixed addresses. */
function legsOf(objects: readonly KubeObject[]) {
  const networks = networksOf(objects);
  return objects.flatMap((object) => {
    const text = podTemplate(object)?.metadata.annotations?.["k8s.v1.cni.cncf.io/networks"];
    if (object.kind !== "Deployment" || text === undefined) return [];
    const entries = JSON.parse(text) as { name: string; namespace: string; interface: string; ips?: string[] }[];
    return entries.map((entry) => ({
      what: `${object.metadata.namespace}/${object.metadata.name}`,
      namespace: object.metadata.namespace,
      interface: entry.interface,
      link: networks.get(`${entry.namespace}/${entry.name}`)?.link ?? "",
      ips: entry.ips ?? [],
    }));
  });
}

/** keepalived's instances, by the link that their interface stands on. */
function instancesOf({ cluster, objects }: Shared): (Use & { routerId: string; virtual: string[] })[] {
  const legs = legsOf(objects);
  return objects
    .filter((object) => object.kind === "ConfigMap")
    .flatMap((object) => {
      const texts = Object.values((object.data ?? {}) as Record<string, string>);
      const blocks = texts.flatMap((text) => [...text.matchAll(/vrrp_instance \S+ \{[\s\S]*?\n\s*\}\n\s*\}/g)]);
      return blocks.map(([block]) => {
        const name = /interface (\S+)/.exec(block)?.[1];
        const leg = legs.find((one) => one.namespace === object.metadata.namespace && one.interface === name);
        const addresses = /virtual_ipaddress \{([\s\S]*?)\}/.exec(block)?.[1] ?? "";
        return {
          cluster,
          link: leg?.link ?? "",
          what: `${object.metadata.namespace}/${object.metadata.name}`,
          routerId: /virtual_router_id (\d+)/.exec(block)?.[1] ?? "",
          virtual: [...addresses.matchAll(/^\s*(\S+)/gm)].flatMap((match) => match[1] ?? []),
        };
      });
    });
}
