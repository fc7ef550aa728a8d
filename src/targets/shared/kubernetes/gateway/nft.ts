import type { ForwardRule, Gateway, GatewayInterface } from "../../../../ir/plan.ts";
import { type Family, formatAddress } from "../../../../net/address.ts";
import { type Cidr, formatCidr, toHostCidr, toRange } from "../../../../net/cidr.ts";
import { mergeRanges, splitIntoCidrs } from "../../../../net/range.ts";
import type { Service } from "../../../../net/service.ts";
import { findOuterFlow } from "./outer-flow.ts";

/** What the ruleset's template spells: every list is there, every field is text or a list of texts. */
export function buildRuleset(gateway: Gateway): Readonly<Record<string, unknown>> {
  const { tunnel, legs } = gateway;
  const outer = tunnel && findOuterFlow(tunnel);
  return {
    clamps: [...legs.map((leg) => ({ out: leg.interface })), ...(tunnel ? [{ out: tunnel.interface }] : [])],
    rules: gateway.rules.flatMap((rule) => linesOf(gateway, rule)),
    peers: gateway.standby ? legs.flatMap(peersOf) : [],
    echoes: legs.flatMap(echoesOf),
    sends: outer
      ? [
          {
            out: "eth0",
            ip: ip(outer.address.family),
            addresses: [formatAddress(outer.address)],
            match: `udp dport ${outer.ports.length > 1 ? `{ ${outer.ports.join(", ")} }` : outer.ports[0]}`,
          },
        ]
      : [],
    tunnels: tunnel ? [{ out: tunnel.interface }] : [],
    published: gateway.translations.map((one) => {
      const to = formatAddress(one.to);
      const { protocol, first } = one.service;
      return {
        in: interfaceOf(gateway, one.leg),
        ip: ip(one.address.family),
        address: formatAddress(one.address),
        match: `${protocol} dport ${first}`,
        to: `${one.to.family === 6 ? `[${to}]` : to}:${one.toPort}`,
      };
    }),
    translated: legs.filter((leg) => leg.translate).flatMap((leg) => translatedBy(gateway, leg)),
  };
}

function ip(family: Family): "ip" | "ip6" {
  return family === 4 ? "ip" : "ip6";
}

/** The fewest networks: a set with overlapping elements does not load. */
function mergeCidrs(cidrs: readonly Cidr[]): readonly string[] {
  return mergeRanges(cidrs.map(toRange)).flatMap(splitIntoCidrs).map(formatCidr);
}

/** Interface of a leg, or of the tunnel. */
function interfaceOf(gateway: Gateway, leg: string): string {
  return gateway.legs.find((one) => one.name === leg)?.interface ?? leg;
}

function linesOf(gateway: Gateway, rule: ForwardRule) {
  const base = {
    in: interfaceOf(gateway, rule.fromLeg),
    out: interfaceOf(gateway, rule.toLeg),
    ip: ip(rule.family),
    sources: mergeCidrs(rule.sources),
    destinations: mergeCidrs(rule.destinations),
    logs: rule.log ? [`${gateway.name}/${rule.name}`.slice(0, 60)] : [],
    name: rule.name,
  };
  return matchesOf(rule.services, rule.family).map((match) => ({ ...base, match }));
}

/** One line per protocol; no protocol at all when everything may pass. */
function matchesOf(services: readonly Service[], family: Family): readonly (readonly string[])[] {
  if (services.length === 0) return [[]];
  return (["tcp", "udp", "sctp", "icmp"] as const).flatMap((protocol): string[][] => {
    const mine = services.filter((service) => service.protocol === protocol);
    if (mine.length === 0) return [];
    if (protocol === "icmp") return [[family === 4 ? "icmp type echo-request" : "icmpv6 type echo-request"]];
    const ports = mergePorts(mine).map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
    return [[`${protocol} dport { ${ports.join(", ")} }`]];
  });
}

function mergePorts(services: readonly Service[]): readonly { first: number; last: number }[] {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of [...services].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else joined.push({ first, last });
  }
  return joined;
}

function peersOf(leg: GatewayInterface) {
  return ([4, 6] as const).flatMap((family) => {
    const sources = leg.addresses
      .flat()
      .filter((one) => one.address.family === family)
      .map((one) => formatAddress(one.address));
    return sources.length > 0 ? [{ in: leg.interface, ip: ip(family), sources }] : [];
  });
}

/** A leg answers a ping to its own addresses only: not to those of the far leg. */
function echoesOf(leg: GatewayInterface) {
  return ([4, 6] as const).flatMap((family) => {
    const own = [...leg.addresses.flat(), ...leg.virtualAddresses].filter((one) => one.address.family === family);
    const addresses = mergeCidrs(own.map((one) => toHostCidr(one.address))).map((text) =>
      text.replace(/\/(32|128)$/, ""),
    );
    const type = family === 4 ? "icmp type" : "icmpv6 type";
    return addresses.length > 0 ? [{ in: leg.interface, ip: ip(family), addresses, type }] : [];
  });
}

/** Only what was forwarded is translated: the member's own packets (VRRP) keep their source. */
function translatedBy(gateway: Gateway, leg: GatewayInterface) {
  return ([4, 6] as const).flatMap((family) => {
    const rules = gateway.rules.filter((rule) => rule.toLeg === leg.name && rule.family === family);
    const address = leg.virtualAddresses.find((one) => one.address.family === family);
    if (rules.length === 0 || !address) return [];
    const sources = mergeCidrs(rules.flatMap((rule) => rule.sources));
    return [{ out: leg.interface, ip: ip(family), sources, address: formatAddress(address.address) }];
  });
}
