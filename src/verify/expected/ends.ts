import type { ExpectedEnd } from "../../ir/expects.ts";
import type { Flow, FlowEnd } from "../dataplane/flow.ts";
import { type AddressSet, allAddresses, intersectAddresses, toAddressSet } from "../headerspace/address-set.ts";
import { listWorkloadIds, type Node } from "../model/pods/node.ts";
import { matchesSelector, readSelector, type Selector } from "../model/policies/selector.ts";

const selectors = new WeakMap<object, Selector | string>();

function selectorOf(end: ExpectedEnd): Selector | string | undefined {
  if (!end.pods) return undefined;
  const known = selectors.get(end.pods) ?? readSelector(end.pods);
  selectors.set(end.pods, known);
  return known;
}

const namespaces = new WeakMap<readonly string[], ReadonlySet<string>>();

function namesOf(end: ExpectedEnd): ReadonlySet<string> {
  const known = namespaces.get(end.namespaces) ?? new Set(end.namespaces);
  namespaces.set(end.namespaces, known);
  return known;
}

/** Whether a pod is one of those that an end names by workload, or by namespace and labels. */
export function matchesPod(end: ExpectedEnd, node: Node): boolean {
  if (end.workload) {
    const { namespace, kind, name } = end.workload;
    return listWorkloadIds(node).includes(`${kind} ${namespace}/${name}`);
  }
  if (!namesOf(end).has(node.namespace)) return false;
  const selector = selectorOf(end);
  return selector === undefined || (typeof selector !== "string" && matchesSelector(selector, node.labels));
}

const sets = new WeakMap<ExpectedEnd["cidrs"], AddressSet>();

function cidrsOf({ cidrs }: ExpectedEnd): AddressSet {
  const known = sets.get(cidrs) ?? toAddressSet(cidrs);
  sets.set(cidrs, known);
  return known;
}

/** Addresses at which a flow's end is the one that is meant: undefined where it never is. */
export function findExpectedAddresses(end: ExpectedEnd, of: FlowEnd): AddressSet | undefined {
  const cidrs = cidrsOf(end);
  if (of.type === "outside") return end.cidrs.length > 0 ? cidrs : undefined;
  if (of.type === "tunnel") {
    const named = end.party !== undefined && end.party === of.gateway.intent;
    return named || end.party === undefined ? cidrs : undefined;
  }
  const { node } = of;
  if (node.type === "external")
    return end.party === node.id || (end.party === undefined && !end.workload) ? cidrs : undefined;
  if (end.workload || end.namespaces.length > 0) {
    if (!matchesPod(end, node)) return undefined;
    return end.cidrs.length > 0 ? cidrs : allAddresses;
  }
  return end.cidrs.length > 0 ? cidrs : undefined;
}

/** The part of a flow's sources and destinations that lies between two ends. */
export function intersectEnds(flow: Flow, from: ExpectedEnd, to: ExpectedEnd) {
  const sources = findExpectedAddresses(from, flow.from);
  const destinations = findExpectedAddresses(to, flow.to);
  if (!sources || !destinations) return undefined;
  return {
    sources: intersectAddresses(flow.sent.sources, sources),
    destinations,
  };
}
