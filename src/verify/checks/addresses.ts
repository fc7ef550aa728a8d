import { appendAll } from "../../diagnostics/append-all.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatAddress } from "../../net/address.ts";
import type { AddressRange } from "../../net/range.ts";
import { type AddressSet, subtractAddresses } from "../headerspace/address-set.ts";
import { noRuntime } from "../model/gateways/runtime.ts";
import type { DomainMember, Model } from "../model/model.ts";
import { findPrimaryInterface } from "../model/pods/node.ts";
import { verifyRules } from "../rules.ts";

interface Owned {
  readonly range: AddressRange;
  readonly owner: string;
  readonly words: string;
  readonly member: DomainMember;
}

/** One address that two may be given on a link: whoever answers first has it (RFC 5227). */
export function checkAddressConflicts(model: Model): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const members of [...model.domains.values(), ...onMainNetworks(model)]) {
    appendAll(found, hardwareAddress(members));
    const owned = members
      .flatMap((member) => ownedBy(member))
      .sort(
        (a, b) =>
          a.range.family - b.range.family ||
          (a.range.start < b.range.start ? -1 : a.range.start > b.range.start ? 1 : 0),
      );
    let widest: Owned | undefined;
    for (const one of owned) {
      const clash = widest?.range.family === one.range.family && one.range.start <= widest.range.end;
      if (widest && clash && one.owner !== widest.owner) {
        const address = formatAddress({ family: one.range.family, value: one.range.start });
        const parameters = { address, one: widest.words, other: one.words };
        found.push(verifyRules.diagnose("overlapping-addresses", one.member.node.place, parameters));
      }
      if (!widest || widest.range.family !== one.range.family || one.range.end > widest.range.end) widest = one;
    }
  }
  return found;
}

/** Pods on a network in the default one's place, where it gives out addresses by pods' own words. */
function onMainNetworks(model: Model): readonly (readonly DomainMember[])[] {
  const links = new Map<string, DomainMember[]>();
  for (const node of model.nodes) {
    const main = findPrimaryInterface(node);
    if (node.type !== "workload" || main?.network?.plugin !== "kube-ovn") continue;
    const list = links.get(main.domain);
    if (list) list.push({ node, interface: main });
    else links.set(main.domain, [{ node, interface: main }]);
  }
  return [...links.values()];
}

/** One hardware address for two: the switch sends to whichever spoke last. */
function hardwareAddress(members: readonly DomainMember[]): readonly Diagnostic[] {
  const owners = new Map<string, DomainMember>();
  return members.flatMap((member) => {
    const { mac } = member.interface;
    const first = mac === undefined ? undefined : owners.get(mac);
    if (mac !== undefined && !first) owners.set(mac, member);
    if (mac === undefined || !first || first.node === member.node) return [];
    const parameters = { address: mac, one: first.node.id, other: member.node.id };
    return [verifyRules.diagnose("overlapping-addresses", member.node.place, parameters)];
  });
}

/** Pods of one pool get their addresses from one book, so they never clash; anything else is its own owner. */
function ownedBy(member: DomainMember): readonly Owned[] {
  const { node, interface: link } = member;
  const pooled = link.network?.pools.length ? link.network : undefined;
  const as = (set: AddressSet, owner: string, words = node.id) => set.map((range) => ({ range, owner, words, member }));
  const given = pooled?.pools.flatMap((pool) => pool.addresses) ?? [];
  // Kube-OVN gives a pod what it asks for, unless another one was given it before.
  const asks =
    pooled?.plugin === "kube-ovn" &&
    (link.type === "default" ? pooled.book !== undefined : subtractAddresses(given, link.addresses).length > 0);
  if (pooled && node.type === "workload" && !asks) {
    // Copies of a network in other namespaces, and copies that differ in routes, share one range and one book.
    const range = pooled.pools.map((pool) => `${pool.subnet.base}/${pool.subnet.prefix}`).join();
    const ends = given.map((one) => `${one.start}-${one.end}`).join();
    const owner = `pool ${pooled.book ?? pooled.name} ${range} ${ends}`;
    return as(link.addresses, owner, `pods on ${pooled.namespace}/${pooled.name}`);
  }
  if (node.type === "external") return [];
  return [
    ...as(link.addresses, node.id),
    ...as(link.virtual, node.runtime === noRuntime ? `virtual ${node.intent}` : node.id),
  ];
}
