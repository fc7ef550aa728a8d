import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Family } from "../../net/address.ts";
import {
  type AddressSet,
  filterFamily,
  formatAddressSet,
  listAllAddresses,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import { createBox } from "../headerspace/packet-set.ts";
import { anyService, createPortSet, echoService, icmpTypes } from "../headerspace/service-set.ts";
import type { Node } from "../model/pods/node.ts";
import { evaluateFilter } from "../nft/evaluate.ts";
import type { ConnectionState, Hook, Ruleset } from "../nft/ruleset.ts";
import { verifyRules } from "../rules.ts";

/** What the rules of a gateway owe to every connection: its answers, the errors on its way, and an answer to a ping. */
export function checkRequiredReplies(node: Node): readonly Diagnostic[] {
  const { ruleset } = node.runtime;
  if (!ruleset || node.intent === undefined) return [];
  const place = node.runtime.rulesAt ?? node.place;
  const families = ([4, 6] as const).filter((one) => (one === 4 ? node.forwards4 : node.forwards6));
  const why = families
    .map(
      (family) =>
        findDroppedReplies(ruleset, node, family) ??
        findSilentInterface(ruleset, node, family) ??
        findHiddenNeighbour(ruleset, node, family),
    )
    .find((one) => one !== undefined);
  return why === undefined ? [] : [verifyRules.diagnose("no-traffic", place, { what: `the rules of ${node.id}`, why })];
}

const HOOKS: readonly Hook[] = ["forward", "input", "output"];
const STATES: readonly ConnectionState[] = ["established", "related"];
const WORDS = { established: "answers", related: "ICMP errors of connections" } as Readonly<
  Record<ConnectionState, string>
>;

/** Packets of connections that are known are let through by their state: it is asked of each link, whatever they hold. */
function findDroppedReplies(ruleset: Ruleset, node: Node, family: Family): string | undefined {
  const every = listAllAddresses(family);
  const box = createBox(family, every, every, anyService);
  const names = node.interfaces.filter((one) => one.type !== "default").map((one) => one.name);
  if (!box) return undefined;
  for (const hook of HOOKS)
    for (const state of STATES)
      for (const name of names) {
        const crossing = {
          incoming: hook === "output" ? undefined : name,
          outgoing: hook === "input" ? undefined : name,
          state,
          translated: false,
        };
        const [lost] = evaluateFilter(ruleset, hook, crossing, box).dropped;
        if (lost) return `its ${hook} chain drops ${WORDS[state]} on ${name}`;
      }
  return undefined;
}

/** Whoever looks for what is wrong pings the next hop first. */
function findSilentInterface(ruleset: Ruleset, node: Node, family: Family): string | undefined {
  for (const { name, type, addresses, virtual } of node.interfaces) {
    if (type !== "attachment") continue;
    const own: AddressSet = filterFamily(uniteAddresses(addresses, virtual), family);
    const box = own.length > 0 ? createBox(family, listAllAddresses(family), own, echoService) : undefined;
    const crossing = { incoming: name, outgoing: undefined, state: "new" as const, translated: false };
    const [lost] = box ? evaluateFilter(ruleset, "input", crossing, box).dropped : [];
    if (lost) return `it answers no ping for ${formatAddressSet(lost.packets.destinations)} on ${name}`;
  }
  return undefined;
}

/** Neighbours find each other by ICMPv6 (RFC 4861): without it, nothing of the family gets to a leg. */
function findHiddenNeighbour(ruleset: Ruleset, node: Node, family: Family): string | undefined {
  const every = listAllAddresses(family);
  const links = family === 6 ? node.interfaces.filter((one) => one.type === "attachment") : [];
  for (const { name, addresses } of links)
    for (const type of ["nd-neighbor-solicit", "nd-neighbor-advert"]) {
      const number = icmpTypes[type] ?? 0;
      const box = createBox(family, every, every, createPortSet("icmp", number, number));
      if (!box || filterFamily(addresses, 6).length === 0) continue;
      for (const hook of ["input", "output"] as const) {
        const crossing = { incoming: undefined, outgoing: undefined, state: "new" as const, translated: false };
        const link = hook === "input" ? { incoming: name } : { outgoing: name };
        if (evaluateFilter(ruleset, hook, { ...crossing, ...link }, box).dropped.length > 0)
          return `its ${hook} chain drops ${type} on ${name}`;
      }
    }
  return undefined;
}
