import type { ExternalDevices } from "../ir/expects.ts";
import type { Party } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import { parseCidr } from "../net/cidr.ts";
import type { ReadBack } from "./verify-files.ts";

/** Everything in a cluster that can be a party, by what people type. */
export interface Parties {
  readonly zones: ReadonlySet<string>;
  readonly vpns: ReadonlySet<string>;
  /** With the names of their hosts. */
  readonly externals: ReadonlyMap<string, readonly string[]>;
  /** Networks with hosts or a router, likewise. */
  readonly networks: ReadonlyMap<string, readonly string[]>;
  /** Whether it is known: where the nodes' addresses are not, it could not be told from them. */
  readonly internet: boolean;
  /** `Deployment payments/card`. */
  readonly pods: readonly string[];
}

export function collectParties(
  { meaning, model }: Pick<ReadBack, "meaning" | "model">,
  devices: readonly ExternalDevices[],
  plan: Plan,
): Parties {
  const nameOf = (id: string) => id.slice(id.indexOf("/") + 1);
  const vpns = plan.gateways.filter((one) => one.role === "vpn").map((one) => nameOf(one.intent));
  const hostsIn = (prefix: string) =>
    new Map(
      devices
        .filter((one) => one.id.startsWith(prefix))
        .map((one) => [nameOf(one.id), one.hosts.map((host) => host.name)] as const),
    );
  return {
    zones: new Set(meaning.zones.map((one) => nameOf(one.id))),
    vpns: new Set(vpns),
    externals: hostsIn("externalnetwork/"),
    networks: hostsIn("network/"),
    internet: plan.internet.length > 0,
    pods: model.nodes.flatMap((node) => [node.id, ...node.alike]),
  };
}

/** A party as people type it: `corp`, `zone/corp`, `payments/card`, `external/mainframe/db2`, `10.0.0.0/8`. */
export function parseParty(
  text: string,
  { zones, vpns, externals, networks, internet, pods }: Parties,
): Party | undefined {
  if (text === "internet") return internet ? { internet: true } : undefined;
  const range = text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
  if (typeof parseCidr(range) !== "string") return { cidr: range };
  const [head = "", name = "", host] = text.split("/");
  if (head === "zone" || head === "isolationzone") return zones.has(name) ? { zone: name } : undefined;
  if (head === "vpn" || head === "vpnegress") return vpns.has(name) ? { vpn: name } : undefined;
  if (head === "external" || head === "externalnetwork") {
    const hosts = externals.get(name);
    if (!hosts || (host !== undefined && !hosts.includes(host))) return undefined;
    return { external: name, ...(host !== undefined && { host }) };
  }
  if (head === "network") {
    const hosts = networks.get(name);
    if (!hosts || (host !== undefined && !hosts.includes(host))) return undefined;
    return { network: name, ...(host !== undefined && { host }) };
  }
  const pod = pods.find((id) => id === text || id.endsWith(` ${text}`));
  const match = /^(\S+) ([^/]+)\/(.+)$/.exec(pod ?? "");
  if (match) return { workload: { kind: match[1] as string, namespace: match[2] as string, name: match[3] as string } };
  return name === "" && zones.has(head) ? { zone: head } : undefined;
}

/** Names under which parties can be asked for. */
export function listPartyNames({ zones, vpns, externals, networks, pods }: Parties): readonly string[] {
  return [
    ...zones,
    ...pods.flatMap((id) => / (\S+\/\S+)$/.exec(id)?.[1] ?? []),
    ...[...externals].flatMap(([name, hosts]) => [
      `external/${name}`,
      ...hosts.map((host) => `external/${name}/${host}`),
    ]),
    ...[...networks].flatMap(([name, hosts]) => [`network/${name}`, ...hosts.map((host) => `network/${name}/${host}`)]),
    ...[...vpns].map((name) => `vpn/${name}`),
  ];
}
