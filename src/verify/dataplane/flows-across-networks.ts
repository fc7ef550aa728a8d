import type { Family } from "../../net/address.ts";
import { filterFamily, toAddressSet } from "../headerspace/address-set.ts";
import {
  anyService,
  createPortSet,
  everyService,
  intersectServices,
  type ServiceSet,
  uniteServices,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { hasPrimaryNetwork, type Node, OPEN_PORTS } from "../model/pods/node.ts";
import { computeEgressServices } from "../model/policies/egress-firewall.ts";
import { computeAllowedServices } from "../model/policies/primary-network.ts";
import type { PodGroup, PrimaryFlow } from "./flow.ts";
import type { GroupIndex } from "./primary-groups.ts";
import { isResolver } from "./resolver.ts";

/** What goes between pods of different main networks: questions to the resolver, and what a pod opens by itself. */
export function computeCrossNetworkFlows(
  model: Model,
  index: GroupIndex,
  families: readonly Family[],
): readonly PrimaryFlow[] {
  const { senders, receivers } = index;
  const isOwn = ({ sample }: PodGroup) => hasPrimaryNetwork(sample);
  const [own, others] = [senders.groups.filter(isOwn), senders.groups.filter((group) => !isOwn(group))];
  const opening = receivers.groups.filter(
    (to) => isOwn(to) && to.nodes.some((node) => node.pod?.annotations[OPEN_PORTS] !== undefined),
  );
  if (own.length === 0 && opening.length === 0) return [];
  const resolvers = receivers.groups.filter((group) => !isOwn(group) && isResolver(model, group.sample));
  const flows = families.flatMap((family) => [
    ...own.flatMap((from) => resolvers.map((to) => flow(from, to, family, toResolver(model, from.sample, family)))),
    ...opening.flatMap((to) =>
      others.map((from) => flow(from, to, family, opened(model, from.sample, to.sample, family))),
    ),
  ]);
  return flows.filter((one) => one.services.length > 0);
}

function flow(from: PodGroup, to: PodGroup, family: Family, services: ServiceSet): PrimaryFlow {
  return { from, to, family, services };
}

/** By the Service's address and its port 53, which is all that a policy of the sender sees of it. */
function toResolver(model: Model, from: Node, family: Family): ServiceSet {
  const addresses = filterFamily(toAddressSet(model.platform.podNetwork.serviceCidrs), family);
  if (addresses.length === 0) return [];
  const allowed = computeAllowedServices(model, from, "egress", { addresses }, family);
  const out = intersectServices(allowed, computeEgressServices(model.policies.egress.get(from.namespace), addresses));
  const asked = (["udp", "tcp"] as const).filter(
    (protocol) => intersectServices(out, createPortSet(protocol, 53, 53)).length > 0,
  );
  return uniteServices(
    ...asked.flatMap((protocol) => model.platform.dns.ports.map((port) => createPortSet(protocol, port, port))),
  );
}

/** Which ports it opens is not read: all are feared. */
function opened(model: Model, from: Node, to: Node, family: Family): ServiceSet {
  const out = computeAllowedServices(model, from, "egress", { node: to }, family);
  return intersectServices(intersectServices(out, anyService), everyService);
}
