import { groupBy } from "../../collections/group-by.ts";
import { removeDuplicates } from "../../collections/remove-duplicates.ts";
import type { Family } from "../../net/address.ts";
import { hashContent } from "../../net/hash.ts";
import {
  type AddressSet,
  formatAddressSet,
  intersectAddresses,
  listAllAddresses,
  noAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
  uniteAllAddresses,
} from "../headerspace/address-set.ts";
import { everyService, intersectServices, type ServiceSet } from "../headerspace/service-set.ts";
import { countOverlaps, splitByBlocks } from "../headerspace/split-along.ts";
import type { Model } from "../model/model.ts";
import { listPodPorts } from "../model/pods/container-ports.ts";
import { formatRoute } from "../model/pods/merge-nodes.ts";
import { ETH0, findPrimaryInterface, type Node } from "../model/pods/node.ts";
import { lookUpRoutes } from "../model/pods/routes.ts";
import type { AdminPolicy, AdminRule } from "../model/policies/admin-policy.ts";
import { computeEgressServices } from "../model/policies/egress-firewall.ts";
import type { Direction, PodPolicy, PolicyRule } from "../model/policies/pod-policy.ts";
import { collectBlocks, computeAllowedOutside, findPolicies } from "../model/policies/primary-network.ts";
import type { OutsideFlow } from "./flow.ts";
import { listPodFamilies } from "./primary-flows.ts";

/**
 * What pods reach beyond the cluster by eth0, and what reaches them from there. Of `renumbered` subnets only the
 * policies count: a network of the pod's own that comes or goes there changes its routes, and no policy. The world is cut
 * once for all pods whose policies say the same.
 */
export function computeOutsideFlows(model: Model, renumbered: AddressSet = noAddresses): readonly OutsideFlow[] {
  const inside = toAddressSet([...model.platform.podNetwork.cidrs, ...model.platform.podNetwork.serviceCidrs]);
  const flows: OutsideFlow[] = [];
  for (const direction of ["egress", "ingress"] as const)
    for (const alike of groupByOutsidePolicies(model, direction)) {
      const sample = alike[0] as Node;
      const byRoutes = [...groupBy(alike, routesOf).values()];
      for (const family of listPodFamilies(model)) {
        const world = subtractAddresses(
          subtractAddresses(listAllAddresses(family), inside),
          subtractAddresses(ownSubnets(sample), renumbered),
        );
        for (const { addresses, services } of allowedParts(model, sample, direction, world))
          for (const list of byRoutes) {
            const node = list[0] as Node;
            const routed = uniteAddresses(
              findEth0Destinations(node, addresses, family),
              intersectAddresses(addresses, renumbered),
            );
            if (routed.length > 0) flows.push({ nodes: list, direction, family, addresses: routed, services });
          }
      }
    }
  return flows;
}

type Groups = readonly (readonly Node[])[];
const made = new WeakMap<Model, Map<Direction, Groups>>();

/** Pods whose policies say the same of the world beyond. */
function groupByOutsidePolicies(model: Model, direction: Direction): Groups {
  const known = made.get(model) ?? new Map<Direction, Groups>();
  made.set(model, known);
  const nodes = model.nodes.filter((node) => node.type !== "external" && !node.hostNetwork);
  const found = known.get(direction) ?? [...groupBy(nodes, (node) => policiesOf(model, node, direction)).values()];
  known.set(direction, found);
  return found;
}

/** How many rules and ports are asked while the world is cut, and a pod of those that ask most. */
export function estimateOutsideWork(model: Model): { readonly steps: number; readonly sample: Node | undefined } {
  let [steps, most] = [0, 0];
  let sample: Node | undefined;
  for (const direction of ["egress", "ingress"] as const)
    for (const [node, ...others] of groupByOutsidePolicies(model, direction)) {
      if (!node) continue;
      const { blocks, rules } = blocksAround(model, node, direction);
      const weights = rules.map((rule) => 1 + (rule.admin ?? rule.pod ?? rule.baseline ?? NONE).services.length);
      const own = countOverlaps(blocks, weights) + others.length;
      steps += own;
      if (own > most) [most, sample] = [own, node];
    }
  return { steps, sample };
}

const NONE = { services: [] };

interface Allowed {
  readonly addresses: AddressSet;
  readonly services: ServiceSet;
}

/** The world in parts of the same services. */
function allowedParts(model: Model, sample: Node, direction: Direction, world: AddressSet): readonly Allowed[] {
  const { blocks, rules, always } = blocksAround(model, sample, direction);
  const firewall = direction === "egress" ? model.policies.egress.get(sample.namespace) : undefined;
  const byServices = new Map<string, { parts: AddressSet[]; services: ServiceSet }>();
  for (const part of splitByBlocks(world, [...blocks, ...(firewall?.rules ?? []).map((rule) => rule.addresses)])) {
    const met = part.blocks.flatMap((place) => rules[place] ?? []);
    const allowed = computeAllowedOutside(model, sample, direction, {
      admin: met.flatMap((one) => one.admin ?? []),
      pod: [...always, ...met.flatMap((one) => one.pod ?? [])],
      baseline: met.flatMap((one) => one.baseline ?? []),
    });
    const out = direction === "egress" ? computeEgressServices(firewall, part.addresses) : everyService;
    const services = intersectServices(intersectServices(allowed, out), everyService);
    if (services.length === 0) continue;
    const key = JSON.stringify(services);
    const known = byServices.get(key);
    if (known) known.parts.push(part.addresses);
    else byServices.set(key, { parts: [part.addresses], services });
  }
  return [...byServices.values()].map(({ parts, services }) => ({ addresses: uniteAllAddresses(parts), services }));
}

/** One rule, of one tier. */
interface Rule {
  readonly admin?: AdminRule;
  readonly pod?: PolicyRule;
  readonly baseline?: AdminRule;
}

/** Every block that a policy of the pod names, with its rule; and the rules of its policies that mean everybody. */
function blocksAround(model: Model, node: Node, direction: Direction) {
  const { admin, pod, baseline } = findPolicies(model, node);
  const named = pod.flatMap((policy) => policy[direction] ?? []);
  // Blocks of a rule are alike, and so are rules of pods' policies with the same services: any of them lets in.
  const alike = groupBy(
    named.filter((rule) => rule.peers !== undefined),
    ({ services, named: ports }) => JSON.stringify([services, ports]),
  );
  const blocks: AddressSet[] = [];
  const rules: Rule[] = [];
  const add = (addresses: AddressSet, rule: Rule) => {
    if (addresses.length === 0) return;
    blocks.push(addresses);
    rules.push(rule);
  };
  for (const rule of admin.flatMap((policy) => policy[direction])) add(collectBlocks(rule), { admin: rule });
  for (const list of alike.values()) add(uniteAllAddresses(list.map(collectBlocks)), { pod: list[0] as PolicyRule });
  for (const rule of baseline.flatMap((policy) => policy[direction])) add(collectBlocks(rule), { baseline: rule });
  return { blocks, rules, always: named.filter((rule) => rule.peers === undefined) };
}

/** Equal for pods to which the world beyond is the same, but for their routes. */
function policiesOf(model: Model, node: Node, direction: Direction): string {
  const { admin, pod, baseline } = findPolicies(model, node);
  const isolating = pod.filter((policy) => policy[direction] !== undefined);
  const named = isolating.some((policy) => policy[direction]?.some((rule) => rule.named.length > 0));
  return [
    admin.map((policy) => formatOutsideRules(policy, direction)).join(),
    removeDuplicates(isolating.map((policy) => formatOutsideRules(policy, direction)))
      .sort()
      .join(),
    isolating.length === 0 ? `open ${baseline.map((policy) => formatOutsideRules(policy, direction)).join()}` : "",
    named ? JSON.stringify(listPodPorts(node.pod)) : "",
    model.policies.egress.has(node.namespace) ? node.namespace : "",
    formatAddressSet(ownSubnets(node)),
  ].join(" | ");
}

const spelt = new WeakMap<AdminPolicy | PodPolicy, Map<Direction, string>>();

/** What a policy says of addresses, as its hash. */
function formatOutsideRules(policy: AdminPolicy | PodPolicy, direction: Direction): string {
  const known = spelt.get(policy) ?? new Map<Direction, string>();
  spelt.set(policy, known);
  const found = known.get(direction) ?? hashOf(policy[direction] ?? []);
  known.set(direction, found);
  return found;
}

function hashOf(rules: readonly (AdminRule | PolicyRule)[]): string {
  const said = rules.flatMap((rule) => {
    const addresses = collectBlocks(rule);
    if (rule.peers !== undefined && addresses.length === 0) return [];
    const { services } = rule;
    const blocks =
      rule.peers === undefined ? "everybody" : addresses.map(({ family, start, end }) => `${family} ${start} ${end}`);
    return [[services, "action" in rule ? rule.action : rule.named, blocks]];
  });
  return said.length === 0 ? "" : hashContent(JSON.stringify(said));
}

const routes = new WeakMap<Node["routes"], string>();

function routesOf({ routes: list }: Node): string {
  const text = routes.get(list) ?? list.map(formatRoute).join("; ");
  routes.set(list, text);
  return text;
}

/** What is no world outside to pods of a main network of their own. */
function ownSubnets(node: Node): AddressSet {
  return toAddressSet((findPrimaryInterface(node)?.network?.pools ?? []).map((pool) => pool.subnet));
}

/** Addresses for which a pod uses eth0: to send to them, or to answer them. */
function findEth0Destinations(node: Node, addresses: AddressSet, family: Family): AddressSet {
  const parts = lookUpRoutes(node, addresses, family).filter(({ route }) => route?.interface === ETH0);
  return uniteAllAddresses(parts.map((part) => part.destinations));
}
