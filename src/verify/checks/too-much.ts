import { addTo } from "../../collections/add-to.ts";
import { groupBy } from "../../collections/group-by.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { estimateOutsideWork } from "../dataplane/outside-flows.ts";
import { listCandidatePairs } from "../dataplane/primary-flows.ts";
import { groupForPrimary, type SideGroup } from "../dataplane/primary-groups.ts";
import { buildSecondaryModel } from "../dataplane/secondary-model.ts";
import { locateInManifest, type ReadManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { findPolicies } from "../model/policies/primary-network.ts";
import { listMultiPolicies } from "../model/policies/secondary-network.ts";
import { verifyRules } from "../rules.ts";

/** What two members of a network cost beside the rules between them. */
const EACH_PAIR = 100;

/** Steps that are allowed for each object, and the objects that any project may count as. */
const STEPS_EACH = 2_000;
const OBJECTS_LEAST = 10_000;

const WHY = "the number of steps grows with the product of the two lists, and a pipeline waits for all of them";

/** The product of two lists of the input, which verify would go through. */
export interface WorkProduct {
  readonly lists: string;
  readonly steps: number;
  /** One object of the longer list. */
  readonly sample: ReadManifest | undefined;
  readonly instead: string;
}

/**
 * Work that grows by the product of two lists of the input, counted before it is done: a few kilobytes must not hold a
 * pipeline for minutes. A project of many objects may take as many more steps.
 */
export function checkWorkBound(model: Model, told: (node: Node) => string, objects: number): readonly Diagnostic[] {
  const limit = STEPS_EACH * Math.max(objects, OBJECTS_LEAST);
  return estimateProducts(model, told).flatMap(({ lists, steps, sample, instead }) => {
    if (steps <= limit) return [];
    const parameters = { lists, steps, limit, instead };
    return [verifyRules.diagnose("too-much", sample && locateInManifest(sample), parameters, { notes: [WHY] })];
  });
}

/** The products that are known to grow, with their steps. */
export function estimateProducts(model: Model, told: (node: Node) => string): readonly WorkProduct[] {
  return [primaryProduct(model), outsideProduct(model), secondaryProduct(buildSecondaryModel(model, told))];
}

function rulesOf(model: Model, node: Node, direction: Direction): number {
  const { admin, pod, baseline } = findPolicies(model, node);
  return [...admin, ...pod, ...baseline].reduce((sum, policy) => sum + (policy[direction]?.length ?? 0), 1);
}

function primaryProduct(model: Model): WorkProduct {
  const index = groupForPrimary(model);
  const { senders, reached } = listCandidatePairs(model, index);
  const asked = [new Map<number, Set<number>>(), new Map<number, Set<number>>()] as const;
  let pairs = 0;
  for (const from of senders)
    for (const to of reached(from)) {
      pairs++;
      addTo(asked[0], from.own, to.seen);
      addTo(asked[1], to.own, from.seen);
    }
  let steps = 4 * pairs;
  for (const [groups, direction, others] of [
    [index.senders.groups, "egress", asked[0]],
    [index.receivers.groups, "ingress", asked[1]],
  ] as const)
    for (const [own, [group]] of groupBy(groups, (one) => one.own))
      if (group) steps += rulesOf(model, group.sample, direction) * (others.get(own)?.size ?? 0);
  return {
    lists: `${senders.length} kinds of pods and the rules of the policies that tell them apart`,
    steps,
    sample: policyOf(model, index.senders.groups),
    instead: "give pods that need the same one label, and select that label in one policy",
  };
}

/** A policy of the pods that have most of them. */
function policyOf(model: Model, groups: readonly SideGroup[]): ReadManifest | undefined {
  const policies = groups.map(({ sample }) => findPolicies(model, sample).pod);
  return policies.reduce((most, one) => (one.length > most.length ? one : most), [])[0]?.manifest;
}

function outsideProduct(model: Model): WorkProduct {
  const { steps, sample } = estimateOutsideWork(model);
  return {
    lists: "address blocks of policies and the rules and ports that apply to each of them",
    steps,
    sample: sample && findPolicies(model, sample).pod[0]?.manifest,
    instead: "put blocks that need the same ports into one rule, and write ranges of ports with `endPort`",
  };
}

function secondaryProduct(model: Model): WorkProduct {
  let steps = 0;
  let most = 0;
  let sample: ReadManifest | undefined;
  for (const members of model.domains.values()) {
    const rules = members.reduce((sum, { node, interface: link }) => {
      const policies = (["ingress", "egress"] as const).flatMap((direction) =>
        listMultiPolicies(model, node, link, direction).map((policy) => policy[direction]?.length ?? 0),
      );
      return policies.reduce((all, one) => all + one, sum + EACH_PAIR);
    }, 0);
    const own = rules * members.length;
    steps += own;
    if (own > most) [most, sample] = [own, members[0]?.interface.network?.manifest];
  }
  return {
    lists: "members of one network and the rules between them",
    steps,
    sample,
    instead: "give workloads that need the same one address range, or put them into zones of their own",
  };
}
