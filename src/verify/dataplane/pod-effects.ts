import { pushTo } from "../../collections/push-to.ts";
import {
  type AddressSet,
  formatAddressSet,
  intersectAddresses,
  noAddresses,
  toAddressSet,
  uniteAllAddresses,
} from "../headerspace/address-set.ts";
import { anyService, isSameServiceSet } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { findPrimaryInterface, type Node } from "../model/pods/node.ts";
import type { Direction, PodPolicy, PolicyRule } from "../model/policies/pod-policy.ts";
import { collectBlocks } from "../model/policies/primary-network.ts";
import { selectNodes } from "../model/policies/selected-nodes.ts";
import type { Selector } from "../model/policies/selector.ts";

/** Pods that selectors mean, once for all selectors that mean the same ones. */
export interface PodSelection {
  readonly id: number;
  readonly nodes: ReadonlySet<Node>;
}

/** What rules of the same services let in or out among pods. */
interface Opening {
  readonly services: string;
  readonly every: boolean;
  readonly everybody: boolean;
  readonly blocks: readonly AddressSet[];
  readonly selections: readonly PodSelection[];
}

/** What the policies of some pods let in or out among pods: equal ones have equal keys. */
export interface PolicyEffect {
  readonly key: string;
  readonly selections: readonly PodSelection[];
}

export interface PolicyEffects {
  selection(namespaces: Selector | string, pods: Selector): PodSelection;
  of(policies: readonly PodPolicy[], direction: Direction): PolicyEffect;
}

/** How many of the widest selections others are held against. */
const WIDEST = 4;

/**
 * Reads policies for what they do among pods, so that those that do the same are one: blocks outside of the pod network do
 * nothing there, selectors count by the pods they mean, and what lies within a wider opening adds nothing to it.
 */
export function readEffects(model: Model): PolicyEffects {
  const selections = selectionsOf(model);
  const inside = podAddresses(model);
  const openings = new Map<PodPolicy, Map<Direction, readonly Opening[]>>();
  const openingsOf = (policy: PodPolicy, direction: Direction) => {
    const known = openings.get(policy) ?? new Map<Direction, readonly Opening[]>();
    openings.set(policy, known);
    const found = known.get(direction) ?? (policy[direction] ?? []).map((rule) => openingOf(rule, policy));
    known.set(direction, found);
    return found;
  };
  const openingOf = (rule: PolicyRule, policy: PodPolicy): Opening => ({
    services: JSON.stringify([rule.services, rule.named]),
    every: isSameServiceSet(rule.services, anyService),
    everybody: rule.peers === undefined,
    blocks: [intersectAddresses(collectBlocks(rule), inside)].filter((one) => one.length > 0),
    selections: (rule.peers ?? []).flatMap((peer) =>
      peer.type === "pods" ? [selections.of(peer.namespaces ?? policy.namespace, peer.pods)] : [],
    ),
  });
  const known = new Map<string, PolicyEffect>();
  const ids = new Map<PodPolicy, number>();
  const idOf = (policy: PodPolicy) => {
    const id = ids.get(policy) ?? ids.size;
    ids.set(policy, id);
    return id;
  };
  return {
    selection: selections.of,
    of(policies, direction) {
      const key = `${direction} ${policies.map(idOf).join(",")}`;
      const found =
        known.get(key) ??
        mergeEffects(
          policies.flatMap((policy) => openingsOf(policy, direction)),
          selections,
        );
      known.set(key, found);
      return found;
    },
  };
}

function mergeEffects(openings: readonly Opening[], selections: Selections): PolicyEffect {
  if (openings.some((one) => one.everybody && one.every)) return { key: "all", selections: [] };
  const byServices = new Map<string, Opening[]>();
  for (const one of openings) pushTo(byServices, one.services, one);
  const all = widest(openings.filter((one) => one.every).flatMap((one) => one.selections));
  const used = new Set<PodSelection>();
  const parts = [...byServices].map(([services, alike]) => {
    if (alike.some((one) => one.everybody)) return `${services} everybody`;
    const own = new Set(alike.flatMap((one) => one.selections));
    const wide = [...all, ...widest([...own])];
    const left = [...own].filter(
      (one) => one.nodes.size > 0 && !wide.some((other) => other !== one && selections.lies(one, other)),
    );
    for (const one of left) used.add(one);
    const blocks = uniteAllAddresses(alike.flatMap((one) => one.blocks));
    if (left.length === 0 && blocks.length === 0) return "";
    const names = left.map((one) => one.id).sort((a, b) => a - b);
    return `${services} ${names.join(",")} ${formatAddressSet(blocks)}`;
  });
  const key = parts.filter((one) => one !== "").sort();
  return { key: key.join("; "), selections: [...used] };
}

function widest(list: readonly PodSelection[]): readonly PodSelection[] {
  return [...list].sort((a, b) => b.nodes.size - a.nodes.size).slice(0, WIDEST);
}

interface Selections {
  of(namespaces: Selector | string, pods: Selector): PodSelection;
  /** Whether a selection means nobody that another does not. */
  lies(one: PodSelection, within: PodSelection): boolean;
}

function selectionsOf(model: Model): Selections {
  const byNodes = new Map<string, PodSelection>();
  const byKey = new Map<string, PodSelection>();
  const numbers = new Map(model.nodes.map((node, index) => [node, index] as const));
  const compared = new Map<string, boolean>();
  return {
    of(namespaces, pods) {
      const key = `${typeof namespaces === "string" ? `=${namespaces}` : namespaces.key} | ${pods.key}`;
      const known = byKey.get(key);
      if (known) return known;
      const nodes = selectNodes(model, namespaces, pods);
      const list = nodes.map((node) => numbers.get(node) as number).sort((a, b) => a - b);
      const made = byNodes.get(list.join()) ?? { id: byNodes.size, nodes: new Set(nodes) };
      byNodes.set(list.join(), made);
      byKey.set(key, made);
      return made;
    },
    lies(one, within) {
      if (one.nodes.size >= within.nodes.size) return false;
      const key = `${one.id} ${within.id}`;
      const found = compared.get(key) ?? [...one.nodes].every((node) => within.nodes.has(node));
      compared.set(key, found);
      return found;
    },
  };
}

/** Every address that a pod may have on its main interface. */
function podAddresses(model: Model): AddressSet {
  const own = new Set(model.nodes.map((node) => findPrimaryInterface(node)?.addresses ?? noAddresses));
  return uniteAllAddresses([toAddressSet(model.platform.podNetwork.cidrs), ...own]);
}
