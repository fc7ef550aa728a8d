import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Address, countAddressBits, formatAddress } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";

interface Subnet {
  readonly to: Cidr;
  readonly owner: string;
}

/**
 * Addresses of a tunnel that are in a subnet of some network: the gateway takes what is for the pod that has the address
 * for its own, and answers to the pod's packets go into the tunnel's own end.
 */
export function checkTunnelAddresses(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const { tunnels, links } = watch.expected;
  const gateways = model.nodes.filter((node) => node.runtime.tunnels.size > 0);
  if (tunnels.length === 0 && gateways.length === 0) return [];
  const { cidrs, serviceCidrs } = model.platform.podNetwork;
  const find = finder([
    ...links.flatMap((link) => link.subnets.map((to) => ({ to, owner: link.network }))),
    ...model.networks.flatMap((one) =>
      one.pools.map(({ subnet: to }) => ({ to, owner: `pods on ${one.namespace}/${one.name}` })),
    ),
    ...[...cidrs, ...serviceCidrs].map((to) => ({ to, owner: "the pod network" })),
  ]);
  const meant = new Map(tunnels.map((one) => [one.gateway, one]));
  return gateways.flatMap((node) => {
    const tunnel = meant.get(node.intent ?? "");
    const names = new Set(node.runtime.tunnels.keys());
    const own = node.runtime.addresses.filter((one) => names.has(one.interface)).map((one) => one.address.address);
    return own.flatMap((address) => {
      const owner = find(address);
      if (owner === undefined) return [];
      const parameters = {
        address: formatAddress(address),
        one: owner,
        other: `the tunnel of ${node.intent ?? node.id}`,
      };
      return [verifyRules.diagnose("overlapping-addresses", tunnel?.origin ?? node.place, parameters)];
    });
  });
}

/** Who owns a subnet that holds an address: a look-up for each length of prefix that there is. */
function finder(subnets: readonly Subnet[]): (address: Address) => string | undefined {
  const byPrefix = new Map<string, Map<bigint, string>>();
  for (const { to, owner } of subnets) {
    const key = `${to.family}/${to.prefix}`;
    const known = byPrefix.get(key) ?? new Map<bigint, string>();
    byPrefix.set(key, known);
    if (!known.has(to.base)) known.set(to.base, owner);
  }
  return ({ family, value }) => {
    for (let prefix = countAddressBits(family); prefix > 0; prefix--) {
      const host = BigInt(countAddressBits(family) - prefix);
      const owner = byPrefix.get(`${family}/${prefix}`)?.get((value >> host) << host);
      if (owner !== undefined) return owner;
    }
    return undefined;
  };
}
