import type { Flows } from "../dataplane/flow.ts";
import type { Watch } from "../expected/index.ts";
import type { Model } from "../model/model.ts";
import { idsOf } from "../model/pods/node.ts";

/** What a proof takes for granted in a cluster, one sentence each, sorted. */
export function assumptionsOf(model: Model, flows: Flows, watch: Watch): readonly string[] {
  const unknown = new Map<string, string[]>();
  for (const node of model.nodes)
    for (const link of node.interfaces)
      if (link.type === "attachment" && !link.network && watch.zones.has(node.namespace))
        push(unknown, link.domain, idsOf(node));
  const found = [...unknown].map(
    ([domain, pods]) => `${domain}, leads to no other zone (${pods.sort().join(", ")} are on it)`,
  );
  const answering = new Set(
    flows.attached
      .filter((flow) => flow.assumed.length > 0 && flow.to.type === "node")
      .map((flow) => (flow.to.type === "node" ? flow.to.node.id : "")),
  );
  // Only where a connection comes by a gateway: then handoff.md asks for a route back.
  for (const { id, routesBack } of model.externals)
    if (routesBack && answering.has(id)) found.push(`routers behind ${id} lead back to the zones, as handoff.md asks`);
  for (const { intent, nodes } of watch.meaning.adopted)
    found.push(`${nodes.join(" and ")} let through what the rules of ${intent} say`);
  if (model.platform.adminPolicy === "none" && watch.zones.size > 0)
    found.push("tenants add no NetworkPolicy that opens eth0 again: the platform has no admin tier");
  return found.sort();
}

function push(map: Map<string, string[]>, key: string, values: readonly string[]): void {
  const list = map.get(key);
  if (list) list.push(...values);
  else map.set(key, [...values]);
}
