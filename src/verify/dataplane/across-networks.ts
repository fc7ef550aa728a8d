import type { Family } from "../../net/address.ts";
import { ofFamily, setOfCidrs } from "../headerspace/address-set.ts";
import {
  anyService,
  everyService,
  intersectServices,
  portsOf,
  type ServiceSet,
  uniteServices,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { hasMainNetwork, type Node, OPEN_PORTS } from "../model/pods/node.ts";
import { allowedByPolicy } from "../model/policies/default-network.ts";
import { letOut } from "../model/policies/egress-firewall.ts";
import type { GroupIndex } from "./default-groups.ts";
import type { DefaultFlow, DefaultGroup } from "./flow.ts";
import { isResolver } from "./resolver.ts";

/** What goes between pods of different main networks: questions to the resolver, and what a pod opens by itself. */
export function acrossNetworks(model: Model, index: GroupIndex, families: readonly Family[]): readonly DefaultFlow[] {
  const { senders, receivers } = index;
  const isOwn = ({ sample }: DefaultGroup) => hasMainNetwork(sample);
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

function flow(from: DefaultGroup, to: DefaultGroup, family: Family, services: ServiceSet): DefaultFlow {
  return { from, to, family, services };
}

/** By the Service's address and its port 53, which is all that a policy of the sender sees of it. */
function toResolver(model: Model, from: Node, family: Family): ServiceSet {
  const addresses = ofFamily(setOfCidrs(model.platform.podNetwork.serviceCidrs), family);
  if (addresses.length === 0) return [];
  const allowed = allowedByPolicy(model, from, "egress", { addresses }, family);
  const out = intersectServices(allowed, letOut(model.policies.egress.get(from.namespace), addresses));
  const asked = (["udp", "tcp"] as const).filter(
    (protocol) => intersectServices(out, portsOf(protocol, 53, 53)).length > 0,
  );
  return uniteServices(
    ...asked.flatMap((protocol) => model.platform.dns.ports.map((port) => portsOf(protocol, port, port))),
  );
}

/** Which ports it opens is not read: all are feared. */
function opened(model: Model, from: Node, to: Node, family: Family): ServiceSet {
  const out = allowedByPolicy(model, from, "egress", { node: to }, family);
  return intersectServices(intersectServices(out, anyService), everyService);
}
