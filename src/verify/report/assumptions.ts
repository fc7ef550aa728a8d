import type { Watch } from "../expected/index.ts";
import type { Model } from "../model/model.ts";
import { idsOf } from "../model/pods/node.ts";

/** What a proof takes for granted in a cluster, one sentence each, sorted. */
export function assumptionsOf(model: Model, watch: Watch): readonly string[] {
  const unknown = new Map<string, string[]>();
  for (const node of model.nodes)
    for (const link of node.interfaces)
      if (link.type === "attachment" && !link.network && watch.zones.has(node.namespace))
        unknown.set(link.domain, [...(unknown.get(link.domain) ?? []), ...idsOf(node)]);
  const found = [...unknown].map(
    ([domain, pods]) => `${domain}, leads to no other zone (${pods.sort().join(", ")} are on it)`,
  );
  for (const { id, routesBack } of model.externals)
    if (routesBack) found.push(`routers behind ${id} lead back to the zones, as handoff.md asks`);
  for (const { intent, nodes } of watch.meaning.adopted)
    found.push(`${nodes.join(" and ")} let through what the rules of ${intent} say`);
  for (const one of watch.meaning.kept)
    found.push(`${one} is written as it stood, so who reaches whom on it is as it was and not verified`);
  if (model.platform.adminPolicy === "none" && watch.zones.size > 0)
    found.push("tenants add no NetworkPolicy that opens eth0 again: the platform has no admin tier");
  return found.sort();
}
